// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_exit.c - a task that has left the task list and sleeps in a replacement
 *
 *	model=N		of the patch
 *	exit=1		written later: starts such a task
 *
 * A kernel thread reaps itself, and proc_exit_connector() is called after that.
 * The replacement sleeps until the test wakes it, for that thread only. While the
 * patch is in effect nobody is told of exits through the connector.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

#define NAME	"xlp_test_exit"

static noinline void new_proc_exit_connector(struct task_struct *task)
{
	if (strcmp(task->comm, NAME))
		return;
	xt_wait();
	barrier();	/* no tail call: the sleeper comes back to this module */
}

static struct xlp_func funcs[] = {
	{ .old_name = "proc_exit_connector", .new_func = new_proc_exit_connector },
	{ }
};

static struct xlp_object objs[] = { { .funcs = funcs }, { } };

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.stays = true,
};

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

static int leave(void *unused)
{
	return 0;
}

static int start_leaver(const char *value, const struct kernel_param *unused)
{
	return PTR_ERR_OR_ZERO(kthread_run(leave, NULL, NAME));
}

static const struct kernel_param_ops exit_ops = { .set = start_leaver };
module_param_cb(exit, &exit_ops, NULL, 0200);

static int __init exit_init(void)
{
	patch.model = model;
	patch.replace = replace;
	return xlp_enable_patch(&patch);
}

static void __exit exit_exit(void)
{
}

module_init(exit_init);
module_exit(exit_exit);
MODULE_DESCRIPTION("A replacement in which a task sleeps that is on no list");
MODULE_LICENSE("GPL");
