// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_left.c - a patch with a symbol that test-refuse.sh makes one which is left
 * to in-kernel livepatch to find: no tool at hand writes those
 */
#include <linux/init.h>
#include <linux/module.h>

#include <xlp/xlp.h>

/* A value that is found in the file, whatever its byte order. */
asm(".globl xlp_left_to_others\n\t"
	".set xlp_left_to_others, 0x5a5a5a5a5a5a5a5a\n");

static struct xlp_func no_funcs[] = { { } };

static struct xlp_object objs[] = {
	{ .funcs = no_funcs },
	{ }
};

static struct xlp_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init left_init(void)
{
	return xlp_enable_patch(&patch);
}

static void __exit left_exit(void)
{
}

module_init(left_init);
module_exit(left_exit);
MODULE_DESCRIPTION("A patch that others have to complete");
MODULE_LICENSE("GPL");
