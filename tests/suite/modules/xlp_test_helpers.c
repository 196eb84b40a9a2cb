// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_helpers.c - a patch by the kernel's names, with its helpers for patches
 *
 * Replaces xt_leaf() of xlp_test_target, and a system call where the helpers know how
 * to write one. -EOPNOTSUPP: this kernel brings no helpers.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/stringify.h>

#include "../../../include/linux/livepatch.h"
#include "arch.h"
#include "xlp_test.h"

#ifdef XT_HAVE_LIVEPATCH_HELPERS
#include <linux/livepatch_helpers.h>

static noinline u64 helped_leaf(u64 x)
{
	return x ^ XT_B;
}

static struct klp_func target_funcs[] = {
	{ .old_name = "xt_leaf", .new_func = helped_leaf },
	{ }
};

static int before(struct klp_object *obj)
{
	pr_info("xlp_test_helpers: pre_patch\n");
	return 0;
}

static void after(struct klp_object *obj)
{
	pr_info("xlp_test_helpers: post_unpatch\n");
}

/* What klp-build would look for; here it is for the types. */
KLP_PRE_PATCH_CALLBACK(before);
KLP_POST_UNPATCH_CALLBACK(after);

#ifdef XT_KLP_SYSCALL
KLP_SYSCALL_DEFINE1(getpgid, pid_t, pid)
{
	return -ESRCH;
}

static struct klp_func kernel_funcs[] = {
	{
		.old_name = __stringify(XT_SYSCALL(getpgid)),
		.new_func = XT_SYSCALL(getpgid),
	},
	{ }
};
#endif

static struct klp_object objs[] = {
	{
		.name = "xlp_test_target",
		.funcs = target_funcs,
		.callbacks = { .pre_patch = before, .post_unpatch = after },
	},
#ifdef XT_KLP_SYSCALL
	{ .funcs = kernel_funcs },
#endif
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
};

static int __init helpers_init(void)
{
	return klp_enable_patch(&patch);
}

MODULE_INFO(livepatch, "Y");
#else
static int __init helpers_init(void)
{
	return -EOPNOTSUPP;
}
#endif

static void __exit helpers_exit(void)
{
}

module_init(helpers_init);
module_exit(helpers_exit);
MODULE_DESCRIPTION("A patch by the kernel's names");
MODULE_LICENSE("GPL");
