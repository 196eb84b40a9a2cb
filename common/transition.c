// SPDX-License-Identifier: GPL-2.0
/*
 * transition.c - the per-task model: tasks change over one by one
 *
 *	idle --begin--> moving --every task seen at the goal--> decided --> idle
 *			 ^ | turn
 *			 +-+
 *
 * While it is moving, passes over all tasks are made by a thread of xlp's own, soon
 * after each other at first. A worker of the kernel's would be inside the function
 * that runs work items, which may be the one that is patched. Once decided, targets are
 * direct again; what is left to do is to wait for those who still read the worlds, and
 * then to forget those.
 */
#include "log.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/wait.h>
#include "alloc.h"
#include "blocked.h"
#include "code.h"
#include "cpus.h"
#include "exitwork.h"
#include "pass.h"
#include "patch.h"
#include "stack.h"
#include "switch.h"
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
 * struct transition - what is under way
 * @plan:	what it is about [M]; @plan.patch is read without the mutex too
 * @code:	what tasks must be outside of; NULL: nothing. Written under xlp_mutex,
 *		read by tasks on their way out of the kernel, with preemption disabled
 * @old_code:	what it was before objects came [M]
 * @decided:	every task is at the goal [M]
 * @hurries:	it is to be called decided without that [M]
 * @forced:	because somebody asked for it [M]
 * @delay_ms:	until the next pass [M]
 * @signal_at:	when tasks are woken next, in jiffies [M]
 * @signal_ms:	time from then to the waking after that [M]
 * @announce_at: when the kernel's own line says that tasks are woken, in jiffies [M]
 * @announced:	it has been said, or never will be [M]
 * @warned:	that it is held up has been logged in words of xlp's [M]
 * @nr_passes:	how many there were in vain; written under xlp_mutex
 * @nr_signals:	how many tasks were woken [M]
 * @started:	when it began, in ns [M]
 */
struct transition {
	struct xlp_transition_plan plan;
	struct xlp_code *code;
	struct old_code *old_code;
	bool decided;
	bool hurries;
	bool forced;
	unsigned int delay_ms;
	unsigned long signal_at;
	unsigned int signal_ms;
	unsigned long announce_at;
	bool announced;
	bool warned;
	unsigned int nr_passes;
	unsigned int nr_signals;
	u64 started;
};

static struct transition now;
/* Of the pass that is being made; touched by the thread only. */
static struct xlp_blockers found;
/* Woken when a pass is over, and when a transition is. */
static DECLARE_WAIT_QUEUE_HEAD(progress);

static void transition_step(void);
static struct xlp_thread transition_thread = XLP_THREAD(transition_thread, transition_step);

static void hurry_up(void)
{
	xlp_thread_ask(&transition_thread, 0);
}

static bool is_enabling(void)
{
	return now.plan.enables == (xlp_worlds_goal() == XLP_AFTER);
}

static const char *direction(void)
{
	return is_enabling() ? "patching" : "unpatching";
}

/* ---- what is under way ---- */

const struct xlp_live_patch *xlp_transition_patch(void)
{
	return READ_ONCE(now.plan.patch);
}

const char *xlp_transition_change(void)
{
	return is_enabling() ? "enabled" : "disabled";
}

bool xlp_transition_covers(const struct xlp_live_patch *patch)
{
	unsigned int i;

	xlp_assert_locked();
	for (i = 0; i < now.plan.nr_affected; i++)
		if (now.plan.affected[i] == patch)
			return true;
	return false;
}

/* Over, or past its first pass and going on. */
static bool has_looked(const struct xlp_live_patch *patch)
{
	return READ_ONCE(now.plan.patch) != patch ||
	       (READ_ONCE(now.nr_passes) && !READ_ONCE(now.decided));
}

void xlp_transition_wait(const struct xlp_live_patch *patch)
{
	wait_event(progress, has_looked(patch));
}

bool xlp_transition_is_ending(void)
{
	xlp_assert_locked();
	return now.decided || now.hurries;
}

void xlp_transition_wait_ending(void)
{
	wait_event(progress, !READ_ONCE(now.decided) && !READ_ONCE(now.hurries));
}

/* ---- the end ---- */

static void free_codes(struct xlp_code *code)
{
	struct old_code *old;

	xlp_code_free(code);
	while ((old = now.old_code)) {
		now.old_code = old->next;
		xlp_code_free(old->code);
		xlp_free(old);
	}
}

/* The books of one patch; afterwards it may be gone. */
static void note_end_of(struct xlp_live_patch *patch)
{
	if (now.forced)
		patch->forced = true;
	if (!patch->worlds)
		xlp_patch_disabled(patch);
}

static void note_end(void)
{
	struct xlp_live_patch *patch = now.plan.patch;
	u64 us = div_u64(patch->moved_ns, NSEC_PER_USEC);
	unsigned int i;

	xlp_own_info("'%s': %u passes over the tasks in %llu us, %u woken\n",
		     xlp_patch_name(patch), patch->nr_checks, us, patch->nr_signals);
	xlp_switch_finished(patch);
	patch->blockers.change = NULL;
	for (i = 0; i < now.plan.nr_affected; i++)
		if (now.plan.affected[i])
			note_end_of(now.plan.affected[i]);
}

