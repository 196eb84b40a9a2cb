// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_world_target.c - the members in version 0, and who visits them all
 *
 * Reading the parameter "version" visits the members from this module's own
 * code and answers which version ran, "mixed" if there were several. "text" has
 * the bytes where each begins, and those before, as they are in memory.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
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

#define XW_ADDRESS(id, name)	xw_##name,
static void (* const members[])(struct xw_caller *caller) = { XW_MEMBERS(XW_ADDRESS) };

/* How far before a function ftrace may keep something of it. */
#define BYTES_BEFORE	16

/* What lies before a page's first function may be in no module. */
static int show_text_of(char *buffer, int at, const char *text)
{
	int len = sysfs_emit_at(buffer, at, "%ps", text);

	if (offset_in_page(text) >= BYTES_BEFORE)
		len += sysfs_emit_at(buffer, at + len, " %16ph", text - BYTES_BEFORE);
	return len + sysfs_emit_at(buffer, at + len, " | %32ph\n", text);
}

static int show_text(char *buffer, const struct kernel_param *kp)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < ARRAY_SIZE(members); i++)
		len += show_text_of(buffer, len, (const char *)members[i]);
	return len;
}

static const struct kernel_param_ops text_ops = { .get = show_text };

module_param_cb(text, &text_ops, NULL, 0400);
MODULE_PARM_DESC(text, "FUNCTION BYTES | BYTES: before and from the beginning of each member on");

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
