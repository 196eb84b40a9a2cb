// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_bench_target.c - a function to sleep in
 *
 * Whoever reads /sys/kernel/debug/xlp_bench_target/sleep is in xlb_sleep() until
 * a signal comes, be it one that nobody hears of but the kernel: then the read
 * begins anew, and ends only if the function has been replaced.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/wait.h>

#include "xlp_test.h"

static DECLARE_WAIT_QUEUE_HEAD(never);

static xt_noipa long xlb_sleep(void)
{
	return wait_event_interruptible(never, false);
}

static ssize_t sleep_read(struct file *file, char __user *buffer, size_t size, loff_t *pos)
{
	return xlb_sleep();
}

static const struct file_operations sleep_fops = {
	.owner	= THIS_MODULE,
	.read	= sleep_read,
};

static struct dentry *root;

static int __init bench_target_init(void)
{
	root = debugfs_create_dir("xlp_bench_target", NULL);
	debugfs_create_file("sleep", 0400, root, NULL, &sleep_fops);
	return 0;
}

static void __exit bench_target_exit(void)
{
	debugfs_remove(root);
}

module_init(bench_target_init);
module_exit(bench_target_exit);
MODULE_DESCRIPTION("xlp bench: a function to sleep in");
MODULE_LICENSE("GPL");
