// SPDX-License-Identifier: GPL-2.0
/*
 * pass.c - look at every task once, while the machine runs
 *
 * In this order, so that nobody is missed:
 *
 * 1. The task list, in pieces. tasklist.c says why who is on it before and after this has
 *    been met. Whoever joins it later has no frames yet.
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
 *
 * Whoever leaves the list while 1 is under way, and has not been met, is met in 2: a task
 * is noted before it leaves the list, and forgotten when it returns nowhere any more.
 */
#include <compat/sched.h>
#include <compat/unexported.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include "alloc.h"
#include "blocked.h"
#include "costs.h"
#include "cpus.h"
#include "exitwork.h"
#include "leaving.h"
#include "pass.h"
#include "stack.h"
#include "tasklist.h"

/* So many running tasks are remembered for each CPU; others wait for the next pass. */
#define RUNNERS_PER_CPU	4

/**
 * struct pass_attempt - one look at a task
 * @pass:	what it is part of
 * @task:	the task, with a reference if it is remembered
 * @verdict:	what its stack showed
 * @err:	0 if that is done with
 * @has_looked:	its stack had to be looked at
 */
struct pass_attempt {
	const struct xlp_pass *pass;
	struct task_struct *task;
	struct xlp_stack_verdict verdict;
	int err;
	bool has_looked;
};

/**
 * struct pass_sweep - a pass being made
 * @pass:	the pass
 * @runners:	who was running when it was looked at
 * @nr_runners:	how many of those
 * @max_runners: how many there is room for
 * @lock:	protects @pass and @runners while CPUs are visited
 */
struct pass_sweep {
	struct xlp_pass *pass;
	struct pass_attempt *runners;
	unsigned int nr_runners;
	unsigned int max_runners;
	raw_spinlock_t lock;
};

/* One pass at a time, as xlp_leaving_visit() wants it. */
static DEFINE_MUTEX(pass_mutex);

static bool pass_is_done(const struct xlp_pass *pass, const struct task_struct *task)
{
	return pass->is_done && pass->is_done(task);
}

static int pass_found_clear(const struct xlp_pass *pass, const struct task_struct *task)
{
	return pass->found_clear ? pass->found_clear(task, pass) : 0;
}

/* ---- one task ---- */

/* A task cannot be scheduled in or out here, or it is the one that runs. */
static int pass_try_held(struct task_struct *task, void *data)
{
	struct pass_attempt *attempt = data;

	if (task == current)
		attempt->verdict = xlp_stack_check_self(attempt->pass->code);
	else
		attempt->verdict = xlp_stack_check(task, attempt->pass->code);
	if (attempt->verdict.state != XLP_STACK_CLEAR)
		return -EBUSY;
	return pass_found_clear(attempt->pass, task);
}

static struct pass_attempt pass_try(const struct xlp_pass *pass, struct task_struct *task)
{
	struct pass_attempt attempt = { .pass = pass, .task = task };

	/* A dead task whose stack is gone returns nowhere. */
	if (pass_is_done(pass, task) || !try_get_task_stack(task))
		return attempt;
	attempt.has_looked = true;
	attempt.err = task == current ? pass_try_held(task, &attempt) :
		      unexported(task_call_func)(task, pass_try_held, &attempt);
	unexported(put_task_stack)(task);
	return attempt;
}

/*
 * Who does not sleep leaves the kernel in its own time, and not at all if it is
 * inside a loop that runs task work and ends for a signal only: a guest's CPU.
 */
static bool pass_is_to_interrupt(const struct xlp_pass *pass, const struct pass_attempt *attempt)
{
	unsigned int state = READ_ONCE(attempt->task->__state);

	if (xlp_is_user_worker(attempt->task) && !pass->wakes_workers)
		return false;
	if (attempt->verdict.state != XLP_STACK_RUNNING && state & TASK_INTERRUPTIBLE)
		return pass->interrupts;
	return pass->insists && state == TASK_RUNNING &&
	       !(attempt->task->flags & PF_KTHREAD);
}

static bool pass_is_in_doubt(const struct pass_attempt *attempt)
{
	return !(attempt->task->flags & PF_KTHREAD) &&
	       (attempt->verdict.state == XLP_STACK_MAYBE ||
		attempt->verdict.state == XLP_STACK_UNRELIABLE);
}

/* It was not seen outside. What can be done so that it is next time? */
static void pass_leave_behind(struct xlp_pass *pass, const struct pass_attempt *attempt)
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
	if (pass_is_to_interrupt(pass, attempt)) {
		xlp_interrupt(task);
		pass->nr_interrupted++;
		pass->nr_doubted += pass_is_in_doubt(attempt);
	}
}

