// SPDX-License-Identifier: GPL-2.0
/*
 * tasks.c - an instant at which no task is inside some code
 *
 * Reading all stacks takes milliseconds when tasks are many, too long to stop the
 * machine for. So they are read before, each task held still while it is looked
 * at, and what is found is valid as long as the task has not run since: its count
 * of context switches grows whenever it is switched out. With the machine stopped
 * every task is switched out, so that comparing the counts shows which stacks
 * have to be read again. What one try has found serves the next one, too.
 *
 * Who must be looked at: the tasks on the task list; those that have left it and
 * have not come to their end (leaving.c); the idle tasks, which are on no list;
 * and the stoppers, one for each CPU, which are the only tasks that run then.
 */
#include "log.h"

#include <compat/clock.h>
#include <compat/sched.h>
#include <compat/unexported.h>
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/stop_machine.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "blocked.h"
#include "leaving.h"
#include "stack.h"
#include "tasklist.h"
#include "tasks.h"

/*
 * A task that was clear when it had been switched so often and had saved this
 * stack pointer. Holds a reference, so that no other task gets its address.
 */
struct tasks_record {
	struct task_struct *task;
	unsigned long switches;
	unsigned long sp;
};

/* On which CPU the machine was stopped from when to when. */
struct tasks_stamp {
	u64 from;
	u64 to;
};

/**
 * struct xlp_clear_tasks - tasks that were found clear
 * @nr:		how many
 * @max:	how many may be: half of the table
 * @bits:	log2 of its size
 * @records:	open-addressing table by task
 */
struct xlp_clear_tasks {
	unsigned int nr;
	unsigned int max;
	unsigned int bits;
	struct tasks_record records[];
};

struct tasks_sweep {
	struct xlp_instant *instant;
	struct tasks_stamp *stamps;		/* by CPU */
	atomic_t decided;		/* some CPU decides or has decided */
	int result;
};

static unsigned long tasks_switches_of(const struct task_struct *task)
{
	return READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw);
}

/* The record of a task, or the free one where the search ended. */
static struct tasks_record *tasks_find_record(struct xlp_clear_tasks *clear,
					      const struct task_struct *task)
{
	unsigned int i = hash_ptr(task, clear->bits);

	while (clear->records[i].task && clear->records[i].task != task)
		i = (i + 1) & ((1U << clear->bits) - 1);
	return &clear->records[i];
}

/*
 * Is a task where it was when it was found clear? True also of one that runs: it has not
 * been switched out since, and will have been when the machine is stopped.
 */
static bool tasks_is_still_clear(struct xlp_clear_tasks *clear, const struct task_struct *task)
{
	const struct tasks_record *record = tasks_find_record(clear, task);

	if (!record->task)
		return false;
	return record->switches == tasks_switches_of(task) &&
	       record->sp == xlp_arch_saved_sp(task);
}

/* Whoever finds no room is simply looked at again in the stop. */
static void tasks_keep_record(struct xlp_clear_tasks *clear, const struct tasks_record *kept)
{
	struct tasks_record *record = tasks_find_record(clear, kept->task);

	if (!record->task && clear->nr == clear->max)
		return;
	if (!record->task) {
		get_task_struct(kept->task);
		clear->nr++;
	}
	*record = *kept;
}

/* The task is held still: what is read here belongs to the stack that was found clear. */
static void tasks_record_clear(struct xlp_clear_tasks *clear, struct task_struct *task)
{
	tasks_keep_record(clear, &(struct tasks_record){
		.task = task,
		.switches = tasks_switches_of(task),
		.sp = xlp_arch_saved_sp(task),
	});
}

/*
 * Records as they are: a task may run meanwhile, and its count of now says nothing of where
 * it was. Those that are true no more, or of a task that will be gone, only need room.
 */
static void tasks_carry_over(struct xlp_clear_tasks *clear, struct xlp_clear_tasks *from)
{
	const struct tasks_record *record;

	for (record = from->records; record < from->records + (1UL << from->bits); record++)
		if (record->task && !(record->task->flags & PF_EXITING) &&
		    tasks_is_still_clear(from, record->task))
			tasks_keep_record(clear, record);
}

