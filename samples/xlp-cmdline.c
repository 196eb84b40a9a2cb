// SPDX-License-Identifier: GPL-2.0
/*
 * xlp-cmdline.c - replace a function of the kernel
 *
 * Purpose: the smallest live patch. While it is enabled, /proc/cmdline says so.
 *
 * Usage:
 *
 *	# insmod xlp.ko
 *	# insmod xlp-cmdline.ko
 *	# cat /proc/cmdline
 *	this has been live patched by xlp
 *	# echo 0 > /sys/kernel/xlp/xlp_cmdline/enabled
 *	# cat /proc/cmdline
 *	<the kernel's command line>
 *	# rmmod xlp_cmdline		(when its directory there has gone)
 *
 * Expected log, beside lines about transitions ("livepatch: " with compat=1):
 *
 *	xlp: enabling patch 'xlp_cmdline'
 *	xlp: 'xlp_cmdline': patching complete
 *	xlp: 'xlp_cmdline': unpatching complete
 */
#include <linux/seq_file.h>
#include <xlp/xlp.h>

static int patched_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "this has been live patched by xlp\n");
	return 0;
}

static struct xlp_func funcs[] = {
	{
		.old_name = "cmdline_proc_show",
		.new_func = patched_cmdline_proc_show,
		.stack_args = XLP_STACK_ARGS_NONE,
	}, { }
};

static struct xlp_object objs[] = {
	{ .funcs = funcs },	/* no name: vmlinux */
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init xlp_cmdline_init(void)
{
	return xlp_enable_patch(&patch);
}

/* Without an exit function a module cannot be unloaded. */
static void __exit xlp_cmdline_exit(void)
{
}

module_init(xlp_cmdline_init);
module_exit(xlp_cmdline_exit);
MODULE_DESCRIPTION("xlp sample: replace a function of the kernel");
MODULE_LICENSE("GPL");
