// SPDX-License-Identifier: GPL-2.0
/* release.c - when a disabled patch may be unloaded */
#include "log.h"

#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include "code.h"
#include "hook.h"
#include "pass.h"
#include "patch.h"
#include "release.h"
#include "sysfs.h"
#include "thread.h"

/* A patch that is still in use is looked at again after this long, at first. */
#define FIRST_RETRY_MS	20
#define LAST_RETRY_MS	1000

/* What tasks are in the way of, as &xlp_blockers.change says it. */
static const char unloaded[] = "unloaded";
/* Of the pass that is being made; touched by the thread only. */
static struct xlp_blockers found;
static unsigned int retry_ms = FIRST_RETRY_MS;

static void report_returner(struct xlp_live_patch *patch)
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
static int look_for_returners(const struct xlp_live_patch *patch, struct xlp_blockers *found)
{
	struct xlp_pass pass = { .blockers = found };
	struct xlp_code *code = xlp_code_of_module(patch);

	if (!code)
		return -ENOMEM;
	pass.code = code;
	xlp_blockers_next_try(found);
	xlp_pass_over_tasks(&pass);
	xlp_code_free(code);
	return pass.nr_left ? -EBUSY : 0;
}

/* Nobody has used the patch since it was disabled. */
static bool is_still_disabled(const struct xlp_live_patch *patch, unsigned long disabled_at)
{
	return patch->disabled_at == disabled_at && !patch->enabling;
}

/* It can be neither enabled nor unloaded any more, but tasks may be inside. */
static void hide(struct xlp_live_patch *patch)
{
	if (patch->decl->stays)
		return;
	xlp_patch_start_using(patch);
	mutex_unlock(&xlp_mutex);
	xlp_sysfs_hide(patch);
	mutex_lock(&xlp_mutex);
	xlp_patch_stop_using(patch);
}

/* Afterwards it may be gone. False: not yet. */
static bool let_go(struct xlp_live_patch *patch)
{
	/* Whoever forgets one that is dying does the rest. */
	if (!patch->decl->stays && !patch->dying)
		return xlp_patch_retire(patch);
	xlp_patch_unpin(patch);
	return true;
}

/*
 * Unpin the module if no task may return into it. False: try again later. Drops
 * xlp_mutex while tasks are looked at.
 */
static bool try_release(struct xlp_live_patch *patch)
{
	unsigned long disabled_at = patch->disabled_at;
	bool done = false;
	int err;

	xlp_assert_locked();
	/* Nobody knows who is inside one that was forced. */
	if (patch->forced && !patch->dying) {
		hide(patch);
		return true;
	}
	if (patch->blockers.change != unloaded)
		xlp_blockers_start(&found, unloaded);
	else
		found = patch->blockers;
	xlp_patch_start_using(patch);
	mutex_unlock(&xlp_mutex);
	err = look_for_returners(patch, &found);
	mutex_lock(&xlp_mutex);
	xlp_patch_stop_using(patch);
	if (is_still_disabled(patch, disabled_at)) {
		found.change = err ? unloaded : NULL;
		xlp_blockers_publish(&patch->blockers, &found);
		if (err)
			report_returner(patch);
		else
			done = let_go(patch);
	}
	xlp_blockers_let_go(&found);
	return done;
}

/*
 * The next patch to look at: of those disabled from @from to @to the first. A
 * patch that waits for its release cannot go away, whoever else forgets it.
 */
static struct xlp_live_patch *next_disabled(unsigned long from, unsigned long to)
{
	struct xlp_live_patch *patch, *next = NULL;

	xlp_assert_locked();
	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->disabled_at >= from && patch->disabled_at <= to &&
		    (!next || patch->disabled_at < next->disabled_at))
			next = patch;
	return next;
}

/* Try to release what was disabled up to @to. True if all of it is settled. */
static bool release_disabled(unsigned long to)
{
	unsigned long disabled_at = 0;
	struct xlp_live_patch *patch;
	bool all = true;

	for (;;) {
		mutex_lock(&xlp_mutex);
		patch = next_disabled(disabled_at + 1, to);
		if (patch) {
			disabled_at = patch->disabled_at;
			all &= try_release(patch);
		}
		mutex_unlock(&xlp_mutex);
		if (!patch)
			return all;
	}
}

static void release_step(void);
static struct xlp_thread releases_thread = XLP_THREAD(releases_thread, release_step);

static void release_step(void)
{
	unsigned long disabled_up_to = xlp_disablings();
	unsigned int delay;

	xlp_hooks_detach_idle();
	/*
	 * No function leads into the patches disabled so far. Wait for tasks that
	 * were preempted between a handler's choice and the jump, and for those
	 * that have left the task list, on their way out, and still run. All
	 * others the scan sees wherever they are, also those that sleep in a
	 * direct caller between the two.
	 */
	synchronize_rcu_tasks();
	if (release_disabled(disabled_up_to))
		return;
	delay = READ_ONCE(retry_ms);
	WRITE_ONCE(retry_ms, min_t(unsigned int, 2 * delay, LAST_RETRY_MS));
	xlp_thread_ask(&releases_thread, msecs_to_jiffies(delay));
}

void xlp_release_soon(void)
{
	WRITE_ONCE(retry_ms, FIRST_RETRY_MS);
	xlp_thread_ask(&releases_thread, 0);
}

int xlp_release_init(void)
{
	return xlp_thread_start(&releases_thread, "xlp_release");
}

void xlp_release_exit(void)
{
	xlp_thread_stop(&releases_thread);
	mutex_lock(&xlp_mutex);
	/* Handlers of what stays hooked would be gone. No patch is left that wants any. */
	WARN_ON_ONCE(xlp_hooks_not_wanted(0, ULONG_MAX));
	mutex_unlock(&xlp_mutex);
	xlp_hooks_detach_idle();
	/*
	 * A task may have been preempted on its way out of an architecture's stub, or
	 * behind the last module_put() of exitwork.c.
	 */
	synchronize_rcu_tasks();
}
