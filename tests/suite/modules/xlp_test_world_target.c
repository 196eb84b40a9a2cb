// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_world_target.c - the members in version 0, and who visits them all
 *
 * Reading the parameter "version" visits the members from this module's own
 * code and answers which version ran, "mixed" if there were several.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sysfs.h>

#include "xlp_test_world.h"

#define XW_VERSION	0
#define XW_MEMBER	xt_noipa
#define XW(name)	xw_##name
#include "xlp_test_world_members.h"

#define XW_EXPORT(id, name)	EXPORT_SYMBOL_GPL(xw_##name);
XW_MEMBERS(XW_EXPORT)
EXPORT_SYMBOL_GPL(xw_notified);

/* Two, so that one call of the chain makes two calls of the member. */
static struct notifier_block notifiers[] = {
	{ .notifier_call = xw_notified },
	{ .notifier_call = xw_notified },
};

ATOMIC_NOTIFIER_HEAD(xw_notifiers);
EXPORT_SYMBOL_GPL(xw_notifiers);

static int show_version(char *buffer, const struct kernel_param *kp)
{
	struct xw_caller caller = { .context = XW_MODULE };

	xw_begin(&caller);
	xw_call(&caller, xw_chain_outer);
	xw_call(&caller, xw_row_all);
	xw_call(&caller, xw_row_third);
	if (caller.last != caller.first)
		return sysfs_emit(buffer, "mixed\n");
	return sysfs_emit(buffer, "%u\n", caller.last);
}

static const struct kernel_param_ops version_ops = { .get = show_version };

module_param_cb(version, &version_ops, NULL, 0444);
MODULE_PARM_DESC(version, "which version of the members runs");

static int __init world_target_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(notifiers); i++)
		atomic_notifier_chain_register(&xw_notifiers, &notifiers[i]);
	return 0;
}

static void __exit world_target_exit(void)
{
}

module_init(world_target_init);
module_exit(world_target_exit);
MODULE_DESCRIPTION("Functions that xlp's test suite replaces together");
MODULE_LICENSE("GPL");
