// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_bench_stack.c - what looking at every task's stack costs
 *
 * /sys/kernel/debug/xlp_bench/stacks shows, over all tasks that are not running,
 * totals in nanoseconds: of holding a task still and reading one word, of showing
 * it every word of the scan, of showing it every frame of the walk; and how many
 * tasks, words and frames that were. With qemu -icount shift=0 a nanosecond is an
 * instruction.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <xlp/stack.h>

struct pass {
	const char *name;
	int (*look)(struct task_struct *task, xlp_visit_address visit, void *data);
	xlp_visit_address visit;
	u64 ns;
	unsigned int tasks;
	unsigned long addresses;
};

static bool stop_at_first(void *data, unsigned long addr)
{
	return false;
}

static bool count(void *data, unsigned long addr)
{
	++*(unsigned long *)data;
	return true;
}

static void run(struct pass *pass)
{
	struct task_struct *group, *task;
	u64 started;

	rcu_read_lock();
	started = ktime_get_ns();
	for_each_process_thread(group, task)
		if (!pass->look(task, pass->visit, &pass->addresses))
			pass->tasks++;
	pass->ns = ktime_get_ns() - started;
	rcu_read_unlock();
}

static int stacks_show(struct seq_file *file, void *unused)
{
	struct pass passes[] = {
		{ "hold", xlp_scan_stack, stop_at_first },
		{ "scan", xlp_scan_stack, count },
		{ "walk", xlp_walk_stack, count },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(passes); i++) {
		run(&passes[i]);
		seq_printf(file, "%s tasks %u addresses %lu ns %llu\n", passes[i].name,
			   passes[i].tasks, passes[i].addresses, passes[i].ns);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stacks);

static struct dentry *root;

static int __init bench_init(void)
{
	root = debugfs_create_dir("xlp_bench", NULL);
	debugfs_create_file("stacks", 0400, root, NULL, &stacks_fops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove(root);
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("What looking at stacks costs");
MODULE_LICENSE("GPL");
