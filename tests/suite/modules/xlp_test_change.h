/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_change.h - a patch of what xlp_test_tasks and xlp_test_late have
 *
 * The includer defines XK_WORLD, what its functions answer.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "xlp_test_let_go.h"
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
	take_reference_back();
}

module_init(change_init);
module_exit(change_exit);
MODULE_DESCRIPTION("A patch of functions that tasks stay inside of");
MODULE_LICENSE("GPL");
