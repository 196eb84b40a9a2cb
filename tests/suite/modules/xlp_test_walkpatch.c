// SPDX-License-Identifier: GPL-2.0
/* xlp_test_walkpatch.c - a replacement that is a link in a chain of calls */
#include <linux/init.h>
#include <linux/module.h>

#include <xlp/xlp.h>

#include "xlp_test_walk.h"

static noinline u64 new_nap(u64 chain)
{
	xw_in_replacement(chain);
	/* the sleeper comes back to this module */
	return chain ^ XT_NEW;
}

static struct xlp_func funcs[] = {
	{ .old_name = "xt_nap", .new_func = new_nap },
	{ }
};

static struct xlp_object objs[] = {
	{ .name = "xlp_test_target", .funcs = funcs },
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.model = XLP_IMMEDIATE,
	.stays = true,
};

static int __init walkpatch_init(void)
{
	return xlp_enable_patch(&patch);
}

static void __exit walkpatch_exit(void)
{
}

module_init(walkpatch_init);
module_exit(walkpatch_exit);
MODULE_DESCRIPTION("A replacement in the middle of a chain of calls");
MODULE_LICENSE("GPL");
