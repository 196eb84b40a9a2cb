// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_shadow_cases.c - every call of shadow variables, and every error
 *
 * Reading /sys/kernel/debug/xlp_test_shadow/CASE goes through one of cases[] and
 * says "ok" or "FAIL: " and why. "race" is in xlp_test_shadow_race.c.
 *
 *	leave=N		leaves N variables behind when the module is loaded
 *	left		how many of them are there
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <xlp/shadow.h>

#include "xlp_test_shadow.h"

#define ID	0x5ad0
#define ID2	0x5ad1
#define ID_LEFT	0x5ad2
#define MANY	100000
#define CROWD	5000

#define QUIET	(GFP_KERNEL | __GFP_NOWARN)

/* Only addresses count. */
static char objs[MANY];

/* ---- a constructor and a destructor that remember ---- */

struct seen {
	unsigned int calls;
	void *obj;
	void *data;
	void *ctor_data;
	bool could_be_interrupted;
	bool was_found;
	bool was_zeroed;
};

static struct seen made, undone;

struct order {
	u64 value;
	int err;
};

static bool can_be_interrupted(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && !irqs_disabled();
}

static int make(void *obj, void *shadow_data, void *ctor_data)
{
	struct order *order = ctor_data;
	u64 *value = shadow_data;

	made.calls++;
	made.obj = obj;
	made.data = shadow_data;
	made.ctor_data = ctor_data;
	made.could_be_interrupted = can_be_interrupted();
	made.was_found = xlp_shadow_get(obj, ID);
	made.was_zeroed = !*value;
	*value = order->value;
	return order->err;
}

static void undo(void *obj, void *shadow_data)
{
	undone.calls++;
	undone.obj = obj;
	undone.data = shadow_data;
	undone.could_be_interrupted = can_be_interrupted();
	undone.was_found = xlp_shadow_get(obj, ID);
}

static void forget(void)
{
	memset(&made, 0, sizeof(made));
	memset(&undone, 0, sizeof(undone));
}

/* ---- cases: NULL, or what was wrong ---- */

#define CHECK(condition)					\
do {								\
	if (!(condition))					\
		return "not so: " #condition;			\
} while (0)

static const char *try_none(void)
{
	CHECK(!xlp_shadow_get(&objs[0], ID));
	CHECK(!xlp_shadow_get(NULL, 0));
	return NULL;
}

static const char *try_alloc(void)
{
	char *one, *same_obj, *same_id;
	unsigned int i;

	one = xlp_shadow_alloc(&objs[0], ID, 100, GFP_KERNEL, NULL, NULL);
	CHECK(one);
	for (i = 0; i < 100; i++)
		CHECK(!one[i]);
	CHECK(IS_ALIGNED((unsigned long)one, __alignof__(u64)));
	CHECK(!xlp_shadow_get(&objs[0], ID2));
	CHECK(!xlp_shadow_get(&objs[1], ID));
	same_obj = xlp_shadow_alloc(&objs[0], ID2, 0, GFP_KERNEL, NULL, NULL);
	same_id = xlp_shadow_alloc(&objs[1], ID, 8, GFP_KERNEL, NULL, NULL);
	CHECK(same_obj && same_id && one != same_obj && one != same_id);
	CHECK(xlp_shadow_get(&objs[0], ID) == one);
	CHECK(xlp_shadow_get(&objs[0], ID2) == same_obj);
	CHECK(xlp_shadow_get(&objs[1], ID) == same_id);
	return NULL;
}

static const char *try_constructor(void)
{
	struct order order = { .value = 7 };
	u64 *data = xlp_shadow_alloc(&objs[0], ID, sizeof(*data), GFP_KERNEL, make, &order);

	CHECK(data && *data == 7);
	CHECK(made.calls == 1);
	CHECK(made.obj == &objs[0]);
	CHECK(made.data == data);
	CHECK(made.ctor_data == &order);
	CHECK(made.was_zeroed);
	CHECK(!made.was_found);
	CHECK(!made.could_be_interrupted);
	CHECK(xlp_shadow_get(&objs[0], ID) == data);
	return NULL;
}

