// SPDX-License-Identifier: GPL-2.0
/*
 * pass.c - look at every task once, while the machine runs
 *
 * In this order, so that nobody is missed:
 *
 * 1. The task list. Whoever joins it later has no frames yet.
 * 2. Tasks on their way out, which may have left it (leaving.c). Whoever begins to
 *    exit later was on the list in 1.
 * 3. Every CPU in turn, by the thread that makes the pass. While that runs, the CPU's
 *    idle task does not, and neither does anybody who was running there in 1, be
 *    it in user space or in a loop in the kernel: they can be looked at now.
 * 4. If nobody is left, the idle tasks of CPUs that are down. They have no frames, as
 *    they begin anew when their CPU comes up. Not before: an idle task that had been
 *    moved would begin in the new world, and be inside when the others turn back.
 *
 * Interrupts belong to the task they interrupt, and end before it is switched out.
 */
#include <compat/sched.h>
#include <compat/unexported.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include "alloc.h"
#include "blocked.h"
#include "cpus.h"
#include "exitwork.h"
#include "leaving.h"
#include "pass.h"
#include "stack.h"

/* So many running tasks are remembered for each CPU; others wait for the next pass. */
#define RUNNERS_PER_CPU	4

/**
 * struct attempt - one look at a task
 * @pass:	what it is part of
 * @task:	the task, with a reference if it is remembered
 * @verdict:	what its stack showed
 * @err:	0 if that is done with
 */
struct attempt {
	const struct xlp_pass *pass;
	struct task_struct *task;
	struct xlp_stack_verdict verdict;
	int err;
};

/**
 * struct sweep - a pass being made
 * @pass:	the pass
 * @runners:	who was running when it was looked at
 * @nr_runners:	how many of those
 * @max_runners: how many there is room for
 * @lock:	protects @pass and @runners while CPUs are visited
 */
struct sweep {
	struct xlp_pass *pass;
	struct attempt *runners;
	unsigned int nr_runners;
	unsigned int max_runners;
	raw_spinlock_t lock;
};

/* One pass at a time, as xlp_leaving_visit() wants it. */
static DEFINE_MUTEX(pass_mutex);

static bool is_done(const struct xlp_pass *pass, const struct task_struct *task)
{
	return pass->is_done && pass->is_done(task);
}

static int found_clear(const struct xlp_pass *pass, const struct task_struct *task)
{
	return pass->found_clear ? pass->found_clear(task, pass) : 0;
}

/* ---- one task ---- */

/* A task cannot be scheduled in or out here, or it is the one that runs. */
static int try_held(struct task_struct *task, void *data)
{
	struct attempt *attempt = data;

	if (task == current)
		attempt->verdict = xlp_stack_check_self(attempt->pass->code);
	else
		attempt->verdict = xlp_stack_check(task, attempt->pass->code);
	if (attempt->verdict.state != XLP_STACK_CLEAR)
		return -EBUSY;
	return found_clear(attempt->pass, task);
}

static struct attempt try(const struct xlp_pass *pass, struct task_struct *task)
{
	struct attempt attempt = { .pass = pass, .task = task };

	/* A dead task whose stack is gone returns nowhere. */
	if (is_done(pass, task) || !try_get_task_stack(task))
		return attempt;
	attempt.err = task == current ? try_held(task, &attempt) :
		      unexported(task_call_func)(task, try_held, &attempt);
	unexported(put_task_stack)(task);
	return attempt;
}

/*
 * Who does not sleep leaves the kernel in its own time, and not at all if it is
 * inside a loop that runs task work and ends for a signal only: a guest's CPU.
 */
static bool is_to_be_interrupted(const struct xlp_pass *pass, const struct attempt *attempt)
{
	unsigned int state = READ_ONCE(attempt->task->__state);

	if (xlp_is_user_worker(attempt->task) && !pass->wakes_workers)
		return false;
	if (attempt->verdict.state != XLP_STACK_RUNNING && state & TASK_INTERRUPTIBLE)
		return pass->interrupts;
	return pass->insists && state == TASK_RUNNING &&
	       !(attempt->task->flags & PF_KTHREAD);
}

/* It was not seen outside. What can be done so that it is next time? */
static void leave_behind(struct xlp_pass *pass, const struct attempt *attempt)
{
	struct task_struct *task = attempt->task;

	pass->nr_left++;
	/* Nothing wrong with it, but no room to say so, or things have changed. */
	if (attempt->verdict.state == XLP_STACK_CLEAR) {
		pass->blockers->unseen |= attempt->err == -ENOSPC;
		return;
	}
	xlp_blockers_add(pass->blockers, task, attempt->verdict);
	/* Without memory, or too late for it: it is looked at again anyway. */
	if (pass->at_exit && !(task->flags & PF_KTHREAD))
		xlp_exit_work_add(task, pass->at_exit);
	if (is_to_be_interrupted(pass, attempt)) {
		xlp_interrupt(task);
		pass->nr_interrupted++;
	}
}

