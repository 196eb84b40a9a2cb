// SPDX-License-Identifier: GPL-2.0
/*
 * exitwork.c - have a task do something on its way to user space
 *
 * By task_work, which tasks also run in other places: when they enter a guest,
 * in io_uring's loops, when they stop for a tracer. So whoever is called must not
 * take for granted that nothing lies beneath it. And it cannot add itself again:
 * the place it is run from loops until there is no work.
 *
 * A task runs what was added last first, and that may be anybody's work, which may
 * sleep for as long as whoever made it likes. So nobody waits until a task has done what
 * it was asked. An item that could not be taken back is harmless: whatever transition
 * the task meets it may move in, and if there is none nothing happens. Until then the
 * item keeps xlp.ko loaded.
 */
#include <compat/unexported.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include "alloc.h"
#include "exitwork.h"
#include "transition.h"

/**
 * struct exit_work - what a task was asked to do
 * @head:	as the kernel knows it
 * @task:	the task, with a reference
 * @round:	of xlp_exit_work_cancel_all() that has tried last to take it back
 * @node:	in the table of all
 *
 * Each holds a reference to xlp.ko.
 */
struct exit_work {
	struct callback_head head;
	struct task_struct *task;
	unsigned long round;
	struct hlist_node node;
};

/* Protects the table. Process context only. */
static DEFINE_SPINLOCK(lock);
static DEFINE_HASHTABLE(works, 8);

static bool is_asked(const struct task_struct *task)
{
	struct exit_work *work;
	bool found = false;

	spin_lock(&lock);
	hash_for_each_possible(works, work, node, (unsigned long)task)
		found |= work->task == task;
	spin_unlock(&lock);
	return found;
}

static void note(struct exit_work *work)
{
	__module_get(THIS_MODULE);
	spin_lock(&lock);
	hash_add(works, &work->node, (unsigned long)work->task);
	spin_unlock(&lock);
}

/* xlp.ko may be unloaded afterwards, but for tasks that are inside: see xlp_release_exit(). */
static void forget(struct exit_work *work)
{
	spin_lock(&lock);
	hash_del(&work->node);
	spin_unlock(&lock);
	put_task_struct(work->task);
	xlp_free_atomic(work);
	module_put(THIS_MODULE);
}

static void run(struct callback_head *head)
{
	xlp_transition_at_exit();
	forget(container_of(head, struct exit_work, head));
}

int xlp_exit_work_add(struct task_struct *task)
{
	struct exit_work *work;
	int err;

	if (is_asked(task))
		return 0;
	work = xlp_alloc_atomic(sizeof(*work));
	if (!work)
		return -ENOMEM;
	init_task_work(&work->head, run);
	work->task = get_task_struct(task);
	work->round = 0;
	note(work);
	/* From here on it may be gone at any time. */
	err = task_work_add(task, &work->head, TWA_RESUME);
	if (err)
		forget(work);
	return err;
}

static bool is_ours(struct callback_head *head, void *unused)
{
	return head->func == run;
}

/* The task of one that this round has not tried to take back, with a reference. */
static struct task_struct *next_asked(unsigned long round)
{
	struct task_struct *task = NULL;
	struct exit_work *work;
	unsigned int bucket;

	spin_lock(&lock);
	hash_for_each(works, bucket, work, node) {
		if (work->round != round) {
			work->round = round;
			task = get_task_struct(work->task);
			break;
		}
	}
	spin_unlock(&lock);
	return task;
}

void xlp_exit_work_cancel_all(void)
{
	static unsigned long round;
	struct callback_head *head;
	struct task_struct *task;

	round++;
	while ((task = next_asked(round))) {
		head = unexported(task_work_cancel_match)(task, is_ours, NULL);
		if (head)
			forget(container_of(head, struct exit_work, head));
		put_task_struct(task);
	}
}
