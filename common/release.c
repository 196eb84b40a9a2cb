// SPDX-License-Identifier: GPL-2.0
/* release.c - when a disabled patch may be unloaded */
#include "log.h"

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include "affected.h"
#include "code.h"
#include "costs.h"
#include "engine.h"
#include "hook.h"
#include "method.h"
#include "methods.h"
#include "pass.h"
#include "patch.h"
#include "release.h"
#include "retire.h"
#include "thread.h"

/* A patch that is still in use is looked at again after this long, at first. */
#define RELEASE_FIRST_MS	20
#define RELEASE_LAST_MS		1000

/* What tasks are in the way of, as &xlp_blockers.change says it. */
static const char release_unloaded[] = "unloaded";
/* Of the pass that is being made; touched by the thread only. */
static struct xlp_blockers release_found;

static void release_report_returner(struct xlp_live_patch *patch)
{
	const struct xlp_blocker *who = xlp_blockers_first(&patch->blockers);

	if (!who || patch->reported == who->pid)
		return;
	patch->reported = who->pid;
	xlp_own_notice("'%s': module stays loaded: task %s/%d may return into it, %s in %pS\n",
		       xlp_patch_name(patch), who->comm, who->pid, who->why,
		       xlp_verdict_where(&who->verdict));
}

/*
 * New calls do not reach the module, so a task that has been seen outside stays
 * outside: that each has been, at whatever moment, is enough.
 */
static int release_look(const struct xlp_live_patch *patch)
{
	struct xlp_pass pass = { .blockers = &release_found };
	struct xlp_code *code = xlp_affected_module(patch);

	if (!code)
		return -ENOMEM;
	pass.code = code;
	xlp_blockers_next_try(&release_found);
	xlp_pass_over_tasks(&pass);
	xlp_code_free(code);
	return pass.nr_left ? -EBUSY : 0;
}

/* It can be enabled no more, or unloaded, but tasks may be inside. */
static bool release_is_wanted(const struct xlp_live_patch *patch)
{
	/* Nobody knows who is inside one that was forced. */
	return patch->state == XLP_PATCH_DISABLED && (!patch->forced || patch->dying);
}

/* Is it to be looked at? The event in which its last hook is detached is told, too. */
static bool release_is_ready(const struct xlp_live_patch *patch)
{
	return release_is_wanted(patch) && !xlp_hooks_any_idle(patch);
}

/* No task is inside. Afterwards it may be gone. False: not yet. */
static bool release_let_go(struct xlp_live_patch *patch)
{
	/* Whoever forgets one that is dying does the rest. */
	if (patch->decl->stays || patch->dying) {
		xlp_patch_step(patch, XLP_PATCH_AT_REST);
		return true;
	}
	if (patch->users)
		return false;
	xlp_retire(patch);
	return true;
}

/* Return: true if there is nothing more to be done for it. */
static bool release_conclude(struct xlp_live_patch *patch, unsigned long disabled_at, int err)
{
	bool done = false;

	xlp_patch_stop_using(patch);
	/* Has nobody used it since? */
	if (release_is_wanted(patch) && patch->disabled_at == disabled_at) {
		release_found.change = err ? release_unloaded : NULL;
		xlp_blockers_publish(&patch->blockers, &release_found);
		if (err)
			release_report_returner(patch);
		else
			done = release_let_go(patch);
	}
	xlp_blockers_let_go(&release_found);
	return done;
}

/*
 * The next patch to look at: of those disabled from @from to @to the first. A
 * patch that waits for its release cannot go away, whoever else forgets it.
 */
static struct xlp_live_patch *release_find(unsigned long from, unsigned long to)
{
	struct xlp_live_patch *patch, *next = NULL;

	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->disabled_at >= from && patch->disabled_at <= to &&
		    (!next || patch->disabled_at < next->disabled_at) &&
		    release_is_ready(patch))
			next = patch;
	return next;
}

/* @at is set to when the patch was disabled. */
static struct xlp_live_patch *release_start(unsigned long from, unsigned long to,
					    unsigned long *at)
{
	struct xlp_live_patch *patch;

	xlp_engine_enter();
	patch = release_find(from, to);
	if (patch) {
		*at = patch->disabled_at;
		if (patch->blockers.change != release_unloaded)
			xlp_blockers_start(&release_found, release_unloaded);
		else
			release_found = patch->blockers;
		xlp_patch_start_using(patch);
	}
	xlp_engine_leave();
	return patch;
}

