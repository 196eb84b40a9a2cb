// SPDX-License-Identifier: GPL-2.0
/*
 * transition.c - the per-task model: tasks change over one by one
 *
 *	NONE --begin--> MOVING --every task seen at the goal--> DECIDED --> NONE
 *			 ^ | turn			   ^
 *			 +-+ ------force, leave--> CALLED_OVER
 *
 * While it is MOVING, passes over all tasks are made by a thread of xlp's own, soon
 * after each other at first. A worker of the kernel's would be inside the function
 * that runs work items, which may be the one that is patched. Once it is DECIDED, targets are
 * direct again; what is left to do is to wait for those who still read the worlds, and
 * then to forget those. That wait is the thread's own, between two events.
 */
#include "log.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include "affected.h"
#include "alloc.h"
#include "blocked.h"
#include "code.h"
#include "costs.h"
#include "cpus.h"
#include "engine.h"
#include "entering.h"
#include "exitwork.h"
#include "notify.h"
#include "pass.h"
#include "patch.h"
#include "patience.h"
#include "plan.h"
#include "publish.h"
#include "stack.h"
#include "tasks.h"
#include "thread.h"
#include "transition.h"
#include "world.h"

/* From one pass to the next: doubling from the first to the last. */
#define FIRST_DELAY_MS	1
#define LAST_DELAY_MS	256

/*
 * So many times signal_ms after its beginning a transition is announced to be held up,
 * with the default when in-kernel livepatch says so: after 15 seconds.
 */
#define ANNOUNCED_AFTER	150

/* An hour: neither twice nor ANNOUNCED_AFTER times as long overflows. */
#define LONGEST_SIGNAL_MS	3600000U

static unsigned int signal_ms = 100;
module_param(signal_ms, uint, 0644);
MODULE_PARM_DESC(signal_ms, "after how many milliseconds of a transition tasks that sleep interruptibly inside a function are woken; 0: never. The time between wakings doubles from this, up to an hour. Read when a transition begins or turns.");

static unsigned int give_up_ms;
module_param(give_up_ms, uint, 0644);
MODULE_PARM_DESC(give_up_ms, "after how many milliseconds a transition that is still held up is reversed, once; 0: never. Not one that was reversed or forced before.");

/**
 * struct old_code - a set that is not in use any more, but may still be read
 * @code:	the set
 * @next:	the next, or NULL
 */
struct old_code {
	struct xlp_code *code;
	struct old_code *next;
};

/**
 * enum transition_state - where a transition is
 * @TRANSITION_NONE: none is under way
 * @TRANSITION_MOVING: tasks change over; it can be turned
 * @TRANSITION_CALLED_OVER: it is to be over behind the next pass, wherever tasks are
 * @TRANSITION_DECIDED: targets are direct, and those who may still read the worlds are
 *		waited for
 */
enum transition_state {
	TRANSITION_NONE,
	TRANSITION_MOVING,
	TRANSITION_CALLED_OVER,
	TRANSITION_DECIDED,
};

/**
 * struct transition - what is under way
 * @state:	see above [E]
 * @plan:	what it is about [E]
 * @old_code:	what it was before objects came [E]
 * @forced:	somebody has asked to call it over [E]
 * @first_way:	it goes where it began to go, and nobody has called it over [E]
 * @delay_ms:	until the next pass [E]
 * @signal_at:	when tasks are woken next, in jiffies [E]
 * @signal_ms:	time from then to the waking after that [E]
 * @announce_at: when the kernel's own line says that tasks are woken, in jiffies [E]
 * @announced:	it has been said, or never will be [E]
 * @warned:	that it is held up has been logged in words of xlp's [E]
 * @nr_passes:	how many there were in vain since it goes this way [E]
 * @nr_signals:	how many tasks were woken [E]
 * @nr_doubted:	of those who were woken last, &xlp_pass.nr_doubted [E]
 * @started:	when it began, in ns [E]
 * @pause:	what was meant to lie between the last pass and the next, in jiffies [E]
 * @patience:	how long it is under way [E]
 */
struct transition {
	enum transition_state state;
	struct xlp_plan plan;
	struct old_code *old_code;
	bool forced;
	bool first_way;
	unsigned int delay_ms;
	unsigned long signal_at;
	unsigned int signal_ms;
	unsigned long announce_at;
	bool announced;
	bool warned;
	unsigned int nr_passes;
	unsigned int nr_signals;
	unsigned int nr_doubted;
	u64 started;
	unsigned long pause;
	struct xlp_patience patience;
};

