/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bound.h - a patch with names that xlp.ko binds while it is loaded
 *
 * The includer declares them, and defines answer(), which uses them and which
 * the parameter answer tells. The patch replaces xt_leaf() of xlp_test_target.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

static long answer(void);

static int get_answer(char *buffer, const struct kernel_param *unused)
{
	return sprintf(buffer, "%ld\n", answer());
}

static const struct kernel_param_ops answer_ops = { .get = get_answer };
module_param_cb(answer, &answer_ops, NULL, 0444);

static noinline u64 bound_leaf(u64 x)
{
	return x ^ XT_NEW;
}

static struct xlp_func funcs[] = {
	{ .old_name = "xt_leaf", .new_func = bound_leaf },
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

static int __init bound_init(void)
{
	return xlp_enable_patch(&patch);
}

static void __exit bound_exit(void)
{
}

module_init(bound_init);
module_exit(bound_exit);
MODULE_DESCRIPTION("A patch with names that are bound while it is loaded");
MODULE_LICENSE("GPL");
