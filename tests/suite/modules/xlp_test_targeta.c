// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_targeta.c - a target that is called all the time while it comes and goes
 *
 * admins.c loads it under several names at once. Each answers with the number of the
 * patch whose version has run, 0: the original. In /proc/MODULE/, reading
 * calls a function and says who answered:
 *
 *	leaf	xa_leaf()
 *	work	xa_work(), which sleeps interruptibly for 3 ms
 *	stay	xa_work(), which sleeps uninterruptibly for 300 ms
 *	spin	nobody; but until "go_on" is written (spin_ms at most) the task does
 *		not sleep, nor does it give way to others by itself, so that who waits for
 *		RCU tasks has to
 *	linger	as stay; but on its way to user space the task closes a file, and that
 *		lasts until "go_on" is written (a minute at most)
 *	closing	nobody; how many tasks are closing such a file
 *	places	nobody; a line "FUNCTION ADDRESS" each
 *
 * Whoever has one of them open keeps the module. A thread of the kernel calls both
 * functions, too.
 */
#include <linux/anon_inodes.h>
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/wait.h>

#include "xlp_test_targeta.h"

static DECLARE_WAIT_QUEUE_HEAD(lingering);
static unsigned int spin_ms = 15000;
module_param(spin_ms, uint, 0644);

static unsigned int went_on;
static atomic_t closing = ATOMIC_INIT(0);

/* Imported by patches, which look whether it is there. */
static int xa_number __used = XA_NUMBER;

xt_noipa u64 xa_leaf(u64 x)
{
	return xa_compute(x);
}

xt_noipa u64 xa_work(s64 ms)
{
	xa_sleep(ms);
	return xt_answer(0);
}

/* ---- a file that takes long to close ---- */

static int close_slowly(struct inode *inode, struct file *file)
{
	unsigned int before = READ_ONCE(went_on);

	atomic_inc(&closing);
	wait_event_timeout(lingering, READ_ONCE(went_on) != before, 60 * HZ);
	atomic_dec(&closing);
	return 0;
}

static const struct file_operations slow_fops = {
	.owner = THIS_MODULE,
	.release = close_slowly,
};

static ssize_t go_on(struct file *file, const char __user *text, size_t size, loff_t *pos)
{
	WRITE_ONCE(went_on, went_on + 1);
	wake_up_all(&lingering);
	return size;
}

/*
 * Without a release, so that nothing is called when it is closed. Its writers do not keep
 * the module; its exit waits for them.
 */
static const struct proc_ops go_on_ops = {
	.proc_write = go_on,
	.proc_lseek = noop_llseek,
};

/* ---- files to call by ---- */

/*
 * Not of debugfs: that warns of a file whose module has just decided to go, but does not say
 * so yet. Here the exit waits for who opens and closes a file.
 */
static int target_open(struct file *file, int (*show)(struct seq_file *m, void *unused))
{
	int err;

	if (!try_module_get(THIS_MODULE))
		return -ENXIO;
	err = single_open(file, show, NULL);
	if (err)
		module_put(THIS_MODULE);
	return err;
}

static int target_release(struct inode *inode, struct file *file)
{
	single_release(inode, file);
	module_put(THIS_MODULE);
	return 0;
}

#define XA_FILE(name)							\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return target_open(file, name##_show);				\
}									\
									\
static const struct proc_ops name##_ops = {				\
	.proc_open = name##_open,					\
	.proc_read = seq_read,						\
	.proc_lseek = seq_lseek,					\
	.proc_release = target_release,					\
}

static int leaf_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%llu\n", xa_leaf(0));
	return 0;
}

XA_FILE(leaf);

static int work_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%llu\n", xa_work(XA_SHORT));
	return 0;
}

XA_FILE(work);

static int stay_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%llu\n", xa_work(-XA_LONG));
	return 0;
}

XA_FILE(stay);

static int spin_show(struct seq_file *m, void *unused)
{
	unsigned int before = READ_ONCE(went_on);
	unsigned long end = jiffies + msecs_to_jiffies(spin_ms);

	while (time_before(jiffies, end) && READ_ONCE(went_on) == before)
		cpu_relax();
	return 0;
}

XA_FILE(spin);

/* The last reference is dropped by the task's work, behind what others have asked it for. */
static int linger_show(struct seq_file *m, void *unused)
{
	struct file *file;

	stay_show(m, unused);
	file = anon_inode_getfile("xlp_test_slow", &slow_fops, NULL, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}

XA_FILE(linger);

static int closing_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%d\n", atomic_read(&closing));
	return 0;
}

XA_FILE(closing);

static int places_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "xa_leaf 0x%lx\nxa_work 0x%lx\n", (ulong)xa_leaf, (ulong)xa_work);
	return 0;
}

XA_FILE(places);

/* ---- a thread that calls ---- */

static struct task_struct *caller;

static int call_all_the_time(void *unused)
{
	while (!kthread_should_stop()) {
		xa_leaf(0);
		xa_work(1);
		schedule_timeout_interruptible(HZ / 50);
	}
	return 0;
}

static int __init target_init(void)
{
	struct proc_dir_entry *root = proc_mkdir(THIS_MODULE->name, NULL);

	if (!root)
		return -ENOMEM;
	caller = kthread_run(call_all_the_time, NULL, "%s", THIS_MODULE->name);
	if (IS_ERR(caller)) {
		proc_remove(root);
		return PTR_ERR(caller);
	}
	proc_create("leaf", 0400, root, &leaf_ops);
	proc_create("work", 0400, root, &work_ops);
	proc_create("stay", 0400, root, &stay_ops);
	proc_create("spin", 0400, root, &spin_ops);
	proc_create("linger", 0400, root, &linger_ops);
	proc_create("closing", 0400, root, &closing_ops);
	proc_create("places", 0400, root, &places_ops);
	proc_create("go_on", 0200, root, &go_on_ops);
	return 0;
}

static void __exit target_exit(void)
{
	remove_proc_subtree(THIS_MODULE->name, NULL);
	kthread_stop(caller);
}

module_init(target_init);
module_exit(target_exit);
MODULE_DESCRIPTION("A target that is called all the time");
MODULE_LICENSE("GPL");