static const char *try_get_or_alloc(void)
{
	struct order order = { .value = 7 }, another = { .value = 8 };
	u64 *data, *again;

	data = xlp_shadow_get_or_alloc(&objs[0], ID, sizeof(*data), GFP_KERNEL, make, &order);
	CHECK(data && *data == 7);
	CHECK(made.calls == 1);
	CHECK(!made.was_found);
	again = xlp_shadow_get_or_alloc(&objs[0], ID, sizeof(*data), GFP_KERNEL, make, &another);
	CHECK(again == data && *data == 7);
	CHECK(made.calls == 1);
	again = xlp_shadow_get_or_alloc(&objs[1], ID, 8, GFP_KERNEL, NULL, NULL);
	CHECK(again && again != data && !*again);
	return NULL;
}

static const char *try_failing_constructor(void)
{
	struct order bad = { .value = 7, .err = -EINVAL }, good = { .value = 8 };
	u64 *data;

	CHECK(!xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &bad));
	CHECK(made.calls == 1);
	CHECK(!xlp_shadow_get(&objs[0], ID));
	CHECK(!xlp_shadow_get_or_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &bad));
	CHECK(made.calls == 2);
	CHECK(!xlp_shadow_get(&objs[0], ID));
	bad.err = 1;
	CHECK(!xlp_shadow_get_or_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &bad));
	data = xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &good);
	CHECK(data && *data == 8 && made.was_zeroed);
	return NULL;
}

/* Sizes that are more than there is, or overflow when the rest is added. */
static const char *try_too_large(void)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 8, SIZE_MAX - 128, SIZE_MAX / 2 };
	struct order order = { };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		CHECK(!xlp_shadow_alloc(&objs[0], ID, sizes[i], QUIET, make, &order));
		CHECK(!xlp_shadow_get_or_alloc(&objs[0], ID, sizes[i], QUIET, make, &order));
	}
	CHECK(!made.calls);
	CHECK(!xlp_shadow_get(&objs[0], ID));
	return NULL;
}

/* The script has seen to it that all allocations of patches fail. */
static const char *try_no_memory(void)
{
	struct order order = { };

	CHECK(!xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &order));
	CHECK(!xlp_shadow_get_or_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &order));
	CHECK(!made.calls);
	CHECK(!xlp_shadow_get(&objs[0], ID));
	return NULL;
}

static const char *try_free(void)
{
	void *data = xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, NULL, NULL);
	void *rest = xlp_shadow_alloc(&objs[0], ID2, 8, GFP_KERNEL, NULL, NULL);

	xlp_shadow_free(&objs[1], ID, undo);
	CHECK(!undone.calls);
	CHECK(xlp_shadow_get(&objs[0], ID) == data);
	xlp_shadow_free(&objs[0], ID, undo);
	CHECK(undone.calls == 1);
	CHECK(undone.obj == &objs[0]);
	CHECK(undone.data == data);
	CHECK(!undone.was_found);
	CHECK(!undone.could_be_interrupted);
	CHECK(!xlp_shadow_get(&objs[0], ID));
	xlp_shadow_free(&objs[0], ID, undo);
	CHECK(undone.calls == 1);
	CHECK(xlp_shadow_get(&objs[0], ID2) == rest);
	xlp_shadow_free(&objs[0], ID2, NULL);
	CHECK(!xlp_shadow_get(&objs[0], ID2));
	CHECK(xlp_shadow_alloc(&objs[0], ID2, 8, GFP_KERNEL, NULL, NULL));
	return NULL;
}