/* xlp_mutex is dropped while others are waited for. */
static void finish(void)
{
	struct xlp_live_patch *patch = now.plan.patch;
	struct xlp_code *code = now.code;

	xlp_assert_locked();
	pr_debug("'%s': completing %s transition\n", xlp_patch_name(patch), direction());
	WRITE_ONCE(now.decided, true);
	/* No task that leaves the kernel begins to look at its stack any more. */
	WRITE_ONCE(now.code, NULL);
	patch->moved_ns = ktime_get_ns() - now.started;
	patch->nr_checks = found.try;
	patch->nr_signals = now.nr_signals;
	xlp_switch_settle(now.plan.affected, now.plan.nr_affected, xlp_worlds_goal());

	mutex_unlock(&xlp_mutex);
	/*
	 * Handlers that have read XLP_ASK are through then: see xlp_target_of_task().
	 * So are tasks that look at their own stacks: see xlp_transition_at_exit().
	 */
	xlp_visit_cpus(NULL, NULL);
	xlp_exit_work_cancel_all();
	mutex_lock(&xlp_mutex);

	xlp_worlds_close();
	note_end();
	free_codes(code);
	xlp_free(now.plan.affected);
	memset(&now, 0, sizeof(now));
	wake_up_all(&progress);
}

/* ---- passes ---- */

static bool signals_are_due(void)
{
	return now.signal_ms && time_after_eq(jiffies, now.signal_at);
}

static void plan_next_pass(const struct xlp_pass *pass)
{
	unsigned long delay;

	if (pass->interrupts) {
		now.nr_signals += pass->nr_interrupted;
		now.signal_ms = min(2 * now.signal_ms, LONGEST_SIGNAL_MS);
		now.signal_at = jiffies + msecs_to_jiffies(now.signal_ms);
		/* Those who were woken will be on their way soon. */
		now.delay_ms = FIRST_DELAY_MS;
	}
	delay = msecs_to_jiffies(now.delay_ms);
	if (now.signal_ms && time_before(now.signal_at, jiffies + delay))
		delay = time_after(now.signal_at, jiffies) ? now.signal_at - jiffies : 1;
	now.delay_ms = min(2 * now.delay_ms, LAST_DELAY_MS);
	xlp_thread_ask(&transition_thread, delay);
}

/* Once, for whoever waits for that line before looking at those that are left. */
static void announce_signals(void)
{
	if (now.announced || time_before(jiffies, now.announce_at))
		return;
	now.announced = true;
	pr_notice("signaling remaining tasks\n");
	now.signal_at = jiffies;
}

/* Once: a transition that takes so long will not be over soon. */
static void report_held_up(const struct xlp_pass *pass)
{
	const struct xlp_live_patch *patch = now.plan.patch;
	const struct xlp_blocker *first = xlp_blockers_first(&patch->blockers);

	if (now.warned || !pass->interrupts)
		return;
	now.warned = true;
	if (first)
		xlp_own_notice("'%s': task %s/%d holds up that it is %s, %s in %pS, and %u more: waking those that sleep\n",
			       xlp_patch_name(patch), first->comm, first->pid,
			       xlp_transition_change(), first->why,
			       xlp_verdict_where(&first->verdict), patch->blockers.nr - 1);
	else
		xlp_own_notice("'%s': held up by a task that could not be noted\n",
			       xlp_patch_name(patch));
}

static void conclude(const struct xlp_pass *pass)
{
	xlp_assert_locked();
	found.change = xlp_transition_change();
	xlp_blockers_publish(&now.plan.patch->blockers, &found);
	if (now.hurries)
		xlp_worlds_settle_by_force();
	if (now.hurries || (!pass->nr_left && xlp_worlds_settle(pass->ticket))) {
		finish();
		return;
	}
	report_held_up(pass);
	announce_signals();
	plan_next_pass(pass);
	WRITE_ONCE(now.nr_passes, now.nr_passes + 1);
	wake_up_all(&progress);
}

static bool is_there(const struct task_struct *task)
{
	return xlp_world_of(task) == xlp_worlds_goal();
}

static int move(const struct task_struct *task, const struct xlp_pass *pass)
{
	return xlp_world_move(task, pass->ticket);
}

static void transition_step(void)
{
	struct xlp_pass pass = {
		.is_done = is_there,
		.found_clear = move,
		.blockers = &found,
		.asks = true,
	};
	bool under_way;

	mutex_lock(&xlp_mutex);
	under_way = now.plan.patch;
	pass.ticket = xlp_worlds_start_pass();
	pass.code = now.code;
	pass.interrupts = signals_are_due();
	/* Once is enough for most. */
	pass.insists = pass.interrupts && now.warned;
	/* Their request would end with an error that nobody expects so soon. */
	pass.wakes_workers = pass.interrupts && now.announced;
	mutex_unlock(&xlp_mutex);
	if (!under_way)
		return;
	xlp_blockers_next_try(&found);
	/* Without memory whoever finds no room is met again in the next pass. */
	xlp_worlds_make_room();
	xlp_pass_over_tasks(&pass);
	mutex_lock(&xlp_mutex);
	conclude(&pass);
	mutex_unlock(&xlp_mutex);
}