static struct transition transition_now;
/*
 * Written in events and read outside of them too, a word at a time: so they are no parts of
 * what is set as a whole.
 */
/* Which patch it is about, or NULL. Whoever reads it elsewhere only shows what was true then. */
static const struct xlp_live_patch *transition_patch;
/*
 * What tasks must be outside of; NULL: nothing. Read by tasks on their way out of the kernel,
 * with preemption disabled.
 */
static struct xlp_code *transition_code;
/* Of the pass that is being made; touched by the thread only. */
static struct xlp_blockers transition_found;

static void transition_step(void);
static struct xlp_thread transition_thread = XLP_THREAD(transition_thread, transition_step);

static void transition_hurry_up(void)
{
	xlp_thread_ask(&transition_thread, 0);
}

static bool transition_is_enabling(void)
{
	return transition_now.plan.enables == (xlp_worlds_goal() == XLP_AFTER);
}

static const char *transition_direction(void)
{
	return transition_is_enabling() ? "patching" : "unpatching";
}

/* ---- what is under way ---- */

const struct xlp_live_patch *xlp_transition_patch(void)
{
	return READ_ONCE(transition_patch);
}

const char *xlp_transition_change(void)
{
	return transition_is_enabling() ? "enabled" : "disabled";
}

bool xlp_transition_covers(const struct xlp_live_patch *patch)
{
	unsigned int i;

	xlp_engine_assert();
	for (i = 0; i < transition_now.plan.nr_affected; i++)
		if (transition_now.plan.affected[i] == patch)
			return true;
	return false;
}

bool xlp_transition_has_looked(const struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	return transition_now.plan.patch != patch ||
	       (transition_now.nr_passes && transition_now.state == TRANSITION_MOVING);
}

bool xlp_transition_is_ending(void)
{
	xlp_engine_assert();
	return transition_now.state > TRANSITION_MOVING;
}

/* ---- the end ---- */

static void transition_free_codes(struct xlp_code *code)
{
	struct old_code *old;

	xlp_code_free(code);
	while ((old = transition_now.old_code)) {
		transition_now.old_code = old->next;
		xlp_code_free(old->code);
		xlp_free(old);
	}
}

static void transition_note_end(void)
{
	struct xlp_live_patch *patch = transition_now.plan.patch;
	u64 us = div_u64(patch->figures.moved_ns, NSEC_PER_USEC);
	unsigned int i;

	xlp_own_info("'%s': %u passes over the tasks in %llu us, %u woken\n",
		     xlp_patch_name(patch), patch->figures.nr_checks, us,
		     patch->figures.nr_signals);
	patch->blockers.change = NULL;
	for (i = 0; transition_now.forced && i < transition_now.plan.nr_affected; i++)
		if (transition_now.plan.affected[i])
			transition_now.plan.affected[i]->forced = true;
	xlp_publish_finished(&transition_now.plan);
}

/* All tasks are at the goal, or count as if they were: calls need not ask any more. */
static void transition_decide(void)
{
	struct xlp_patch_figures *figures = &transition_now.plan.patch->figures;

	xlp_engine_assert();
	pr_debug("'%s': completing %s transition\n", xlp_patch_name(transition_now.plan.patch),
		 transition_direction());
	transition_now.state = TRANSITION_DECIDED;
	figures->moved_ns = ktime_get_ns() - transition_now.started;
	figures->nr_checks = transition_found.try;
	figures->nr_signals = transition_now.nr_signals;
	xlp_publish_settled(&transition_now.plan, xlp_worlds_goal());
}

/* The second event of the end. */
static void transition_close(struct xlp_code *code)
{
	struct xlp_live_patch *patch;

	xlp_engine_enter();
	patch = transition_now.plan.patch;
	xlp_worlds_close();
	transition_note_end();
	transition_free_codes(code);
	xlp_free(transition_now.plan.affected);
	WRITE_ONCE(transition_patch, NULL);
	memset(&transition_now, 0, sizeof(transition_now));
	xlp_publish_notify(patch);
	xlp_engine_changed();
	xlp_engine_leave();
}

