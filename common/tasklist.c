// SPDX-License-Identifier: GPL-2.0
/*
 * tasklist.c - all tasks of the task list, a bounded piece at a time
 *
 * tasklist_lock is not exported, so the list is walked under RCU. RCU must not be held for
 * as long as tens of thousands of tasks take, so it is left after each piece. By then the
 * task where the piece ended, its place, may be reaped, and what its links lead to freed.
 *
 * Why going on from a place is safe. A place has a reference. With RCU held again it is
 * asked whether it has its PID still. A task loses that under tasklist_lock in the same
 * hold in which it leaves the list. If it has it, then whatever the place's links lead to
 * leaves the list later than that, so after RCU was taken, and is not freed before RCU is
 * left. If not, the place is lost, its links are not followed, and the walk goes on from
 * the place before, which is on the list, or from the place before that; if all are lost,
 * from the beginning.
 *
 * Why nobody is missed. Tasks join at the end: processes that of their list, threads that
 * of their process's. Nobody changes places. So whoever was on the list when the walk
 * began is behind the place from which it goes on, or was visited before the walk came to
 * that place. exec by a thread that is not the first of its process is no exception,
 * though it hands over the leader's PID and place in the list of processes: its own place
 * in the list of threads, by which it is found, is what it was. The old leader is out of
 * the list of processes then and keeps a PID for a moment longer; hence processes are
 * never gone on from by their own link, but by that of whoever leads now. That is written
 * in the same hold of tasklist_lock, so the argument above holds for it, too.
 *
 * Why it ends. What is walked again lies between a place that was lost and the one before
 * it. So to walk a piece again takes the death of a task which was alive when the piece
 * was walked first, and those who are born meanwhile join behind it.
 */
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include "costs.h"
#include "tasklist.h"

/*
 * What a piece may cost, if to pass over a task costs 1. Reading a stack takes 2 us on
 * average and 20 us if it is deep, which makes 70 us and 640 us for 32 of them.
 */
#define PIECE		512
#define STACK_READ	16

/* So many places are remembered; before one more is, every other one is forgotten. */
#define PLACES		32

/**
 * struct tasklist_walk - a walk under way
 * @places:	where pieces ended, the last one last, each with a reference
 * @nr:		how many
 */
struct tasklist_walk {
	struct task_struct *places[PLACES];
	unsigned int nr;
};

atomic_t xlp_tasklist_crawls = ATOMIC_INIT(0);

/* ---- the list, under RCU ---- */

static struct task_struct *tasklist_next_process(struct task_struct *process)
{
	return list_next_or_null_rcu(&init_task.tasks, &process->tasks, struct task_struct, tasks);
}

static struct task_struct *tasklist_first_thread(struct task_struct *process)
{
	return list_first_or_null_rcu(&process->signal->thread_head, struct task_struct,
				      thread_node);
}

/* NULL: it is the last of its process. */
static struct task_struct *tasklist_next_thread(struct task_struct *task)
{
	return list_next_or_null_rcu(&task->signal->thread_head, &task->thread_node,
				     struct task_struct, thread_node);
}

/* A process that has just left the list has no threads, and is passed over. */
static struct task_struct *tasklist_next(struct task_struct *task)
{
	struct task_struct *next = task ? tasklist_next_thread(task) : NULL;
	struct task_struct *process = task ? READ_ONCE(task->group_leader) : &init_task;

	while (!next) {
		process = tasklist_next_process(process);
		if (!process)
			return NULL;
		next = tasklist_first_thread(process);
	}
	return next;
}

/* ---- places ---- */

static void tasklist_forget_every_other(struct tasklist_walk *walk)
{
	unsigned int i;

	for (i = 0; i < PLACES / 2; i++) {
		put_task_struct(walk->places[2 * i]);
		walk->places[i] = walk->places[2 * i + 1];
	}
	walk->nr = PLACES / 2;
}

static void tasklist_remember(struct tasklist_walk *walk, struct task_struct *task)
{
	if (walk->nr == PLACES)
		tasklist_forget_every_other(walk);
	walk->places[walk->nr++] = get_task_struct(task);
}

static void tasklist_forget_last(struct tasklist_walk *walk)
{
	put_task_struct(walk->places[--walk->nr]);
}

/* The last place that is not lost, or NULL: the beginning. Under RCU. */
static struct task_struct *tasklist_return(struct tasklist_walk *walk)
{
	while (walk->nr) {
		if (pid_alive(walk->places[walk->nr - 1]))
			return walk->places[walk->nr - 1];
		tasklist_forget_last(walk);
		xlp_costs_place_lost();
	}
	return NULL;
}

/* ---- the walk ---- */

static int tasklist_piece(void)
{
	return unlikely(atomic_read(&xlp_tasklist_crawls)) ? 1 : PIECE;
}

/* False: that was the last piece. */
static bool tasklist_walk_piece(struct tasklist_walk *walk,
				bool (*visit)(struct task_struct *task, void *data), void *data)
{
	int left = tasklist_piece();
	struct task_struct *task;
	u64 since;

	rcu_read_lock();
	since = xlp_costs_hold();
	task = tasklist_return(walk);
	while ((task = tasklist_next(task))) {
		left -= visit(task, data) ? STACK_READ : 1;
		if (left > 0 && !need_resched())
			continue;
		tasklist_remember(walk, task);
		break;
	}
	xlp_costs_held(since);
	rcu_read_unlock();
	return task;
}

static void tasklist_pause(void)
{
	if (unlikely(atomic_read(&xlp_tasklist_crawls)))
		schedule_timeout_idle(1);
	else
		cond_resched();
}

void xlp_tasklist_walk(bool (*visit)(struct task_struct *task, void *data), void *data)
{
	struct tasklist_walk walk = { .nr = 0 };

	while (tasklist_walk_piece(&walk, visit, data))
		tasklist_pause();
	while (walk.nr)
		tasklist_forget_last(&walk);
}
