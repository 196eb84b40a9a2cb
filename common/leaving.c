// SPDX-License-Identifier: GPL-2.0
/*
 * leaving.c - tasks on their way out, which no list of the kernel has
 *
 * A task leaves the task list when it, or its parent, reaps it. It then goes on
 * for a while, may be preempted and may even sleep, with frames like any other
 * task. So every task is noted when it begins to exit, when it is still on the
 * list, and forgotten when its task_struct is about to be freed, which is after
 * its last context switch.
 */
#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include "alloc.h"
#include "leaving.h"

/**
 * struct leaver - a task that exits
 * @task:	the task; no reference is needed, as it is forgotten before it is freed
 * @round:	of xlp_leaving_visit() that has met it last
 * @node:	in the table
 */
struct leaver {
	struct task_struct *task;
	unsigned long round;
	struct hlist_node node;
};

/*
 * Protects the two below against the probes. It nests inside everything, and
 * nobody holds it when the machine is stopped.
 */
static DEFINE_RAW_SPINLOCK(lock);
static DEFINE_HASHTABLE(leavers, 8);
/* Tasks that would be in the table, had there been memory for them. */
static unsigned int missing;

static struct leaver *find_leaver(const struct task_struct *task)
{
	struct leaver *leaver;

	hash_for_each_possible(leavers, leaver, node, (unsigned long)task)
		if (leaver->task == task)
			return leaver;
	return NULL;
}

void xlp_leaving_note(struct task_struct *task)
{
	struct leaver *leaver = xlp_alloc_atomic(sizeof(*leaver));
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	if (!find_leaver(task)) {
		if (leaver) {
			leaver->task = task;
			leaver->round = 0;
			hash_add(leavers, &leaver->node, (unsigned long)task);
			leaver = NULL;
		} else {
			missing++;
		}
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	xlp_free_atomic(leaver);
}

void xlp_leaving_forget(const struct task_struct *task)
{
	struct leaver *leaver;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	leaver = find_leaver(task);
	if (leaver)
		hash_del(&leaver->node);
	else if (missing)
		missing--;
	raw_spin_unlock_irqrestore(&lock, flags);
	xlp_free_atomic(leaver);
}

/* One that this round has not met, with a reference, or NULL. */
static struct task_struct *next_unvisited(unsigned int bucket, unsigned long round)
{
	struct task_struct *task = NULL;
	struct leaver *leaver;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	hlist_for_each_entry(leaver, &leavers[bucket], node) {
		if (leaver->round != round) {
			leaver->round = round;
			task = get_task_struct(leaver->task);
			break;
		}
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return task;
}

bool xlp_leaving_visit(void (*visit)(struct task_struct *task, void *data), void *data)
{
	static unsigned long round;
	struct task_struct *task;
	unsigned int bucket;

	round++;
	for (bucket = 0; bucket < HASH_SIZE(leavers); bucket++) {
		while ((task = next_unvisited(bucket, round))) {
			visit(task, data);
			put_task_struct(task);
		}
	}
	return !READ_ONCE(missing);
}

bool xlp_leaving_for_each(void (*visit)(struct task_struct *task, void *data), void *data)
{
	struct leaver *leaver;
	unsigned int bucket;

	hash_for_each(leavers, bucket, leaver, node)
		visit(leaver->task, data);
	return !missing;
}

/* Those that began to exit before there was a probe. */
static void note_exiting(void)
{
	struct task_struct *group, *task;

	rcu_read_lock();
	for_each_process_thread(group, task)
		if (READ_ONCE(task->flags) & PF_EXITING)
			xlp_leaving_note(task);
	rcu_read_unlock();
}

static void forget_all(void)
{
	struct hlist_node *next;
	struct leaver *leaver;
	unsigned int bucket;

	hash_for_each_safe(leavers, bucket, next, leaver, node) {
		hash_del(&leaver->node);
		xlp_free_atomic(leaver);
	}
}

void xlp_leaving_start(void)
{
	/*
	 * PF_EXITING is set before the tracepoint: whoever is seen without it
	 * will meet the probe. Who had left the list by now is waited for, as far
	 * as it can be.
	 */
	note_exiting();
	synchronize_rcu_tasks();
}

void xlp_leaving_stop(void)
{
	forget_all();
}
