// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_bench_shadow.c - what shadow variables cost, beside the kernel's own
 *
 *	n=N		with so many variables
 *	in_kernel=1	those of in-kernel livepatch
 *
 * Everything happens when the module is loaded. Parameters that are read then, in
 * nanoseconds: alloc_ns, hit_ns, miss_ns: of one call; free_all_ns: of freeing them
 * all; late_ns: how long interrupts were off meanwhile, at most, as a timer has it.
 */
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/livepatch.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <xlp/shadow.h>

#define ID	0xbe4c
#define LOOKUPS	20000
/* From one object to the next, as in a slab. */
#define STRIDE	192
#define TICK_NS	(20 * NSEC_PER_USEC)

static uint n = 10;
module_param(n, uint, 0400);
static bool in_kernel;
module_param(in_kernel, bool, 0400);

static ulong alloc_ns, hit_ns, miss_ns, free_all_ns, late_ns;
module_param(alloc_ns, ulong, 0400);
module_param(hit_ns, ulong, 0400);
module_param(miss_ns, ulong, 0400);
module_param(free_all_ns, ulong, 0400);
module_param(late_ns, ulong, 0400);

struct api {
	void *(*get)(void *obj, unsigned long id);
	void *(*alloc)(void *obj, unsigned long id, size_t size, gfp_t gfp_flags,
		       xlp_shadow_ctor_t ctor, void *ctor_data);
	void (*free_all)(unsigned long id, xlp_shadow_dtor_t dtor);
};

static const struct api xlp_api = {
	.get = xlp_shadow_get,
	.alloc = xlp_shadow_alloc,
	.free_all = xlp_shadow_free_all,
};

static const struct api klp_api = {
#ifdef CONFIG_LIVEPATCH
	.get = klp_shadow_get,
	.alloc = klp_shadow_alloc,
	.free_all = klp_shadow_free_all,
#endif
};

static struct hrtimer timer;

static enum hrtimer_restart tick(struct hrtimer *unused)
{
	s64 late = ktime_to_ns(ktime_sub(ktime_get(), hrtimer_get_expires(&timer)));

	late_ns = max_t(s64, late, late_ns);
	hrtimer_forward_now(&timer, ns_to_ktime(TICK_NS));
	return HRTIMER_RESTART;
}

static void start_timer(void)
{
#ifdef XT_HAVE_HRTIMER_SETUP
	hrtimer_setup(&timer, tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer.function = tick;
#endif
	hrtimer_start(&timer, ns_to_ktime(TICK_NS), HRTIMER_MODE_REL_PINNED_HARD);
}

static void *obj(unsigned int i)
{
	return (void *)(PAGE_OFFSET + (unsigned long)i * STRIDE);
}

static int alloc_all(const struct api *api)
{
	u64 started = ktime_get_ns();
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!api->alloc(obj(i), ID, 16, GFP_KERNEL, NULL, NULL))
			return -ENOMEM;
	alloc_ns = div_u64(ktime_get_ns() - started, n);
	return 0;
}

/* Return: nanoseconds a lookup, of objects from first to first + n, in any order. */
static ulong look_up(const struct api *api, unsigned int first)
{
	u64 started = ktime_get_ns();
	unsigned int i, at = 0;

	for (i = 0; i < LOOKUPS; i++) {
		api->get(obj(first + at), ID);
		at = (at + 61) % n;
	}
	return div_u64(ktime_get_ns() - started, LOOKUPS);
}

static void free_all(const struct api *api)
{
	u64 started;

	start_timer();
	started = ktime_get_ns();
	api->free_all(ID, NULL);
	free_all_ns = ktime_get_ns() - started;
	hrtimer_cancel(&timer);
}

static int __init bench_init(void)
{
	const struct api *api = in_kernel ? &klp_api : &xlp_api;
	int err;

	if (!api->get || !n)
		return -EOPNOTSUPP;
	err = alloc_all(api);
	/* The table has grown, and what grows it is at rest. */
	schedule_timeout_uninterruptible(HZ / 2);
	hit_ns = look_up(api, 0);
	miss_ns = look_up(api, n);
	free_all(api);
	return err;
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("What shadow variables cost");
MODULE_LICENSE("GPL");