static const char *try_free_all(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		CHECK(xlp_shadow_alloc(&objs[i], ID, 8, GFP_KERNEL, NULL, NULL));
		CHECK(xlp_shadow_alloc(&objs[i], ID2, 8, GFP_KERNEL, NULL, NULL));
	}
	xlp_shadow_free_all(ID, undo);
	CHECK(undone.calls == 100);
	CHECK(!undone.was_found);
	CHECK(!undone.could_be_interrupted);
	for (i = 0; i < 100; i++) {
		CHECK(!xlp_shadow_get(&objs[i], ID));
		CHECK(xlp_shadow_get(&objs[i], ID2));
	}
	xlp_shadow_free_all(ID, undo);
	CHECK(undone.calls == 100);
	xlp_shadow_free_all(ID2, NULL);
	CHECK(!xlp_shadow_get(&objs[0], ID2));
	return NULL;
}

/* A warning, by which the script knows that there were two. */
static const char *try_duplicate(void)
{
	struct order order = { .value = 7 };
	u64 *data = xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &order);

	order.value = 8;
	CHECK(data);
	CHECK(!xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, make, &order));
	CHECK(!xlp_shadow_alloc(&objs[0], ID, 8, GFP_KERNEL, NULL, NULL));
	CHECK(made.calls == 1);
	CHECK(xlp_shadow_get(&objs[0], ID) == data && *data == 7);
	return NULL;
}

static const char *try_without_object(void)
{
	void *data = xlp_shadow_alloc(NULL, ID, 8, GFP_KERNEL, NULL, NULL);

	CHECK(data);
	CHECK(xlp_shadow_get(NULL, ID) == data);
	CHECK(!xlp_shadow_get(NULL, ID2));
	xlp_shadow_free(NULL, ID, undo);
	CHECK(undone.calls == 1 && !undone.obj);
	CHECK(!xlp_shadow_get(NULL, ID));
	return NULL;
}

static const char *live_once(void)
{
	struct order order = { .value = 7 };
	u64 *data;

	data = xlp_shadow_get_or_alloc(&objs[0], ID, 8, GFP_ATOMIC, make, &order);
	CHECK(data && *data == 7);
	CHECK(xlp_shadow_get_or_alloc(&objs[0], ID, 8, GFP_ATOMIC, make, &order) == data);
	CHECK(xlp_shadow_alloc(&objs[0], ID2, 8, GFP_ATOMIC, NULL, NULL));
	xlp_shadow_free(&objs[0], ID, undo);
	xlp_shadow_free_all(ID2, undo);
	CHECK(made.calls == 1 && undone.calls == 2);
	return NULL;
}

static const char *try_under_lock(void)
{
	static DEFINE_SPINLOCK(some_lock);
	const char *why;

	spin_lock_irq(&some_lock);
	why = live_once();
	if (!why && !IS_ENABLED(CONFIG_PREEMPT_RT) && !irqs_disabled())
		why = "interrupts are enabled afterwards";
	spin_unlock_irq(&some_lock);
	return why;
}

static DECLARE_COMPLETION(interrupted);
static const char *why_in_interrupt;

static void live_in_interrupt(struct irq_work *work)
{
	why_in_interrupt = in_hardirq() ? live_once() : "not in an interrupt";
	complete(&interrupted);
}

static const char *try_interrupt(void)
{
	struct irq_work work = IRQ_WORK_INIT(live_in_interrupt);

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return NULL;
	reinit_completion(&interrupted);
	irq_work_queue(&work);
	wait_for_completion(&interrupted);
	irq_work_sync(&work);
	return why_in_interrupt;
}

/* Each knows its number, so that none is taken for another. */
static int make_numbered(void *obj, void *shadow_data, void *ctor_data)
{
	*(u32 *)shadow_data = (char *)obj - objs;
	return 0;
}

static bool is_found(unsigned int i, unsigned long id)
{
	u32 *data = xlp_shadow_get(&objs[i], id);

	return data && *data == i;
}