/* Try to release what was disabled up to @to. True if all of it is settled. */
static bool release_disabled(unsigned long to)
{
	unsigned long disabled_at = 0;
	struct xlp_live_patch *patch;
	bool all = true;
	int err;

	while ((patch = release_start(disabled_at + 1, to, &disabled_at))) {
		err = release_look(patch);
		xlp_engine_enter();
		all &= release_conclude(patch, disabled_at, err);
		xlp_engine_leave();
	}
	return all;
}

/* ---- the thread ---- */

static void release_step(void);
static struct xlp_thread releases_thread = XLP_THREAD(releases_thread, release_step);

/* The last of the disablings that have been looked at. The thread's own, as all below. */
static unsigned long release_seen;
/* Some patch is to be looked at again, at this time, in jiffies, and then so much later. */
static bool release_waits;
static unsigned long release_next;
static unsigned int release_retry_ms;

/* What was forced can be neither enabled nor unloaded any more. */
static void release_hide_forced(void)
{
	struct xlp_live_patch *patch;

	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->state == XLP_PATCH_DISABLED && patch->forced && !patch->dying &&
		    !patch->decl->stays)
			xlp_retire_hide(patch);
}

/*
 * Is there anything to look at? @up_to is set to the last disabling of what is, and @waited to
 * whether RCU tasks have been waited for since. In an event.
 */
static bool release_is_due(unsigned long *up_to, bool *waited)
{
	struct xlp_live_patch *patch;

	*up_to = 0;
	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->disabled_at > *up_to && release_is_ready(patch))
			*up_to = patch->disabled_at;
	*waited = xlp_patch_waited_for() >= *up_to;
	return *up_to;
}

/* Return: true if it is not yet time to look again. */
static bool release_is_too_early(unsigned long up_to)
{
	if (release_seen != up_to) {
		release_seen = up_to;
		release_retry_ms = RELEASE_FIRST_MS;
		return false;
	}
	if (!release_waits || time_after_eq(jiffies, release_next))
		return false;
	xlp_thread_ask(&releases_thread, release_next - jiffies);
	return true;
}

static void release_look_again(void)
{
	unsigned long delay = xlp_costs_spaced(msecs_to_jiffies(release_retry_ms));

	release_next = jiffies + delay;
	release_retry_ms = min_t(unsigned int, 2 * release_retry_ms, RELEASE_LAST_MS);
	xlp_thread_ask(&releases_thread, delay);
}

static void release_wait(unsigned long up_to)
{
	synchronize_rcu_tasks();
	xlp_engine_enter();
	xlp_patch_has_waited(up_to);
	xlp_engine_leave();
}

static void release_patches(void)
{
	unsigned long up_to;
	bool due, waited;

	xlp_engine_enter();
	release_hide_forced();
	due = release_is_due(&up_to, &waited);
	xlp_engine_leave();
	if (!due || release_is_too_early(up_to))
		return;
	/*
	 * No function leads into the patches disabled so far. Wait for tasks that
	 * were preempted between a handler's choice and the jump. All others the look sees
	 * wherever they are, also those that sleep in a direct caller between the two, and
	 * those on their way out. Mostly ftrace has waited already, to unhook their functions.
	 */
	if (!waited)
		release_wait(up_to);
	release_waits = !release_disabled(up_to);
	if (release_waits)
		release_look_again();
}

static void release_step(void)
{
	const struct xlp_method *method = xlp_method();

	release_patches();
	/* This thread waits for tasks anyway, and nobody waits for it. */
	if (method && method->tidy)
		method->tidy();
}

int xlp_release_init(void)
{
	int err = xlp_thread_start(&releases_thread, "xlp_release");

	if (!err)
		xlp_engine_add_thread(&releases_thread, true);
	return err;
}

void xlp_release_exit(void)
{
	xlp_engine_remove_thread(&releases_thread);
	xlp_thread_stop(&releases_thread);
}