/* DECIDED is the thread's to end; others only drop what is affected and has gone. */
static void transition_finish(void)
{
	/* No task that leaves the kernel begins to look at its stack any more. */
	struct xlp_code *code = xchg(&transition_code, NULL);

	xlp_entering_unwatch();
	/*
	 * Handlers that have read XLP_ASK are through then: see xlp_target_of_task().
	 * So are tasks that look at their own stacks: see transition_at_border().
	 */
	xlp_visit_cpus(NULL, NULL);
	xlp_exit_work_cancel_all();
	transition_close(code);
}

/* ---- passes ---- */

static bool transition_signals_are_due(void)
{
	return transition_now.signal_ms && time_after_eq(jiffies, transition_now.signal_at);
}

static void transition_plan_next_pass(const struct xlp_pass *pass)
{
	unsigned long delay, now = jiffies;

	if (pass->interrupts) {
		transition_now.signal_ms = min(2 * transition_now.signal_ms, LONGEST_SIGNAL_MS);
		transition_now.signal_at = jiffies + msecs_to_jiffies(transition_now.signal_ms);
		/* Those who were woken will be on their way soon. */
		transition_now.delay_ms = FIRST_DELAY_MS;
	}
	delay = msecs_to_jiffies(transition_now.delay_ms);
	if (transition_now.signal_ms && time_before(transition_now.signal_at, now + delay))
		delay = time_after(transition_now.signal_at, now) ?
			transition_now.signal_at - now : 1;
	transition_now.delay_ms = min(2 * transition_now.delay_ms, LAST_DELAY_MS);
	transition_now.pause = xlp_costs_spaced(delay);
	xlp_thread_ask(&transition_thread, transition_now.pause);
}

/* Once, for whoever waits for that line before looking at those that are left. */
static void transition_announce_signals(void)
{
	if (transition_now.announced || time_before(jiffies, transition_now.announce_at))
		return;
	transition_now.announced = true;
	pr_notice("signaling remaining tasks\n");
	transition_now.signal_at = jiffies;
}

/* Once: a transition that takes so long will not be over soon. */
static void transition_report_held_up(const struct xlp_pass *pass)
{
	const struct xlp_live_patch *patch = transition_now.plan.patch;
	const struct xlp_blocker *first = xlp_blockers_first(&patch->blockers);

	if (transition_now.warned || !pass->interrupts)
		return;
	transition_now.warned = true;
	if (first)
		xlp_own_notice("'%s': task %s/%d holds up that it is %s, %s in %pS, and %u more: waking those that sleep\n",
			       xlp_patch_name(patch), first->comm, first->pid,
			       xlp_transition_change(), first->why,
			       xlp_verdict_where(&first->verdict), patch->blockers.nr - 1);
	else
		xlp_own_notice("'%s': held up by a task that could not be noted\n",
			       xlp_patch_name(patch));
}

/* Of the pause's length, a pass is half by itself: see xlp_costs_spaced(). */
static void transition_look_at_clock(void)
{
	xlp_patience_look(&transition_now.patience,
			  transition_now.pause + transition_now.pause / 2);
}

static bool transition_is_given_up(void)
{
	unsigned int ms = READ_ONCE(give_up_ms);

	/* Whoever has begun it is told of that first, which takes a look at all tasks. */
	return ms && transition_now.first_way && transition_now.nr_passes &&
	       xlp_patience_is_over(&transition_now.patience, ms);
}

/* Once: nobody is to find a patch half in effect the next morning. */
static void transition_give_up(void)
{
	struct xlp_live_patch *patch = transition_now.plan.patch;
	const struct xlp_blocker *first = xlp_blockers_first(&patch->blockers);

	if (first)
		pr_warn("'%s': given up, going back: task %s/%d holds up that it is %s, %s in %pS, and %u more\n",
			xlp_patch_name(patch), first->comm, first->pid, xlp_transition_change(),
			first->why, xlp_verdict_where(&first->verdict), patch->blockers.nr - 1);
	else
		pr_warn("'%s': given up, going back: a task that could not be noted holds up that it is %s\n",
			xlp_patch_name(patch), xlp_transition_change());
	xlp_transition_turn();
	xlp_notify(patch, "given-up", xlp_transition_change());
}

