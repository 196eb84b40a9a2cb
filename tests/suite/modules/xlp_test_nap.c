// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_nap.c - a replacement that sleeps until the test wakes it
 *
 *	function=NAME	of xlp_test_target, xt_nap by default
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

static char *function = "xt_nap";
module_param(function, charp, 0444);

static noinline u64 new_nap(u64 x)
{
	xt_wait();
	/* the sleeper comes back to this module */
	return x ^ XT_NEW;
}

static struct xlp_func funcs[] = {
	{ .new_func = new_nap },
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

XT_MODEL_PARAMETERS(XLP_IMMEDIATE);

static int __init nap_init(void)
{
	funcs[0].old_name = function;
	patch.model = model;
	patch.replace = replace;
	return xlp_enable_patch(&patch);
}

static void __exit nap_exit(void)
{
}

module_init(nap_init);
module_exit(nap_exit);
MODULE_DESCRIPTION("A replacement that falls asleep");
MODULE_LICENSE("GPL");
