/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stack.h - a patch of one function, in as many modules as the stack is high
 *
 * The includer defines WORLD, what its replacement of xt_leaf() answers, or of function=NAME.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

static noinline u64 stacked_leaf(u64 x)
{
	return x ^ WORLD;
}

static char *function = "xt_leaf";
module_param(function, charp, 0444);

static struct xlp_func funcs[] = {
	{ .new_func = stacked_leaf },
	{ }
};

static struct xlp_object objs[] = {
	{ .name = "xlp_test_target", .funcs = funcs },
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.stays = true,
};

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

static int __init stack_init(void)
{
	funcs[0].old_name = function;
	patch.model = model;
	patch.replace = replace;
	return xlp_enable_patch(&patch);
}

static void __exit stack_exit(void)
{
}

module_init(stack_init);
module_exit(stack_exit);
MODULE_DESCRIPTION("One of several patches of the same function");
MODULE_LICENSE("GPL");
