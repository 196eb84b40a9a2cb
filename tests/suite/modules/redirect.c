// SPDX-License-Identifier: GPL-2.0
/*
 * redirect.c - the patch of the conformance suite
 *
 * Replaces every victim of xlp_test_target, and two functions of vmlinux.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

#define XT_VICTIM	static noinline
#define XT(name)	new_##name
#define XT_PEER(name)	xt_##name
#define XT_SIBLING(x)	xt_sibling(x)
#define XT_WORLD	XT_NEW
#include "victims.h"
#include "xlp_test_replaced_vmlinux.h"

#define XT_FUNC(name, bytes)						\
	{ .old_name = "xt_" #name, .new_func = new_##name, .stack_args = bytes },

static struct xlp_func target_funcs[] = {
	XT_VICTIMS(XT_FUNC)
	XT_VICTIMS_INT128(XT_FUNC)
	{ }
};

static struct xlp_func vmlinux_funcs[] = {
	{ .old_name = "si_meminfo", .new_func = new_si_meminfo },
	{ .old_name = "cmdline_proc_show", .new_func = new_cmdline_proc_show },
	{ }
};

static struct xlp_object objs[] = {
	{ .funcs = vmlinux_funcs },
	{ .name = "xlp_test_target", .funcs = target_funcs },
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.stays = true,
};

static int __init redirect_init(void)
{
	return xlp_enable_patch(&patch);
}

static void __exit redirect_exit(void)
{
}

module_init(redirect_init);
module_exit(redirect_exit);
MODULE_DESCRIPTION("Replaces what xlp's conformance suite calls");
MODULE_LICENSE("GPL");
