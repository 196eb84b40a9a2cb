// SPDX-License-Identifier: GPL-2.0
/*
 * leaving.c - tasks on their way out, which no list of the kernel has
 *
 * A task leaves the task list when it, or its parent, reaps it. It then goes on
 * for a while, may be preempted and may even sleep, with frames like any other
 * task. So every task is noted when it begins to exit, when it is still on the
 * list, and forgotten when its task_struct is about to be freed, which is after
 * its last context switch.
 *
 * Where that is heard of nothing can be allocated on every kernel, so records are kept
 * in store. A task for which there was none is missed, and looked for later: if it is
 * still on the list it is noted then, and if not, it is in the part of its exit that
 * synchronize_rcu_tasks() waits for.
 */
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "alloc.h"
#include "leaving.h"
#include "tasklist.h"

/* Records in store: it is filled up when there are fewer than the first. */
#define SPARES_LOW	512
#define SPARES_FULL	1024
/* With more than that it is emptied to be full. */
#define SPARES_MAX	4096

/* Tasks that were missed are looked for again after this long if memory was short. */
#define RETRY_MS	100
/* And so many times at once, if more tasks exit than were counted. */
#define NOTE_TRIES	3

/**
 * struct leaver - a task that exits
 * @task:	the task; no reference is needed, as it is forgotten before it is freed
 * @round:	of xlp_leaving_visit() that has met it last
 * @node:	in the table, or in the store
 */
struct leaver {
	struct task_struct *task;
	unsigned long round;
	struct hlist_node node;
};

/*
 * Protects all below against the probes. It nests inside everything, and nobody holds
 * it when the machine is stopped.
 */
static DEFINE_RAW_SPINLOCK(lock);
static DEFINE_HASHTABLE(leavers, 8);
/* The store. */
static HLIST_HEAD(spares);
static unsigned int nr_spares;
/* How many tasks have not been noted when they began to exit; those before us count as one. */
static unsigned long missed;
/* How many of those have been found since, or have come to their end. */
static unsigned long caught_up;

/* Two, as looking for who was missed waits for RCU tasks, and the store must not. */
static void leaving_store_fn(struct work_struct *work);
static DECLARE_WORK(leaving_store_work, leaving_store_fn);
static void leaving_missed_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(leaving_missed_work, leaving_missed_fn);

/* ---- the store ---- */

static void put_spare(struct leaver *leaver)
{
	hlist_add_head(&leaver->node, &spares);
	WRITE_ONCE(nr_spares, nr_spares + 1);
}

static struct leaver *take_spare(void)
{
	struct leaver *leaver = hlist_entry_safe(spares.first, struct leaver, node);

	if (!leaver)
		return NULL;
	hlist_del(&leaver->node);
	WRITE_ONCE(nr_spares, nr_spares - 1);
	return leaver;
}

static bool fill_up_spares(unsigned int wanted)
{
	struct leaver *leaver;
	unsigned long flags;

	while (READ_ONCE(nr_spares) < wanted) {
		leaver = xlp_alloc_spare(sizeof(*leaver));
		if (!leaver)
			return false;
		raw_spin_lock_irqsave(&lock, flags);
		put_spare(leaver);
		raw_spin_unlock_irqrestore(&lock, flags);
	}
	return true;
}

static void empty_spares(unsigned int wanted)
{
	struct leaver *leaver;
	unsigned long flags;

	while (READ_ONCE(nr_spares) > wanted) {
		raw_spin_lock_irqsave(&lock, flags);
		leaver = take_spare();
		raw_spin_unlock_irqrestore(&lock, flags);
		xlp_free_atomic(leaver);
	}
}

/* ---- noting and forgetting ---- */

static struct leaver *find_leaver(const struct task_struct *task)
{
	struct leaver *leaver;

	hash_for_each_possible(leavers, leaver, node, (unsigned long)task)
		if (leaver->task == task)
			return leaver;
	return NULL;
}

