// SPDX-License-Identifier: GPL-2.0
/*
 * stand-in.c - a patch in place of one of the selftests' that cannot be built here
 *
 * Some scripts want that one as any patch without callbacks. This replaces a function that they
 * neither look at nor patch.
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int stand_in_version(struct seq_file *file, void *unused)
{
	seq_puts(file, "stand-in\n");
	return 0;
}

static struct klp_func funcs[] = {
	{ .old_name = "version_proc_show", .new_func = stand_in_version },
	{ }
};

static struct klp_object objs[] = {
	{ .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init stand_in_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit stand_in_exit(void)
{
}

module_init(stand_in_init);
module_exit(stand_in_exit);
MODULE_DESCRIPTION("A patch in place of one that cannot be built here");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
