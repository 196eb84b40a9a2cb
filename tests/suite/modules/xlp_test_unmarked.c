// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_unmarked.c - a patch by the kernel's own names, whose author has forgotten
 * MODULE_INFO(livepatch, "Y")
 */
#include <linux/init.h>
#include <linux/module.h>

/* In place of the kernel's, which comes first on the suite's path. */
#include "../../../include/linux/livepatch.h"

static struct klp_func no_funcs[] = { { } };

static struct klp_object objs[] = {
	{ .funcs = no_funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init unmarked_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit unmarked_exit(void)
{
}

module_init(unmarked_init);
module_exit(unmarked_exit);
MODULE_DESCRIPTION("A patch that is not marked as one");
MODULE_LICENSE("GPL");
