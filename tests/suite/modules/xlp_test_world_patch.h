/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_world_patch.h - a patch of all members, in version XW_VERSION
 *
 *	model=WORD	immediate, stop or per-task; the default model if not given
 *	replace=1	disables the patches that are there
 *	half=1		leaves out every second function: for the test of the checker
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <xlp/xlp.h>

#include "xlp_test_world.h"

#define XW_MEMBER	static noinline
#define XW(name)	new_##name
#include "xlp_test_world_members.h"

static int call_chain(struct notifier_block *nb, unsigned long val, void *v)
{
	struct notifier_block *next;
	int ret = NOTIFY_DONE;

	for (; nb && !(ret & NOTIFY_STOP_MASK); nb = next) {
		next = rcu_dereference_raw(nb->next);
		ret = nb->notifier_call(nb, val, v);
	}
	return ret;
}

/* Others than the checker call it, too. */
static noinline int new_atomic_notifier_call_chain(struct atomic_notifier_head *nh,
						   unsigned long val, void *v)
{
	struct xw_caller *caller = nh == &xw_notifiers ? v : NULL;
	int ret;

	if (caller) {
		caller->notifier_known = true;
		xw_enter(caller, XW_NOTIFY, XW_VERSION);
	}
	rcu_read_lock();
	ret = call_chain(rcu_dereference_raw(nh->head), val, v);
	rcu_read_unlock();
	if (caller)
		xw_leave(caller);
	return ret;
}

static char *model = "";
module_param(model, charp, 0444);
static bool replace;
module_param(replace, bool, 0444);
static bool half;
module_param(half, bool, 0444);

#define XW_FUNC(id, name)						\
	{								\
		.old_name = "xw_" #name,				\
		.new_func = new_##name,					\
		.stack_args = XLP_STACK_ARGS_NONE,			\
	},

static struct xlp_func target_funcs[] = {
	XW_MEMBERS(XW_FUNC)
	{
		.old_name = "xw_notified",
		.new_func = new_notified,
		.stack_args = XLP_STACK_ARGS_NONE,
	},
	{ }
};

static struct xlp_func vmlinux_funcs[] = {
	{
		.old_name = "atomic_notifier_call_chain",
		.new_func = new_atomic_notifier_call_chain,
		.stack_args = XLP_STACK_ARGS_NONE,
	},
	{ }
};

static struct xlp_object objs[] = {
	{ .name = "xlp_test_world_target", .funcs = target_funcs },
	{ .funcs = vmlinux_funcs },
	{ }
};

static struct xlp_patch patch = { .mod = THIS_MODULE, .objs = objs, .stays = true };

static int choose_model(void)
{
	if (!strcmp(model, "immediate"))
		patch.model = XLP_IMMEDIATE;
	else if (!strcmp(model, "stop"))
		patch.model = XLP_STOP;
	else if (!strcmp(model, "per-task"))
		patch.model = XLP_PER_TASK;
	else if (*model)
		return -ENXIO;
	return 0;
}

static void leave_out_every_second(void)
{
	unsigned int i, kept = 0;

	for (i = 0; i < ARRAY_SIZE(target_funcs) - 1; i += 2)
		target_funcs[kept++] = target_funcs[i];
	target_funcs[kept] = (struct xlp_func){ };
}

static int __init world_patch_init(void)
{
	int err = choose_model();

	if (err)
		return err;
	patch.replace = replace;
	if (half)
		leave_out_every_second();
	return xlp_enable_patch(&patch);
}

static void __exit world_patch_exit(void)
{
}

module_init(world_patch_init);
module_exit(world_patch_exit);
MODULE_DESCRIPTION("A patch whose functions must change together");
MODULE_LICENSE("GPL");
