// SPDX-License-Identifier: GPL-2.0
/*
 * stress.c - calls from every CPU while a patch goes on and off
 *
 * Writing 1 to /sys/kernel/debug/xlp_test/stress starts one thread per CPU,
 * each calling victims until 0 is written. Reading gives
 *
 *	cpus N old N new N bad N
 *
 * where bad counts answers that belong to neither world.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "xlp_test.h"

#define CALLS_PER_TURN	200

static DEFINE_MUTEX(threads_lock);
static struct task_struct *threads[NR_CPUS];
static unsigned int running;
static atomic_long_t old_answers, new_answers, bad_answers;

static void judge_answer(u64 answer)
{
	if (answer == XT_OLD)
		atomic_long_inc(&old_answers);
	else if (answer == XT_NEW)
		atomic_long_inc(&new_answers);
	else
		atomic_long_inc(&bad_answers);
}

/* Twelve arguments from registers and the stack in every architecture. */
static void judge_memory_arguments(void)
{
	static const u64 value[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	u64 got = xt_int12(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

	if (got != xt_hash(XT_OLD, value, ARRAY_SIZE(value)) &&
	    got != xt_hash(XT_NEW, value, ARRAY_SIZE(value)))
		atomic_long_inc(&bad_answers);
}

/* Sleeping between turns lets RCU tasks and the test make progress. */
static int call_all_the_time(void *unused)
{
	unsigned int i;

	while (!kthread_should_stop()) {
		for (i = 0; i < CALLS_PER_TURN; i++) {
			judge_answer(xt_leaf(0));
			judge_memory_arguments();
		}
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

static void stop_locked(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (threads[cpu])
			kthread_stop(threads[cpu]);
		threads[cpu] = NULL;
	}
	running = 0;
}

static int start_locked(void)
{
	struct task_struct *task;
	unsigned int cpu;

	if (running)
		return -EBUSY;
	atomic_long_set(&old_answers, 0);
	atomic_long_set(&new_answers, 0);
	atomic_long_set(&bad_answers, 0);
	for_each_online_cpu(cpu) {
		task = kthread_create_on_cpu(call_all_the_time, NULL, cpu,
					     "xlp_stress/%u");
		if (IS_ERR(task)) {
			stop_locked();
			return PTR_ERR(task);
		}
		threads[cpu] = task;
		running++;
		wake_up_process(task);
	}
	return 0;
}

void xt_stress_stop(void)
{
	mutex_lock(&threads_lock);
	stop_locked();
	mutex_unlock(&threads_lock);
}

static int stress_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "cpus %u old %ld new %ld bad %ld\n", running,
		   atomic_long_read(&old_answers),
		   atomic_long_read(&new_answers),
		   atomic_long_read(&bad_answers));
	return 0;
}

static ssize_t stress_write(struct file *file, const char __user *buffer,
			    size_t count, loff_t *pos)
{
	bool on;
	int err = kstrtobool_from_user(buffer, count, &on);

	if (err)
		return err;
	mutex_lock(&threads_lock);
	if (on)
		err = start_locked();
	else
		stop_locked();
	mutex_unlock(&threads_lock);
	return err ? err : count;
}

static int stress_open(struct inode *inode, struct file *file)
{
	return single_open(file, stress_show, NULL);
}

const struct file_operations xt_stress_fops = {
	.owner = THIS_MODULE,
	.open = stress_open,
	.read = seq_read,
	.write = stress_write,
	.llseek = seq_lseek,
	.release = single_release,
};
