// SPDX-License-Identifier: GPL-2.0
/* release.c - when a disabled patch may be unloaded */
#define pr_fmt(fmt) "xlp: " fmt

#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include "hook.h"
#include "patch.h"
#include "release.h"
#include "scan.h"

/* A patch that is still in use is looked at again after this long, at first. */
#define FIRST_RETRY_MS	20
#define LAST_RETRY_MS	1000

static struct workqueue_struct *release_wq;
static unsigned int retry_ms = FIRST_RETRY_MS;

/*
 * No function leads into the patches any more. Wait for who already was on the
 * way: unhooking does that, but nothing is unhooked where an older patch
 * replaces the same functions. The scan sees every task on the task list,
 * wherever it is; this is for those that have left the list and still run.
 */
static void wait_for_handlers(bool unhooked)
{
	if (!unhooked)
		synchronize_rcu_tasks();
}

static void report_returner(struct xlp_live_patch *patch, const struct xlp_returner *who)
{
	if (patch->reported || !who->addr)
		return;
	patch->reported = true;
	pr_notice("'%s': module stays loaded: task %s/%d may return into %pS\n",
		  xlp_patch_name(patch), who->comm, who->pid, (void *)who->addr);
}

/* Give the module free if no task may return into it. False: try again later. */
static bool try_release(struct xlp_live_patch *patch, unsigned long disabled_at)
{
	struct xlp_returner who;
	bool unpin = false;
	int err;

	err = xlp_scan_tasks(patch->decl->mod, &who);
	mutex_lock(&xlp_mutex);
	if (patch->enabled || patch->disabled_at != disabled_at) {
		/* Enabled meanwhile: whatever the scan says is about the past. */
	} else if (err) {
		report_returner(patch, &who);
	} else {
		patch->pinned = false;
		unpin = true;
	}
	mutex_unlock(&xlp_mutex);
	/* The patch may be gone as soon as its module is unpinned. */
	if (unpin)
		module_put(patch->decl->mod);
	return unpin;
}

/*
 * The next patch to look at; @after is the last one. A pinned patch cannot go
 * away, but it can move to the end of the list, and then is looked at again.
 */
static struct xlp_live_patch *next_disabled(unsigned long *after, unsigned long *disabled_at)
{
	struct xlp_live_patch *patch, *next = NULL;

	mutex_lock(&xlp_mutex);
	list_for_each_entry(patch, &xlp_patches, node) {
		if (!patch->pinned || patch->enabled || patch->disabled_at <= *after)
			continue;
		if (!next || patch->disabled_at < next->disabled_at)
			next = patch;
	}
	if (next)
		*after = *disabled_at = next->disabled_at;
	mutex_unlock(&xlp_mutex);
	return next;
}

static void release_work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(release_work, release_work_fn);

static void release_work_fn(struct work_struct *work)
{
	struct xlp_live_patch *patch;
	unsigned long after = 0, disabled_at;
	unsigned int delay;
	bool again = false;

	wait_for_handlers(xlp_hooks_detach_idle());
	while ((patch = next_disabled(&after, &disabled_at)))
		again |= !try_release(patch, disabled_at);
	if (!again)
		return;
	delay = READ_ONCE(retry_ms);
	WRITE_ONCE(retry_ms, min_t(unsigned int, 2 * delay, LAST_RETRY_MS));
	queue_delayed_work(release_wq, &release_work, msecs_to_jiffies(delay));
}

void xlp_release_soon(void)
{
	WRITE_ONCE(retry_ms, FIRST_RETRY_MS);
	mod_delayed_work(release_wq, &release_work, 0);
}

void xlp_release_wait(struct xlp_live_patch *patch)
{
	for (;;) {
		flush_delayed_work(&release_work);
		if (!READ_ONCE(patch->pinned))
			return;
		xlp_release_soon();
		msleep(FIRST_RETRY_MS);
	}
}

int xlp_release_init(void)
{
	release_wq = alloc_workqueue("xlp", WQ_UNBOUND, 1);
	return release_wq ? 0 : -ENOMEM;
}

void xlp_release_exit(void)
{
	cancel_delayed_work_sync(&release_work);
	xlp_hooks_detach_idle();
	/* A task may have been preempted on its way out of an architecture's stub. */
	synchronize_rcu_tasks();
	destroy_workqueue(release_wq);
}
