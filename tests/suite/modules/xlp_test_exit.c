// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_exit.c - tasks that have left the task list and sleep in a replacement
 *
 *	model=N		of the patch
 *	exit=N		written later: starts so many such tasks
 *	inside		how many there are
 *
 * A kernel thread reaps itself, and proc_exit_connector() is called after that.
 * The replacement sleeps until the test wakes it, for that thread only. While the
 * patch is in effect nobody is told of exits through the connector.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

#define NAME	"xlp_test_exit"

static atomic_t nr_inside = ATOMIC_INIT(0);

static noinline void new_proc_exit_connector(struct task_struct *task)
{
	if (strcmp(task->comm, NAME))
		return;
	atomic_inc(&nr_inside);
	xt_wait();
	/* the sleeper comes back to this module */
	atomic_dec(&nr_inside);
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

static int start_leavers(const char *value, const struct kernel_param *unused)
{
	unsigned int nr;
	int err = kstrtouint(value, 0, &nr);

	while (!err && nr--)
		err = PTR_ERR_OR_ZERO(kthread_run(leave, NULL, NAME));
	return err;
}

static const struct kernel_param_ops exit_ops = { .set = start_leavers };
module_param_cb(exit, &exit_ops, NULL, 0200);

static int show_inside(char *buffer, const struct kernel_param *unused)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&nr_inside));
}

static const struct kernel_param_ops inside_ops = { .get = show_inside };
module_param_cb(inside, &inside_ops, NULL, 0444);

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
