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
#define pr_fmt(fmt) "xlp: " fmt

#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include "alloc.h"
#include "leaving.h"

struct leaver {
	struct task_struct *task;
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

static void note(struct task_struct *task)
{
	struct leaver *leaver = xlp_alloc_atomic(sizeof(*leaver));
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	if (!find_leaver(task)) {
		if (leaver) {
			leaver->task = task;
			hash_add(leavers, &leaver->node, (unsigned long)task);
			leaver = NULL;
		} else {
			missing++;
		}
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	xlp_free_atomic(leaver);
}

static void forget(const struct task_struct *task)
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

bool xlp_leaving_for_each(void (*visit)(struct task_struct *task, void *data), void *data)
{
	struct leaver *leaver;
	unsigned int bucket;

	hash_for_each(leavers, bucket, leaver, node)
		visit(leaver->task, data);
	return !missing;
}

/* ---- how tasks are noticed ---- */

static void task_exits(void *data, struct task_struct *task)
{
	note(task);
}

static void task_ends(void *data, struct task_struct *task)
{
	forget(task);
}

/* The second comes first, so that whoever is noted is forgotten again. */
static struct {
	const char *name;
	void *probe;
	struct tracepoint *point;
} probes[] = {
	{ "sched_process_free", task_ends },
	{ "sched_process_exit", task_exits },
};

static void find_tracepoint(struct tracepoint *point, void *data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(point->name, probes[i].name))
			probes[i].point = point;
}

static void unregister_probes(unsigned int nr)
{
	while (nr--)
		tracepoint_probe_unregister(probes[nr].point, probes[nr].probe, NULL);
	tracepoint_synchronize_unregister();
}

static int register_probes(void)
{
	unsigned int i;
	int err;

	for_each_kernel_tracepoint(find_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = !probes[i].point ? -EOPNOTSUPP :
		      tracepoint_probe_register(probes[i].point, probes[i].probe, NULL);
		if (err) {
			pr_err("cannot watch tasks exit, tracepoint %s (%d)\n",
			       probes[i].name, err);
			unregister_probes(i);
			return err;
		}
	}
	return 0;
}

/* Those that began to exit before there was a probe. */
static void note_exiting(void)
{
	struct task_struct *group, *task;

	rcu_read_lock();
	for_each_process_thread(group, task)
		if (READ_ONCE(task->flags) & PF_EXITING)
			note(task);
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

int xlp_leaving_init(void)
{
	int err = register_probes();

	if (err)
		return err;
	/*
	 * PF_EXITING is set before the tracepoint: whoever is seen without it
	 * will meet the probe. Who had left the list by now is waited for, as far
	 * as it can be.
	 */
	note_exiting();
	synchronize_rcu_tasks();
	return 0;
}

void xlp_leaving_exit(void)
{
	unregister_probes(ARRAY_SIZE(probes));
	forget_all();
}
