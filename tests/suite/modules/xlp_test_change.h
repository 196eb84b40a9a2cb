/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_change.h - a patch of what xlp_test_tasks and xlp_test_late have
 *
 * The includer defines XK_WORLD, what its functions answer.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "xlp_test_replaced.h"

static struct xlp_object objs[] = {
	{ .name = "xlp_test_tasks", .funcs = tasks_funcs },
	{ .name = "xlp_test_late", .funcs = late_funcs },
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

/*
 * A patch whose transition was forced keeps its module for ever. A test that
 * knows better writes let_go=1, which drops that reference behind xlp's back;
 * when the module goes xlp drops it itself.
 */
static bool let_go;

static int drop_reference(const char *value, const struct kernel_param *unused)
{
	if (let_go)
		return -EINVAL;
	let_go = true;
	module_put(THIS_MODULE);
	return 0;
}

static const struct kernel_param_ops let_go_ops = { .set = drop_reference };
module_param_cb(let_go, &let_go_ops, NULL, 0200);

static bool stays = true;
module_param(stays, bool, 0444);

static int __init change_init(void)
{
	patch.stays = stays;
	patch.model = model;
	patch.replace = replace;
	return xlp_enable_patch(&patch);
}

static void __exit change_exit(void)
{
	if (let_go)
		atomic_inc(&THIS_MODULE->refcnt);
}

module_init(change_init);
module_exit(change_exit);
MODULE_DESCRIPTION("A patch of functions that tasks stay inside of");
MODULE_LICENSE("GPL");
