/* SPDX-License-Identifier: GPL-2.0 */
/* xlp_test_let_go.h - the parameter let_go of a patch that may have been forced */
#ifndef XLP_TEST_LET_GO_H
#define XLP_TEST_LET_GO_H

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

/*
 * A patch whose transition was forced keeps its module for ever. A test that
 * knows better writes let_go=1, which drops that reference behind xlp's back;
 * when the module goes xlp drops it itself.
 */
static bool let_go;

static int drop_reference(const char *value, const struct kernel_param *unused)
{
	if (let_go)
		return -EINVAL;
	let_go = true;
	module_put(THIS_MODULE);
	return 0;
}

static const struct kernel_param_ops let_go_ops = { .set = drop_reference };
module_param_cb(let_go, &let_go_ops, NULL, 0200);

/* In the module's exit function. */
static void take_reference_back(void)
{
	if (let_go)
		atomic_inc(&THIS_MODULE->refcnt);
}

#endif /* XLP_TEST_LET_GO_H */