static bool move_self(void)
{
	unsigned long ticket = xlp_worlds_ticket();
	/* Pairs with the releases where it is set; not older than the ticket. */
	const struct xlp_code *code = smp_load_acquire(&now.code);

	return code && xlp_stack_check_self(code).state == XLP_STACK_CLEAR &&
	       !xlp_world_move(current, ticket);
}

/*
 * The end of a transition does not wait for tasks, which may get here at any time
 * later, but for CPUs: hence no preemption while the set of code is used.
 */
void xlp_transition_at_exit(void)
{
	bool moved;

	preempt_disable();
	moved = move_self();
	preempt_enable();
	if (moved)
		hurry_up();
}

/* ---- the beginning, and what may happen on the way ---- */

int xlp_transition_prepare(void)
{
	unsigned int nr_tasks = xlp_count_tasks();

	xlp_assert_locked();
	/* Some more than now, for tasks that come meanwhile. */
	return xlp_worlds_open(nr_tasks + nr_tasks / 4 + 64);
}

/* Quick at first, and nobody is woken yet. */
static void set_pace(void)
{
	now.delay_ms = FIRST_DELAY_MS;
	now.signal_ms = min(READ_ONCE(signal_ms), LONGEST_SIGNAL_MS);
	now.signal_at = jiffies + msecs_to_jiffies(now.signal_ms);
	now.announce_at = jiffies + ANNOUNCED_AFTER * msecs_to_jiffies(now.signal_ms);
	now.announced = !now.signal_ms;
	now.warned = false;
}

void xlp_transition_begin(const struct xlp_transition_plan *plan)
{
	xlp_assert_locked();
	now.plan = *plan;
	set_pace();
	now.started = ktime_get_ns();
	xlp_worlds_turn();
	/* Pairs with the acquire in xlp_transition_at_exit(). */
	smp_store_release(&now.code, plan->code);
	xlp_blockers_start(&found, NULL);
	pr_notice("'%s': starting %s transition\n", xlp_patch_name(plan->patch), direction());
	hurry_up();
}

void xlp_transition_turn(void)
{
	struct xlp_live_patch *patch = now.plan.patch;

	xlp_assert_locked();
	xlp_worlds_turn();
	WRITE_ONCE(patch->enabled, is_enabling());
	pr_debug("'%s': reversing transition from %s\n", xlp_patch_name(patch),
		 is_enabling() ? "unpatching to patching" : "patching to unpatching");
	pr_notice("'%s': starting %s transition\n", xlp_patch_name(patch), direction());
	set_pace();
	hurry_up();
}

void xlp_transition_force(void)
{
	xlp_assert_locked();
	pr_warn("forcing remaining tasks to the %s state\n",
		is_enabling() ? "patched" : "unpatched");
	xlp_own_warn("'%s': its module will stay loaded for ever\n",
		     xlp_patch_name(now.plan.patch));
	WRITE_ONCE(now.hurries, true);
	now.forced = true;
	hurry_up();
}

static void drop_affected(const struct xlp_live_patch *patch)
{
	unsigned int i;

	for (i = 1; i < now.plan.nr_affected; i++)
		if (now.plan.affected[i] == patch)
			now.plan.affected[i] = NULL;
}

bool xlp_transition_leave(const struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	if (now.plan.patch != patch) {
		drop_affected(patch);
		return false;
	}
	if (is_enabling())
		xlp_transition_turn();
	WRITE_ONCE(now.hurries, true);
	hurry_up();
	return true;
}

int xlp_transition_recollect(void)
{
	struct old_code *old;
	struct xlp_code *code;

	xlp_assert_locked();
	if (!now.plan.patch || now.decided)
		return 0;
	old = xlp_alloc(sizeof(*old));
	code = old ? xlp_code_of_functions(now.plan.affected, now.plan.nr_affected) : NULL;
	if (!code) {
		xlp_free(old);
		return -ENOMEM;
	}
	/* Most modules have nothing to do with it. */
	if (xlp_code_equal(now.code, code)) {
		xlp_code_free(code);
		xlp_free(old);
		return 0;
	}
	old->code = now.code;
	old->next = now.old_code;
	now.old_code = old;
	/* Pairs with the acquire in xlp_transition_at_exit(). */
	smp_store_release(&now.code, code);
	xlp_worlds_void_tickets();
	return 0;
}

int xlp_transition_init(void)
{
	return xlp_thread_start(&transition_thread, "xlp_transition");
}

void xlp_transition_exit(void)
{
	xlp_thread_stop(&transition_thread);
}