/*
 * A dead task whose stack is gone returns nowhere. There may be many zombies, so this comes
 * before the look for a record; for a task that loses its stack now, try_get_task_stack()
 * decides.
 */
static bool tasks_has_no_stack(const struct task_struct *task)
{
	return !READ_ONCE(task->stack);
}

/* ---- before the stop ---- */

/* A task cannot be scheduled in or out here. */
static int tasks_look_at_held(struct task_struct *task, void *data)
{
	struct tasks_sweep *sweep = data;
	struct xlp_stack_verdict verdict = xlp_stack_check(task, sweep->instant->code);

	switch (verdict.state) {
	case XLP_STACK_CLEAR:
		tasks_record_clear(sweep->instant->clear, task);
		return 0;
	case XLP_STACK_RUNNING:
		return 0;
	default:
		xlp_blockers_add(sweep->instant->blockers, task, verdict);
		return -EBUSY;
	}
}

/* True if its stack had to be looked at. */
static bool tasks_look_at(struct task_struct *task, void *data)
{
	struct tasks_sweep *sweep = data;

	sweep->instant->nr_tasks++;
	/* Clear since an earlier try, perhaps. */
	if (tasks_has_no_stack(task) || tasks_is_still_clear(sweep->instant->clear, task) ||
	    !try_get_task_stack(task))
		return false;
	/* Go on after the first: the report names all that are in the way. */
	if (unexported(task_call_func)(task, tasks_look_at_held, sweep))
		sweep->result = -EBUSY;
	unexported(put_task_stack)(task);
	return true;
}

/*
 * Whoever joins the list behind our back is met in the stop. To stop the machine for who
 * cannot be met would be in vain.
 */
static int tasks_look_at_all(struct tasks_sweep *sweep)
{
	u64 started = ktime_get_ns();

	xlp_tasklist_walk(tasks_look_at, sweep);
	sweep->instant->check_ns = ktime_get_ns() - started;
	if (!xlp_leaving_is_any_missing())
		return sweep->result;
	sweep->instant->blockers->unseen = true;
	return -EBUSY;
}

/* ---- in the stop ---- */

static void tasks_look_at_stopped(struct task_struct *task, void *data)
{
	struct tasks_sweep *sweep = data;
	struct xlp_stack_verdict verdict;

	if (tasks_has_no_stack(task) || tasks_is_still_clear(sweep->instant->clear, task) ||
	    !try_get_task_stack(task))
		return;
	sweep->instant->nr_rechecked++;
	verdict = xlp_stack_check(task, sweep->instant->code);
	/* Not the last reference: nobody else has dropped one meanwhile. */
	unexported(put_task_stack)(task);
	/* Only stoppers run, and one of them speaks for all: see tasks_decide(). */
	if (verdict.state == XLP_STACK_CLEAR || verdict.state == XLP_STACK_RUNNING)
		return;
	xlp_blockers_add(sweep->instant->blockers, task, verdict);
	sweep->result = -EBUSY;
}

static void tasks_look_at_all_stopped(struct tasks_sweep *sweep)
{
	struct task_struct *group, *task;
	int cpu;

	for_each_process_thread(group, task)
		tasks_look_at_stopped(task, sweep);
	if (!xlp_leaving_for_each(tasks_look_at_stopped, sweep)) {
		sweep->instant->blockers->unseen = true;
		sweep->result = -EBUSY;
	}
	/* No CPU comes or goes now; the idle task of one that is down starts anew. */
	for_each_online_cpu(cpu)
		tasks_look_at_stopped(unexported(idle_task)(cpu), sweep);
}

static void tasks_decide(struct tasks_sweep *sweep)
{
	struct xlp_stack_verdict verdict = xlp_stack_check_self(sweep->instant->code);

	/* All stoppers have come here by the same calls. */
	if (verdict.state != XLP_STACK_CLEAR) {
		verdict.state = XLP_STACK_RUNNING;
		xlp_blockers_add(sweep->instant->blockers, current, verdict);
		sweep->result = -EBUSY;
	}
	tasks_look_at_all_stopped(sweep);
	if (!sweep->result)
		sweep->instant->commit(sweep->instant->data);
}

/*
 * Runs on every CPU, all with interrupts off; none goes on before all are
 * through. What the deciding CPU writes is seen by the others when they go on,
 * since stop_machine() orders its steps by fully ordered atomics.
 */