/* True if it is noted now. */
static bool note(struct task_struct *task)
{
	struct leaver *leaver;

	if (find_leaver(task))
		return true;
	leaver = xlp_atomic_alloc_fails() ? NULL : take_spare();
	if (!leaver)
		return false;
	leaver->task = task;
	leaver->round = 0;
	hash_add(leavers, &leaver->node, (unsigned long)task);
	return true;
}

void xlp_leaving_note(struct task_struct *task)
{
	unsigned long flags;
	bool noted;

	raw_spin_lock_irqsave(&lock, flags);
	noted = note(task);
	if (!noted)
		WRITE_ONCE(missed, missed + 1);
	raw_spin_unlock_irqrestore(&lock, flags);
	if (!noted)
		schedule_delayed_work(&leaving_missed_work, 0);
	if (READ_ONCE(nr_spares) < SPARES_LOW)
		schedule_work(&leaving_store_work);
}

void xlp_leaving_forget(const struct task_struct *task)
{
	struct leaver *leaver;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	leaver = find_leaver(task);
	if (leaver) {
		hash_del(&leaver->node);
		put_spare(leaver);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (READ_ONCE(nr_spares) > SPARES_MAX)
		schedule_work(&leaving_store_work);
}

/* ---- those that were missed ---- */

bool xlp_leaving_is_any_missing(void)
{
	return READ_ONCE(missed) != READ_ONCE(caught_up);
}

/* Counts whoever exits and cannot be noted. */
static bool note_listed(struct task_struct *task, void *data)
{
	unsigned int *left = data;
	unsigned long flags;

	if (!(READ_ONCE(task->flags) & PF_EXITING))
		return false;
	raw_spin_lock_irqsave(&lock, flags);
	*left += !note(task);
	raw_spin_unlock_irqrestore(&lock, flags);
	return false;
}

static bool note_all_listed(void)
{
	unsigned int try, left = 0;

	for (try = 0; try < NOTE_TRIES; try++) {
		if (!fill_up_spares(SPARES_FULL + left))
			return false;
		left = 0;
		xlp_tasklist_walk(note_listed, &left);
		if (!left)
			return true;
	}
	return false;
}

/*
 * PF_EXITING is set before the tracepoint: whoever is met without it will meet the
 * probe. Whoever has left the list by now is waited for.
 */
static void catch_up(void)
{
	unsigned long goal = READ_ONCE(missed);

	if (!note_all_listed())
		return;
	synchronize_rcu_tasks();
	WRITE_ONCE(caught_up, goal);
}

static void leaving_missed_fn(struct work_struct *work)
{
	if (xlp_leaving_is_any_missing())
		catch_up();
	if (xlp_leaving_is_any_missing())
		schedule_delayed_work(&leaving_missed_work, msecs_to_jiffies(RETRY_MS));
}

static void leaving_store_fn(struct work_struct *work)
{
	if (READ_ONCE(nr_spares) > SPARES_MAX)
		empty_spares(SPARES_FULL);
	else
		fill_up_spares(SPARES_FULL);
}

/* ---- visiting ---- */

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
	return !xlp_leaving_is_any_missing();
}

bool xlp_leaving_for_each(void (*visit)(struct task_struct *task, void *data), void *data)
{
	struct leaver *leaver;
	unsigned int bucket;

	hash_for_each(leavers, bucket, leaver, node)
		visit(leaver->task, data);
	return !xlp_leaving_is_any_missing();
}

int xlp_leaving_init(void)
{
	if (fill_up_spares(SPARES_FULL))
		return 0;
	empty_spares(0);
	return -ENOMEM;
}

/* Tasks that began to exit before there was a probe. */
void xlp_leaving_start(void)
{
	missed = 1;
	catch_up();
	if (xlp_leaving_is_any_missing())
		schedule_delayed_work(&leaving_missed_work, msecs_to_jiffies(RETRY_MS));
}

void xlp_leaving_exit(void)
{
	struct hlist_node *next;
	struct leaver *leaver;
	unsigned int bucket;

	cancel_delayed_work_sync(&leaving_missed_work);
	cancel_work_sync(&leaving_store_work);
	hash_for_each_safe(leavers, bucket, next, leaver, node) {
		hash_del(&leaver->node);
		put_spare(leaver);
	}
	empty_spares(0);
}
