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

/**
 * struct exit_work - what a task was asked to do
 * @head:	as the kernel knows it
 * @task:	the task, with a reference
 * @at_exit:	what it is to do
 * @round:	of xlp_exit_work_cancel_all() that has tried last to take it back
 * @node:	in the table of all
 *
 * Each holds a reference to xlp.ko.
 */
struct exit_work {
	struct callback_head head;
	struct task_struct *task;
	void (*at_exit)(void);
	unsigned long round;
	struct hlist_node node;
};

/* Protects the table. Process context only. */
static DEFINE_SPINLOCK(exit_work_lock);
/* For tens of thousands that are held up at once: a dozen of 50,000 share a bucket. */
static DEFINE_HASHTABLE(exit_works, 12);

static bool exit_work_is_asked(const struct task_struct *task)
{
	struct exit_work *work;

	spin_lock(&exit_work_lock);
	hash_for_each_possible(exit_works, work, node, (unsigned long)task)
		if (work->task == task)
			break;
	spin_unlock(&exit_work_lock);
	return work;
}

static void exit_work_note(struct exit_work *work)
{
	__module_get(THIS_MODULE);
	spin_lock(&exit_work_lock);
	hash_add(exit_works, &work->node, (unsigned long)work->task);
	spin_unlock(&exit_work_lock);
}

/* xlp.ko may be unloaded afterwards, but for tasks that are inside: see xlp_unhook_exit(). */
static void exit_work_forget(struct exit_work *work)
{
	spin_lock(&exit_work_lock);
	hash_del(&work->node);
	spin_unlock(&exit_work_lock);
	put_task_struct(work->task);
	xlp_free_atomic(work);
	module_put(THIS_MODULE);
}

static void exit_work_run(struct callback_head *head)
{
	struct exit_work *work = container_of(head, struct exit_work, head);

	work->at_exit();
	exit_work_forget(work);
}

int xlp_exit_work_add(struct task_struct *task, void (*at_exit)(void))
{
	struct exit_work *work;
	int err;

	if (exit_work_is_asked(task))
		return 0;
	work = xlp_alloc_atomic(sizeof(*work));
	if (!work)
		return -ENOMEM;
	init_task_work(&work->head, exit_work_run);
	work->task = get_task_struct(task);
	work->at_exit = at_exit;
	work->round = 0;
	exit_work_note(work);
	/* From here on it may be gone at any time. */
	err = task_work_add(task, &work->head, TWA_RESUME);
	if (err)
		exit_work_forget(work);
	return err;
}

static bool exit_work_is_ours(struct callback_head *head, void *unused)
{
	return head->func == exit_work_run;
}

/* The task of one that this round has not tried to take back, with a reference. */
static struct task_struct *exit_work_next_asked(unsigned int bucket, unsigned long round)
{
	struct task_struct *task = NULL;
	struct exit_work *work;

	spin_lock(&exit_work_lock);
	hlist_for_each_entry(work, &exit_works[bucket], node) {
		if (work->round != round) {
			work->round = round;
			task = get_task_struct(work->task);
			break;
		}
	}
	spin_unlock(&exit_work_lock);
	return task;
}

static void exit_work_cancel(struct task_struct *task)
{
	struct callback_head *head =
		unexported(task_work_cancel_match)(task, exit_work_is_ours, NULL);

	if (head)
		exit_work_forget(container_of(head, struct exit_work, head));
}

void xlp_exit_work_cancel_all(void)
{
	static unsigned long round;
	struct task_struct *task;
	unsigned int bucket;

	round++;
	for (bucket = 0; bucket < HASH_SIZE(exit_works); bucket++) {
		while ((task = exit_work_next_asked(bucket, round))) {
			exit_work_cancel(task);
			put_task_struct(task);
		}
	}
}
