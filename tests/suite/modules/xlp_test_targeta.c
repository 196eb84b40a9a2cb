// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_targeta.c - a target that is called all the time while it comes and goes
 *
 * admins.c loads it under several names at once. Each answers with the number of the
 * patch whose version has run, 0: the original. In /sys/kernel/debug/MODULE/, reading
 * calls a function and says who answered:
 *
 *	leaf	xa_leaf()
 *	work	xa_work(), which sleeps interruptibly for 3 ms
 *	stay	xa_work(), which sleeps uninterruptibly for 300 ms
 *	spin	nobody; but the task does not sleep for five seconds, nor does it give way
 *		to others by itself, so that who waits for RCU tasks has to
 *	linger	as stay; but on its way to user space the task closes a file, and that
 *		lasts until "go_on" is written (a minute at most)
 *	places	nobody; a line "FUNCTION ADDRESS" each. Whoever has it open keeps the module
 *
 * A thread of the kernel calls both functions, too.
 */
#include <linux/anon_inodes.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/wait.h>

#include "xlp_test_targeta.h"

static DECLARE_WAIT_QUEUE_HEAD(lingering);
static unsigned int went_on;

/* Imported by patches, which look whether it is there. */
static int xa_number __used = XA_NUMBER;

xt_noipa u64 xa_leaf(u64 x)
{
	return xa_compute(x);
}

xt_noipa u64 xa_work(s64 ms)
{
	xa_sleep(ms);
	return 0;
}

/* ---- a file that takes long to close ---- */

static int close_slowly(struct inode *inode, struct file *file)
{
	unsigned int before = READ_ONCE(went_on);

	wait_event_timeout(lingering, READ_ONCE(went_on) != before, 60 * HZ);
	return 0;
}

static const struct file_operations slow_fops = {
	.owner = THIS_MODULE,
	.release = close_slowly,
};

static int go_on(void *unused, u64 value)
{
	WRITE_ONCE(went_on, went_on + 1);
	wake_up_all(&lingering);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(go_on_fops, NULL, go_on, "%llu\n");

/* ---- files to call by ---- */

/* Without an owner: whoever reads does not keep the module, which waits for him in its exit. */
#define XA_FILE(name)							\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return single_open(file, name##_show, NULL);			\
}									\
									\
static const struct file_operations name##_fops = {			\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.release = single_release,					\
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
	unsigned long end = jiffies + 5 * HZ;

	while (time_before(jiffies, end))
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

static int places_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "xa_leaf 0x%lx\nxa_work 0x%lx\n", (ulong)xa_leaf, (ulong)xa_work);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(places);

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

static struct dentry *root;

static int __init target_init(void)
{
	caller = kthread_run(call_all_the_time, NULL, "%s", THIS_MODULE->name);
	if (IS_ERR(caller))
		return PTR_ERR(caller);
	root = debugfs_create_dir(THIS_MODULE->name, NULL);
	debugfs_create_file("leaf", 0400, root, NULL, &leaf_fops);
	debugfs_create_file("work", 0400, root, NULL, &work_fops);
	debugfs_create_file("stay", 0400, root, NULL, &stay_fops);
	debugfs_create_file("spin", 0400, root, NULL, &spin_fops);
	debugfs_create_file("linger", 0400, root, NULL, &linger_fops);
	debugfs_create_file("places", 0400, root, NULL, &places_fops);
	debugfs_create_file("go_on", 0200, root, NULL, &go_on_fops);
	return 0;
}

static void __exit target_exit(void)
{
	debugfs_remove_recursive(root);
	kthread_stop(caller);
}

module_init(target_init);
module_exit(target_exit);
MODULE_DESCRIPTION("A target that is called all the time");
MODULE_LICENSE("GPL");
