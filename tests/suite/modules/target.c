// SPDX-License-Identifier: GPL-2.0
/*
 * target.c - a module whose functions get patched
 *
 * /sys/module/xlp_test_target/parameters/ answers who runs when the module
 * calls one of its functions: leaf, first_twin, second_twin.
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include "arch.h"
#include "calls.h"

static DECLARE_WAIT_QUEUE_HEAD(waiting);
static bool awake = true;

/* Never replaced, called by the victim siblings. */
xt_noipa u64 xt_sibling(u64 x)
{
	return xt_mix(x, XT_OLD);
}
EXPORT_SYMBOL_GPL(xt_sibling);

/* Sleeps until xt_wake(), on behalf of a replacement. */
xt_noipa void xt_wait(void)
{
	WRITE_ONCE(awake, false);
	wait_event(waiting, READ_ONCE(awake));
	/* keep this a call that returns here, so that it has a frame */
	barrier();
}
EXPORT_SYMBOL_GPL(xt_wait);

void xt_wake(void)
{
	WRITE_ONCE(awake, true);
	wake_up_all(&waiting);
}
EXPORT_SYMBOL_GPL(xt_wake);

/* ftrace has no entry for it. */
xt_noipa notrace u64 xt_untraced(u64 x)
{
	return xt_answer(x ^ XT_OLD);
}
EXPORT_SYMBOL_GPL(xt_untraced);

/*
 * Gone when the module has been loaded. Not xt_noipa: clang would give the first function of a
 * section, used and never called through a pointer, an ENDBR and no type before it, and Linux
 * 6.12 seals both, and faults where there is no page for the type.
 */
static noinline int __init xt_gone(void)
{
	return xt_answer(0);
}

/* As clang names a static function if the kernel is optimised as a whole. */
u64 xt_promoted(u64 x) __asm__("xt_promoted.llvm.4711");

xt_noipa u64 xt_promoted(u64 x)
{
	return xt_answer(x ^ XT_OLD);
}

/* Two functions of one name; the other is in victims.c. */
static xt_noipa u64 xt_twin(u64 x)
{
	return xt_answer(x ^ XT_OLD);
}

/* Calls of this module's own callers, for the driver. */
void xt_target_run(unsigned int index, struct xt_result *r)
{
	xt_calls[index].run(r);
}
EXPORT_SYMBOL_GPL(xt_target_run);

#ifdef XT_REGS
static void check_registers(struct xt_result *r)
{
	const u64 arg = 0x0123456789abcdefULL;
	bool off = irqs_disabled(), off_after;
	int count = preempt_count();
	unsigned long spoilt;
	u64 ret = 0;

	spoilt = xt_regs_probe(arg, &ret);
	xt_judge(r, "call from assembly", ret, was_leaf(arg), now_leaf(arg));
	if (spoilt)
		xt_fail(r, "mask of spoilt registers", spoilt, 0, 0);
	off_after = irqs_disabled();
	if (off_after != off)
		xt_fail(r, "irqs_disabled", off_after, off, off);
	if (preempt_count() != count)
		xt_fail(r, "preempt_count", preempt_count(), count, count);
}

void xt_target_regs(struct xt_result *r)
{
	unsigned long flags;

	check_registers(r);
	local_irq_save(flags);
	check_registers(r);
	local_irq_restore(flags);
}
#else
void xt_target_regs(struct xt_result *r)
{
	r->skip = XT_NO_REGS;
}
#endif
EXPORT_SYMBOL_GPL(xt_target_regs);

static u64 answer_leaf(void)
{
	return xt_leaf(0);
}

static u64 answer_first_twin(void)
{
	return xt_twin(0);
}

static u64 answer_second_twin(void)
{
	return xt_second_twin(0);
}

/* A victim called with 0 answers with the number of its world. */
static int show_world(char *buffer, const struct kernel_param *kp)
{
	static const char * const name[] = {
		[XT_OLD] = "old", [XT_NEW] = "new", [XT_A] = "a", [XT_B] = "b",
	};
	u64 (*answer)(void) = kp->arg;
	u64 world = answer();

	if (world < ARRAY_SIZE(name) && name[world])
		return sprintf(buffer, "%s\n", name[world]);
	return sprintf(buffer, "%llx\n", (unsigned long long)world);
}

static const struct kernel_param_ops world_ops = { .get = show_world };

module_param_cb(leaf, &world_ops, answer_leaf, 0444);
module_param_cb(first_twin, &world_ops, answer_first_twin, 0444);
module_param_cb(second_twin, &world_ops, answer_second_twin, 0444);

/*
 * Neither does anything, but when the module comes one is set and the other called: it is
 * chance whether anybody else calls mod_timer() or smp_call_function() meanwhile.
 */
static void target_timer_fn(struct timer_list *unused)
{
}

static void target_cpu_fn(void *unused)
{
}

static DEFINE_TIMER(target_timer, target_timer_fn);

static int __init target_init(void)
{
	xt_prepare_arguments();
	mod_timer(&target_timer, jiffies);
	smp_call_function(target_cpu_fn, NULL, 1);
	return xt_gone();
}

static void __exit target_exit(void)
{
	timer_delete_sync(&target_timer);
}

module_init(target_init);
module_exit(target_exit);
MODULE_DESCRIPTION("Functions for xlp's test suite to replace");
MODULE_LICENSE("GPL");