/* More than the first table has chains. The script lets all tables after it fail. */
static const char *try_crowded(void)
{
	unsigned int i;

	for (i = 0; i < CROWD; i++)
		CHECK(xlp_shadow_alloc(&objs[i], ID, 4, GFP_ATOMIC, make_numbered, NULL));
	schedule_timeout_uninterruptible(HZ / 10);
	for (i = 0; i < CROWD; i++)
		CHECK(is_found(i, ID));
	return NULL;
}

static const char *add_many(void)
{
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		CHECK(xlp_shadow_alloc(&objs[i], ID, 4, GFP_KERNEL, make_numbered, NULL));
		CHECK(is_found(i / 2, ID));
		cond_resched();
	}
	return NULL;
}

static const char *try_many(void)
{
	const char *why = add_many();
	unsigned int i;

	for (i = 0; i < MANY && !why; i++)
		if (!is_found(i, ID))
			why = "one of many is not found";
	if (why)
		return why;
	xlp_shadow_free_all(ID2, undo);
	CHECK(!undone.calls);
	xlp_shadow_free_all(ID, undo);
	CHECK(undone.calls == MANY);
	for (i = 0; i < MANY; i++)
		CHECK(!xlp_shadow_get(&objs[i], ID));
	return NULL;
}

struct test_case {
	const char *name;
	const char *(*run)(void);
};

static const struct test_case cases[] = {
	{ "none", try_none },
	{ "alloc", try_alloc },
	{ "constructor", try_constructor },
	{ "get_or_alloc", try_get_or_alloc },
	{ "failing_constructor", try_failing_constructor },
	{ "too_large", try_too_large },
	{ "no_memory", try_no_memory },
	{ "free", try_free },
	{ "free_all", try_free_all },
	{ "duplicate", try_duplicate },
	{ "without_object", try_without_object },
	{ "under_lock", try_under_lock },
	{ "interrupt", try_interrupt },
	{ "crowded", try_crowded },
	{ "many", try_many },
};

static int case_show(struct seq_file *m, void *unused)
{
	const struct test_case *test = m->private;
	const char *why;

	forget();
	why = test->run();
	xlp_shadow_free_all(ID, NULL);
	xlp_shadow_free_all(ID2, NULL);
	if (why)
		seq_printf(m, "FAIL: %s\n", why);
	else
		seq_puts(m, "ok\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(case);

/* ---- variables that outlive the module ---- */

static uint leave;
module_param(leave, uint, 0400);

/* The module's own addresses are another's next time. */
static void *left_obj(unsigned long i)
{
	return (void *)(i + 1);
}

static int count_left(char *buffer, const struct kernel_param *unused)
{
	unsigned int i, n = 0;

	for (i = 0; i < MANY; i++)
		n += !!xlp_shadow_get(left_obj(i), ID_LEFT);
	return sprintf(buffer, "%u\n", n);
}

static const struct kernel_param_ops left_ops = { .get = count_left };
module_param_cb(left, &left_ops, NULL, 0400);

static int leave_some(void)
{
	unsigned int i;

	for (i = 0; i < leave; i++)
		if (!xlp_shadow_get_or_alloc(left_obj(i), ID_LEFT, 8, GFP_KERNEL, NULL, NULL))
			return -ENOMEM;
	return 0;
}

static struct dentry *root;

static int __init shadow_init(void)
{
	unsigned int i;
	int err = leave_some();

	if (err)
		return err;
	root = debugfs_create_dir("xlp_test_shadow", NULL);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		debugfs_create_file(cases[i].name, 0400, root, (void *)&cases[i], &case_fops);
	debugfs_create_file("race", 0600, root, NULL, &xs_race_fops);
	return 0;
}

static void __exit shadow_exit(void)
{
	debugfs_remove(root);
	xs_race_stop();
}

module_init(shadow_init);
module_exit(shadow_exit);
MODULE_DESCRIPTION("Every call of shadow variables");
MODULE_LICENSE("GPL");
