// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_klp.c - a patch of the kernel's own live patching
 *
 * Replaces xt_leaf() of xlp_test_target. A kernel without live patching would
 * refuse a module that says it is a patch; there it says nothing and returns
 * -EOPNOTSUPP.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/livepatch.h>
#include <linux/module.h>

#include "xlp_test.h"

#ifdef CONFIG_LIVEPATCH
static noinline u64 klp_leaf(u64 x)
{
	return x ^ XT_B;
}

static struct klp_func funcs[] = {
	{ .old_name = "xt_leaf", .new_func = klp_leaf },
	{ }
};

static struct klp_object objs[] = {
	{ .name = "xlp_test_target", .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init klp_init(void)
{
	return klp_enable_patch(&patch);
}

MODULE_INFO(livepatch, "Y");
#else
static int __init klp_init(void)
{
	return -EOPNOTSUPP;
}
#endif

static void __exit klp_exit(void)
{
}

module_init(klp_init);
module_exit(klp_exit);
MODULE_DESCRIPTION("The kernel's own live patching as a competitor");
MODULE_LICENSE("GPL");