static int tasks_stopped(void *data)
{
	struct tasks_sweep *sweep = data;
	struct tasks_stamp *stamp = &sweep->stamps[smp_processor_id()];

	stamp->from = xlp_running_since();
	if (!atomic_xchg(&sweep->decided, 1))
		tasks_decide(sweep);
	stamp->to = local_clock();
	return 0;
}

static u64 tasks_freeze_of(const struct tasks_sweep *sweep)
{
	u64 from = U64_MAX, to = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (!sweep->stamps[cpu].to)
			continue;
		from = min(from, sweep->stamps[cpu].from);
		to = max(to, sweep->stamps[cpu].to);
	}
	return to - min(from, to);
}

/* ---- between tries ---- */

static int tasks_look_again(struct task_struct *task, void *code)
{
	struct xlp_stack_verdict verdict = xlp_stack_check(task, code);

	return verdict.state == XLP_STACK_CLEAR || verdict.state == XLP_STACK_RUNNING ? 0 : -EBUSY;
}

bool xlp_blockers_gone(struct xlp_blockers *blockers, const struct xlp_code *code)
{
	struct xlp_blocker *slot;
	bool gone = !blockers->unseen || !xlp_leaving_is_any_missing();

	xlp_for_each_blocker_slot(blockers, slot) {
		if (!slot->task || !try_get_task_stack(slot->task))
			continue;
		if (unexported(task_call_func)(slot->task, tasks_look_again, (void *)code)) {
			slot->times++;
			gone = false;
		}
		unexported(put_task_stack)(slot->task);
	}
	return gone;
}

/* ---- the whole ---- */

static bool tasks_count(struct task_struct *task, void *data)
{
	unsigned int *nr = data;

	++*nr;
	return false;
}

unsigned int xlp_count_tasks(void)
{
	unsigned int nr = 0;

	xlp_tasklist_walk(tasks_count, &nr);
	return nr;
}

static struct xlp_clear_tasks *tasks_alloc_clear(void)
{
	struct xlp_clear_tasks *clear;
	unsigned int nr = xlp_count_tasks();
	/* Some more than now, for tasks that come meanwhile. */
	unsigned int bits = ilog2(roundup_pow_of_two(nr + nr / 4 + 64)) + 1;

	clear = xlp_alloc(struct_size(clear, records, 1UL << bits));
	if (!clear)
		return NULL;
	clear->bits = bits;
	clear->max = 1U << (bits - 1);
	return clear;
}

void xlp_clear_tasks_free(struct xlp_clear_tasks *clear)
{
	unsigned int i;

	for (i = 0; clear && i < 1U << clear->bits; i++)
		if (clear->records[i].task)
			put_task_struct(clear->records[i].task);
	xlp_free(clear);
}

/* With room for the tasks of now, and without those that are gone. */
static int tasks_renew_clear(struct xlp_instant *instant)
{
	struct xlp_clear_tasks *clear = tasks_alloc_clear();

	if (!clear)
		return -ENOMEM;
	if (instant->clear)
		tasks_carry_over(clear, instant->clear);
	xlp_clear_tasks_free(instant->clear);
	instant->clear = clear;
	return 0;
}

int xlp_instant_look(struct xlp_instant *instant)
{
	struct tasks_sweep sweep = { .instant = instant };
	int err = tasks_renew_clear(instant);

	if (err)
		return err;
	instant->stopped = false;
	instant->nr_tasks = 0;
	xlp_blockers_next_try(instant->blockers);
	return tasks_look_at_all(&sweep);
}

int xlp_instant_stop(struct xlp_instant *instant)
{
	struct tasks_sweep sweep = { .instant = instant };
	int err;

	instant->nr_rechecked = 0;
	sweep.stamps = xlp_alloc_array(nr_cpu_ids, sizeof(*sweep.stamps));
	if (!sweep.stamps)
		return -ENOMEM;
	instant->stopped = true;
	err = stop_machine(tasks_stopped, &sweep, cpu_online_mask) ?: sweep.result;
	instant->freeze_ns = tasks_freeze_of(&sweep);
	xlp_free(sweep.stamps);
	return err;
}