static bool pass_remember_runner(struct pass_sweep *sweep, const struct pass_attempt *attempt)
{
	if (sweep->nr_runners == sweep->max_runners)
		return false;
	sweep->runners[sweep->nr_runners++] = *attempt;
	get_task_struct(attempt->task);
	return true;
}

/* Whoever runs gets a second chance when its CPU is visited. */
static bool pass_deserves_visit(const struct pass_attempt *attempt)
{
	return attempt->task == current || attempt->verdict.state == XLP_STACK_RUNNING;
}

/* True if its stack had to be looked at. */
static bool pass_look_at(struct task_struct *task, void *data)
{
	struct pass_sweep *sweep = data;
	struct pass_attempt attempt = pass_try(sweep->pass, task);

	if (attempt.err &&
	    !(pass_deserves_visit(&attempt) && pass_remember_runner(sweep, &attempt)))
		pass_leave_behind(sweep->pass, &attempt);
	return attempt.has_looked;
}

/* ---- all tasks ---- */

static void pass_look_at_leaver(struct task_struct *task, void *data)
{
	pass_look_at(task, data);
}

static void pass_look_at_leaving(struct pass_sweep *sweep)
{
	if (xlp_leaving_visit(pass_look_at_leaver, sweep))
		return;
	sweep->pass->blockers->unseen = true;
	sweep->pass->nr_left++;
}

/* Nobody else runs on this CPU, so the idle task's stack holds still. */
static void pass_look_at_idle(struct pass_sweep *sweep, int cpu)
{
	struct pass_attempt attempt = {
		.pass = sweep->pass,
		.task = unexported(idle_task)(cpu),
	};

	if (pass_is_done(sweep->pass, attempt.task))
		return;
	attempt.err = pass_try_held(attempt.task, &attempt);
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
static void pass_look_from_cpu(int cpu, void *data)
{
	struct pass_sweep *sweep = data;
	struct pass_attempt attempt;
	u64 since = xlp_costs_hold();
	unsigned int i;

	pass_look_at_idle(sweep, cpu);
	for (i = 0; i < sweep->nr_runners; i++) {
		if (task_cpu(sweep->runners[i].task) != cpu)
			continue;
		attempt = pass_try(sweep->pass, sweep->runners[i].task);
		raw_spin_lock(&sweep->lock);
		/* To have been seen outside once is enough, and to run says least. */
		if (sweep->runners[i].err &&
		    (!attempt.err || attempt.verdict.state != XLP_STACK_RUNNING))
			sweep->runners[i] = attempt;
		raw_spin_unlock(&sweep->lock);
	}
	xlp_costs_held(since);
}

/* Not in later passes, if all that is left is tasks that do not run. */
static bool pass_visit_is_needed(const struct pass_sweep *sweep)
{
	int cpu;

	if (sweep->nr_runners)
		return true;
	for_each_online_cpu(cpu)
		if (!pass_is_done(sweep->pass, unexported(idle_task)(cpu)))
			return true;
	return false;
}

/* One that has come up since the visit is looked at in the next pass. */
static void pass_look_at_idle_of_offline(int cpu, void *data)
{
	struct xlp_pass *pass = data;
	struct task_struct *idle = unexported(idle_task)(cpu);

	if (idle && !pass_is_done(pass, idle) && (cpu_online(cpu) || pass_found_clear(pass, idle)))
		pass->nr_left++;
}

static void pass_take_leave_of_runners(struct pass_sweep *sweep)
{
	struct pass_attempt *runner = sweep->runners;

	for (; sweep->nr_runners; sweep->nr_runners--, runner++) {
		if (runner->err)
			pass_leave_behind(sweep->pass, runner);
		put_task_struct(runner->task);
	}
}

void xlp_pass_over_tasks(struct xlp_pass *pass)
{
	struct pass_sweep sweep = { .pass = pass, .max_runners = RUNNERS_PER_CPU * nr_cpu_ids };
	struct xlp_costs since;

	mutex_lock(&pass_mutex);
	since = xlp_costs_begin();
	pass->nr_left = 0;
	pass->nr_interrupted = 0;
	pass->nr_doubted = 0;
	raw_spin_lock_init(&sweep.lock);
	sweep.runners = xlp_alloc_array(sweep.max_runners, sizeof(*sweep.runners));
	if (!sweep.runners)
		sweep.max_runners = 0;
	xlp_tasklist_walk(pass_look_at, &sweep);
	pass_look_at_leaving(&sweep);
	if (pass_visit_is_needed(&sweep))
		xlp_visit_cpus(pass_look_from_cpu, &sweep);
	pass_take_leave_of_runners(&sweep);
	/* Who only looks need not look at what has no frames. */
	if (pass->is_done && !pass->nr_left)
		xlp_visit_possible_cpus(pass_look_at_idle_of_offline, pass);
	xlp_free(sweep.runners);
	xlp_costs_passed(since);
	mutex_unlock(&pass_mutex);
}