/* Return: true if it is DECIDED now. */
static bool transition_conclude(const struct xlp_pass *pass)
{
	bool called_over = transition_now.state == TRANSITION_CALLED_OVER;

	xlp_engine_assert();
	transition_found.change = xlp_transition_change();
	xlp_blockers_publish(&transition_now.plan.patch->blockers, &transition_found);
	xlp_blockers_let_go(&transition_found);
	if (called_over)
		xlp_worlds_settle_by_force();
	if (called_over || (!pass->nr_left && xlp_worlds_settle(pass->ticket))) {
		transition_decide();
		return true;
	}
	transition_now.nr_signals += pass->nr_interrupted;
	if (pass->interrupts)
		transition_now.nr_doubted = pass->nr_doubted;
	transition_look_at_clock();
	if (transition_is_given_up()) {
		/* What this pass has found is of the way that is over. */
		transition_give_up();
		return false;
	}
	transition_report_held_up(pass);
	transition_announce_signals();
	transition_plan_next_pass(pass);
	/* One that has begun before the last turn has looked the other way. */
	if (pass->ticket == xlp_worlds_ticket())
		transition_now.nr_passes++;
	xlp_engine_changed();
	return false;
}

static bool transition_is_done(const struct task_struct *task)
{
	return xlp_world_of(task) == xlp_worlds_goal();
}

static int transition_move(const struct task_struct *task, const struct xlp_pass *pass)
{
	return xlp_world_move(task, pass->ticket);
}

/* Return: true if it was elsewhere and is at the goal now. */
static bool transition_move_self(void)
{
	unsigned long ticket = xlp_worlds_ticket();
	/* Pairs with the releases where it is set; not older than the ticket. */
	const struct xlp_code *code = smp_load_acquire(&transition_code);

	return code && !transition_is_done(current) &&
	       xlp_stack_check_self(code).state == XLP_STACK_CLEAR &&
	       !xlp_world_move(current, ticket);
}

/*
 * The running task may be about to leave the kernel, which is task work, or has just entered.
 *
 * The end of a transition does not wait for tasks, which may get here at any time
 * later, but for CPUs: hence no preemption while the set of code is used.
 */
static void transition_at_border(void)
{
	bool moved;

	preempt_disable();
	moved = transition_move_self();
	preempt_enable();
	/* Soon, but not so often that passes fill all of the time when many leave. */
	if (moved)
		xlp_thread_ask(&transition_thread, xlp_costs_spaced(0));
}

/*
 * Return: true if there is a pass to be made.
 *
 * @watches: who is woken is to look at itself again when it is back, as no walker has told
 * about some, and the look on the way out has not helped them.
 */
static bool transition_start_pass(struct xlp_pass *pass, bool *watches)
{
	bool under_way;

	xlp_engine_enter();
	under_way = transition_now.plan.patch;
	pass->ticket = xlp_worlds_start_pass();
	pass->code = transition_code;
	pass->interrupts = transition_signals_are_due();
	/* Once is enough for most. */
	pass->insists = pass->interrupts && transition_now.warned;
	/* Their request would end with an error that nobody expects so soon. */
	pass->wakes_workers = pass->interrupts && transition_now.announced;
	*watches = pass->insists && transition_now.nr_doubted;
	xlp_engine_leave();
	return under_way;
}

static void transition_step(void)
{
	struct xlp_pass pass = {
		.is_done = transition_is_done,
		.found_clear = transition_move,
		.blockers = &transition_found,
		.at_exit = transition_at_border,
	};
	bool watches, decided;

	if (!transition_start_pass(&pass, &watches))
		return;
	if (watches)
		xlp_entering_watch(transition_at_border);
	xlp_blockers_next_try(&transition_found);
	/* Without memory whoever finds no room is met again in the next pass. */
	xlp_worlds_make_room();
	xlp_pass_over_tasks(&pass);
	xlp_engine_enter();
	decided = transition_conclude(&pass);
	xlp_engine_leave();
	if (decided)
		transition_finish();
}

/* ---- the beginning, and what may happen on the way ---- */

/* Quick at first, and nobody is woken yet. */
static void transition_set_pace(void)
{
	transition_now.delay_ms = FIRST_DELAY_MS;
	transition_now.signal_ms = min(READ_ONCE(signal_ms), LONGEST_SIGNAL_MS);
	transition_now.signal_at = jiffies + msecs_to_jiffies(transition_now.signal_ms);
	transition_now.announce_at = jiffies +
				     ANNOUNCED_AFTER * msecs_to_jiffies(transition_now.signal_ms);
	transition_now.announced = !transition_now.signal_ms;
	transition_now.warned = false;
}

