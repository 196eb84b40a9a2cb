// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_patcha.c - a patch that several administrators load, switch and unload
 *
 * admins.c loads it under several names at once:
 *
 *	number=N	what its functions answer
 *	set=N, state=N	the set that it belongs to; its version of state 1, 0: none
 *	model=N, replace=1, stays=1	as of struct xlp_patch
 *	objects=MASK	bit 0: vmlinux, bits 1 to 3: targets
 *	imports=1	of vmlinux, and of the targets that it has
 *	callbacks=1	that sleep for a moment
 *	refuses=1	and pre_patch fails
 *	fails=1		its init does, when the patch has been enabled
 *	held=1		not before held=0 is written
 *	fail_nth=N	the Nth allocation that whoever loads it makes from its init on fails
 *
 * A patch whose transition was forced keeps its module for ever. Writing let_go=1 drops
 * that reference behind xlp's back; when the module goes xlp drops it itself.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/seq_file.h>
#include <linux/static_call.h>

#include <xlp/xlp.h>

#include "xlp_test_let_go.h"
#include "xlp_test_targeta.h"

static uint number;
module_param(number, uint, 0444);
static bool stays;
module_param(stays, bool, 0444);
static uint state;
module_param(state, uint, 0444);
static uint objects = 15;
module_param(objects, uint, 0444);
static bool imports;
module_param(imports, bool, 0444);
static bool callbacks;
module_param(callbacks, bool, 0444);
static bool refuses;
module_param(refuses, bool, 0444);
static bool fails;
module_param(fails, bool, 0444);
static bool held;
module_param(held, bool, 0644);
static uint fail_nth;
module_param(fail_nth, uint, 0444);

typedef int processes_fn(void);
DEFINE_STATIC_CALL_NULL(processes_call, processes_fn);

static int new_cmdline(struct seq_file *m, void *unused)
{
	if (imports && static_call(processes_call)() <= 0)
		return -EINVAL;
	seq_printf(m, "patch %u\n", number);
	return 0;
}

/* What replaces the functions of one target, with its import. */
#define VERSION(target)							\
static int *number_of_##target;						\
									\
static noinline u64 leaf_of_##target(u64 x)				\
{									\
	int *imported = READ_ONCE(number_of_##target);			\
									\
	if (imported && *imported != XA_NUMBER)			\
		return XA_NUMBER;					\
	return xa_compute(x) + number;					\
}									\
									\
static noinline u64 work_of_##target(s64 ms)				\
{									\
	xa_sleep(ms);							\
	return number;							\
}									\
									\
static struct xlp_func funcs_of_##target[] = {				\
	{ .old_name = "xa_leaf", .new_func = leaf_of_##target },	\
	{ .old_name = "xa_work", .new_func = work_of_##target },	\
	{ }								\
}

VERSION(a);
VERSION(b);
VERSION(c);

static struct xlp_func funcs_of_vmlinux[] = {
	{ .old_name = "cmdline_proc_show", .new_func = new_cmdline },
	{ }
};

static const struct xlp_object all_objs[] = {
	{ .funcs = funcs_of_vmlinux },
	{ .name = "xlp_test_targeta", .funcs = funcs_of_a },
	{ .name = "xlp_test_targetb", .funcs = funcs_of_b },
	{ .name = "xlp_test_targetc", .funcs = funcs_of_c },
};

static const struct xlp_import all_imports[] = {
	XLP_IMPORT_FUNC(processes_call, "nr_processes", NULL, 0),
	XLP_IMPORT_DATA(number_of_a, "xa_number", "xlp_test_targeta", 0),
	XLP_IMPORT_DATA(number_of_b, "xa_number", "xlp_test_targetb", 0),
	XLP_IMPORT_DATA(number_of_c, "xa_number", "xlp_test_targetc", 0),
};

static int may_refuse(struct xlp_object *obj)
{
	msleep(1);
	return refuses ? -ENOSPC : 0;
}

static void take_a_moment(struct xlp_object *obj)
{
	msleep(1);
}

static const struct xlp_callbacks slow_callbacks = {
	.pre_patch = may_refuse,
	.post_patch = take_a_moment,
	.pre_unpatch = take_a_moment,
	.post_unpatch = take_a_moment,
};

static struct xlp_object objs[ARRAY_SIZE(all_objs) + 1];
static struct xlp_import used_imports[ARRAY_SIZE(all_imports) + 1];

static struct xlp_state states[] = { { .id = 1 }, { } };

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);
XT_SET_PARAMETER;

static void choose_objects(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(all_objs); i++) {
		if (!(objects & BIT(i)))
			continue;
		objs[n] = all_objs[i];
		if (callbacks)
			objs[n].callbacks = slow_callbacks;
		if (imports)
			used_imports[n] = all_imports[i];
		n++;
	}
}

static int __init patch_init(void)
{
	int err;

	choose_objects();
	if (imports)
		patch.imports = used_imports;
	patch.stays = stays;
	patch.model = model;
	patch.replace = replace;
	patch.replace_set = set;
	states[0].version = state;
	patch.states = state ? states : NULL;
#ifdef CONFIG_FAULT_INJECTION
	current->fail_nth = fail_nth;
#endif
	err = xlp_enable_patch(&patch);
	if (err || !fails)
		return err;
	while (READ_ONCE(held))
		msleep(20);
	return -EIO;
}

static void __exit patch_exit(void)
{
	take_reference_back();
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_DESCRIPTION("A patch that several administrators switch at once");
MODULE_LICENSE("GPL");