static bool remember_runner(struct sweep *sweep, const struct attempt *attempt)
{
	if (sweep->nr_runners == sweep->max_runners)
		return false;
	sweep->runners[sweep->nr_runners++] = *attempt;
	get_task_struct(attempt->task);
	return true;
}

/* Whoever runs gets a second chance when its CPU is visited. */
static bool deserves_visit(const struct attempt *attempt)
{
	return attempt->task == current || attempt->verdict.state == XLP_STACK_RUNNING;
}

static void look_at(struct task_struct *task, void *data)
{
	struct sweep *sweep = data;
	struct attempt attempt = try(sweep->pass, task);

	if (!attempt.err || (deserves_visit(&attempt) && remember_runner(sweep, &attempt)))
		return;
	leave_behind(sweep->pass, &attempt);
}

/* ---- all tasks ---- */

/* Under RCU, as tasklist_lock is not exported. */
static void look_at_listed(struct sweep *sweep)
{
	struct task_struct *group, *task;

	rcu_read_lock();
	for_each_process_thread(group, task)
		look_at(task, sweep);
	rcu_read_unlock();
}

static void look_at_leaving(struct sweep *sweep)
{
	if (xlp_leaving_visit(look_at, sweep))
		return;
	sweep->pass->blockers->unseen = true;
	sweep->pass->nr_left++;
}

/* Nobody else runs on this CPU, so the idle task's stack holds still. */
static void look_at_idle(struct sweep *sweep, int cpu)
{
	struct attempt attempt = {
		.pass = sweep->pass,
		.task = unexported(idle_task)(cpu),
	};

	if (is_done(sweep->pass, attempt.task))
		return;
	attempt.err = try_held(attempt.task, &attempt);
	if (!attempt.err)
		return;
	raw_spin_lock(&sweep->lock);
	sweep->pass->nr_left++;
	if (attempt.verdict.state != XLP_STACK_CLEAR)
		xlp_blockers_add(sweep->pass->blockers, attempt.task, attempt.verdict);
	raw_spin_unlock(&sweep->lock);
}

/*
 * Whoever has gone to another CPU meanwhile is met there, or in the next pass: if
 * all CPUs tried all runners, a pass would cost the square of their number.
 */
static void look_from_cpu(int cpu, void *data)
{
	struct sweep *sweep = data;
	struct attempt attempt;
	unsigned int i;

	look_at_idle(sweep, cpu);
	for (i = 0; i < sweep->nr_runners; i++) {
		if (task_cpu(sweep->runners[i].task) != cpu)
			continue;
		attempt = try(sweep->pass, sweep->runners[i].task);
		raw_spin_lock(&sweep->lock);
		/* To have been seen outside once is enough, and to run says least. */
		if (sweep->runners[i].err &&
		    (!attempt.err || attempt.verdict.state != XLP_STACK_RUNNING))
			sweep->runners[i] = attempt;
		raw_spin_unlock(&sweep->lock);
	}
}

/* Not in later passes, if all that is left is tasks that do not run. */
static bool visit_is_needed(const struct sweep *sweep)
{
	int cpu;

	if (sweep->nr_runners)
		return true;
	for_each_online_cpu(cpu)
		if (!is_done(sweep->pass, unexported(idle_task)(cpu)))
			return true;
	return false;
}

/* One that has come up since the visit is looked at in the next pass. */
static void look_at_idle_of_offline(int cpu, void *data)
{
	struct xlp_pass *pass = data;
	struct task_struct *idle = unexported(idle_task)(cpu);

	if (idle && !is_done(pass, idle) && (cpu_online(cpu) || found_clear(pass, idle)))
		pass->nr_left++;
}

static void take_leave_of_runners(struct sweep *sweep)
{
	struct attempt *runner = sweep->runners;

	for (; sweep->nr_runners; sweep->nr_runners--, runner++) {
		if (runner->err)
			leave_behind(sweep->pass, runner);
		put_task_struct(runner->task);
	}
}

void xlp_pass_over_tasks(struct xlp_pass *pass)
{
	struct sweep sweep = { .pass = pass, .max_runners = RUNNERS_PER_CPU * nr_cpu_ids };

	mutex_lock(&pass_mutex);
	pass->nr_left = 0;
	pass->nr_interrupted = 0;
	raw_spin_lock_init(&sweep.lock);
	sweep.runners = xlp_alloc_array(sweep.max_runners, sizeof(*sweep.runners));
	if (!sweep.runners)
		sweep.max_runners = 0;
	look_at_listed(&sweep);
	look_at_leaving(&sweep);
	if (visit_is_needed(&sweep))
		xlp_visit_cpus(look_from_cpu, &sweep);
	take_leave_of_runners(&sweep);
	/* Who only looks need not look at what has no frames. */
	if (pass->is_done && !pass->nr_left)
		xlp_visit_possible_cpus(look_at_idle_of_offline, pass);
	xlp_free(sweep.runners);
	mutex_unlock(&pass_mutex);
}
