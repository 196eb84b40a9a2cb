// SPDX-License-Identifier: GPL-2.0
/*
 * xlp-module.c - replace a function of a module
 *
 * Purpose: a live patch for a module, which may be loaded before or after the
 * patch and is patched either way.
 *
 * Usage:
 *
 *	# insmod xlp.ko
 *	# insmod xlp-module.ko
 *	# insmod xlp-module-target.ko
 *	# cat /sys/module/xlp_module_target/parameters/value
 *	new
 *	# echo 0 > /sys/kernel/xlp/xlp_module/enabled
 *	# cat /sys/module/xlp_module_target/parameters/value
 *	old
 *	# rmmod xlp_module xlp_module_target	(when its directory there has gone)
 *
 * Expected log, beside lines about transitions ("livepatch: " with compat=1):
 *
 *	xlp: enabling patch 'xlp_module'
 *	xlp: 'xlp_module': patching complete
 *	xlp: applying patch 'xlp_module' to loading module 'xlp_module_target'
 *	xlp: 'xlp_module': unpatching complete
 */
#include <linux/moduleparam.h>
#include <linux/sysfs.h>
#include <xlp/xlp.h>

static int patched_target_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "new\n");
}

static struct xlp_func funcs[] = {
	{
		.old_name = "target_get",
		.new_func = patched_target_get,
		.stack_args = XLP_STACK_ARGS_NONE,
	}, { }
};

static struct xlp_object objs[] = {
	{ .name = "xlp_module_target", .funcs = funcs },
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init xlp_module_init(void)
{
	return xlp_enable_patch(&patch);
}

static void __exit xlp_module_exit(void)
{
}

module_init(xlp_module_init);
module_exit(xlp_module_exit);
MODULE_DESCRIPTION("xlp sample: replace a function of a module");
MODULE_LICENSE("GPL");