int xlp_transition_begin(struct xlp_plan *plan)
{
	unsigned int nr_tasks = xlp_count_tasks();
	int err;

	xlp_engine_assert();
	/* Some more than now, for tasks that come meanwhile. */
	err = xlp_worlds_open(nr_tasks + nr_tasks / 4 + 64);
	if (err)
		return err;
	/* All tasks are in the world before. */
	xlp_publish_worlds(plan);
	transition_now.state = TRANSITION_MOVING;
	transition_now.plan = *plan;
	WRITE_ONCE(transition_patch, plan->patch);
	transition_now.first_way = true;
	plan->affected = NULL;
	plan->code = NULL;
	transition_set_pace();
	transition_now.started = ktime_get_ns();
	xlp_patience_begin(&transition_now.patience);
	xlp_worlds_turn();
	/* Pairs with the acquire in transition_move_self(). */
	smp_store_release(&transition_code, transition_now.plan.code);
	xlp_blockers_start(&transition_found, NULL);
	xlp_patch_step(plan->patch, plan->enables ? XLP_PATCH_PATCHING : XLP_PATCH_UNPATCHING);
	pr_notice("'%s': starting %s transition\n", xlp_patch_name(plan->patch),
		  transition_direction());
	transition_hurry_up();
	return 0;
}

void xlp_transition_turn(void)
{
	struct xlp_live_patch *patch = transition_now.plan.patch;

	xlp_engine_assert();
	WARN_ON_ONCE(transition_now.state != TRANSITION_MOVING);
	transition_now.first_way = false;
	transition_now.nr_passes = 0;
	xlp_worlds_turn();
	xlp_patch_step(patch, transition_is_enabling() ? XLP_PATCH_PATCHING :
							 XLP_PATCH_UNPATCHING);
	pr_debug("'%s': reversing transition from %s\n", xlp_patch_name(patch),
		 transition_is_enabling() ? "unpatching to patching" : "patching to unpatching");
	pr_notice("'%s': starting %s transition\n", xlp_patch_name(patch),
		  transition_direction());
	transition_set_pace();
	transition_hurry_up();
}

static void transition_call_over(void)
{
	if (transition_now.state == TRANSITION_MOVING)
		transition_now.state = TRANSITION_CALLED_OVER;
	transition_hurry_up();
}

void xlp_transition_force(void)
{
	xlp_engine_assert();
	pr_warn("forcing remaining tasks to the %s state\n",
		transition_is_enabling() ? "patched" : "unpatched");
	xlp_own_warn("'%s': its module will stay loaded for ever\n",
		     xlp_patch_name(transition_now.plan.patch));
	transition_now.forced = true;
	transition_call_over();
}

static void transition_drop_affected(const struct xlp_live_patch *patch)
{
	unsigned int i;

	for (i = 1; i < transition_now.plan.nr_affected; i++)
		if (transition_now.plan.affected[i] == patch)
			transition_now.plan.affected[i] = NULL;
}

bool xlp_transition_leave(const struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	if (transition_now.plan.patch != patch) {
		transition_drop_affected(patch);
		return false;
	}
	if (transition_is_enabling())
		xlp_transition_turn();
	transition_call_over();
	return true;
}

int xlp_transition_recollect(void)
{
	struct old_code *old;
	struct xlp_code *code;

	xlp_engine_assert();
	if (transition_now.state == TRANSITION_NONE || transition_now.state == TRANSITION_DECIDED)
		return 0;
	old = xlp_alloc(sizeof(*old));
	code = old ? xlp_affected_functions(transition_now.plan.affected,
					   transition_now.plan.nr_affected) : NULL;
	if (!code) {
		xlp_free(old);
		return -ENOMEM;
	}
	/* Most modules have nothing to do with it. */
	if (xlp_code_equal(transition_code, code)) {
		xlp_code_free(code);
		xlp_free(old);
		return 0;
	}
	old->code = transition_code;
	old->next = transition_now.old_code;
	transition_now.old_code = old;
	/* Pairs with the acquire in transition_move_self(). */
	smp_store_release(&transition_code, code);
	xlp_worlds_void_tickets();
	return 0;
}

int xlp_transition_init(void)
{
	int err = xlp_thread_start(&transition_thread, "xlp_transition");

	if (!err)
		xlp_engine_add_thread(&transition_thread, false);
	return err;
}

void xlp_transition_exit(void)
{
	xlp_engine_remove_thread(&transition_thread);
	xlp_thread_stop(&transition_thread);
}
