// SPDX-License-Identifier: GPL-2.0
/*
 * switch.c - where calls change over from one version to another, and how
 *
 * A change finds and hooks all functions first. What is left to do, commit() of
 * the change, is a few stores for each function and cannot fail. A model says
 * when that is done: at once, or at an instant when no task is inside any of the
 * functions. If there is no such instant it is tried again, a bounded number of
 * times, each time from the beginning, since modules may come and go in between.
 */
#define pr_fmt(fmt) "xlp: " fmt

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/moduleparam.h>
#include "alloc.h"
#include "code.h"
#include "hook.h"
#include "modules.h"
#include "patch.h"
#include "resolve.h"
#include "switch.h"
#include "tasks.h"

/* How often and how far apart ftrace is asked again when it says -EAGAIN. */
#define BUSY_TRIES	20
#define BUSY_RETRY_MS	10

/* How often the machine is stopped in vain. */
#define STOP_TRIES	10
/* How long to wait before the next try at least: doubling from the first. */
#define FIRST_BACKOFF_MS	1
#define LAST_BACKOFF_MS	64

static unsigned int patience_ms = 3000;
module_param(patience_ms, uint, 0644);
MODULE_PARM_DESC(patience_ms, "how long a switch by the stop model waits for tasks that are in the way, in milliseconds");

/**
 * struct change - one change of one patch
 * @patch:	the patch
 * @name:	what it is about to be, in one word
 * @model:	how
 * @first:	the first of its objects that the change is about
 * @last:	the last of them
 * @replaces:	all other enabled patches go out of effect in the same step
 * @wanted:	is there still anything to do?
 * @try:	do it once; sets @refused to a batch that ftrace has refused
 * @commit:	change where calls go; can be called with the machine stopped
 * @funcs:	functions that are about to become the newest versions
 * @affected:	@patch, and behind it the patches that it replaces
 * @nr_affected: how many
 * @blocked:	the last try found a task in the way
 * @code:	of what, then; NULL otherwise
 * @nr_stops:	how often the machine was stopped
 * @nr_busy:	how often ftrace was busy
 * @started:	when, in jiffies
 */
struct change {
	struct xlp_live_patch *patch;
	const char *name;
	const struct xlp_model_ops *model;
	struct xlp_live_object *first;
	struct xlp_live_object *last;
	bool replaces;
	bool (*wanted)(const struct change *change);
	int (*try)(struct change *change, struct xlp_batch **refused);
	void (*commit)(void *change);
	struct list_head funcs;
	struct xlp_live_patch **affected;
	unsigned int nr_affected;
	bool blocked;
	struct xlp_code *code;
	unsigned int nr_stops;
	unsigned int nr_busy;
	unsigned long started;
};

/**
 * struct xlp_model_ops - how a change takes effect
 * @name:	for messages
 * @take_effect: call @commit of a change, or fail. -EBUSY, with @blocked set, if
 *		some task is in the way.
 * @may_wait:	for such tasks, so that a change takes its time
 */
struct xlp_model_ops {
	const char *name;
	int (*take_effect)(struct change *change);
	bool may_wait;
};

/* Whose change drops xlp_mutex between tries [M], and which it is. */
static const struct change *under_way;

/* ---- models ---- */

static int take_effect_at_once(struct change *change)
{
	change->commit(change);
	return 0;
}

static int take_effect_at_instant(struct change *change)
{
	struct xlp_live_patch *patch = change->patch;
	struct xlp_instant instant = {
		.commit = change->commit,
		.data = change,
		.blockers = &patch->blockers,
	};
	struct xlp_code *code;
	int err;

	code = xlp_code_of_functions(change->affected, change->nr_affected);
	if (!code)
		return -ENOMEM;
	instant.code = code;
	xlp_blockers_next_try(&patch->blockers);
	err = xlp_at_instant(&instant);
	change->nr_stops += !!instant.freeze_ns;
	change->blocked = err == -EBUSY;
	if (change->blocked)
		change->code = code;
	else
		xlp_code_free(code);
	if (err)
		return err;
	patch->nr_stops = change->nr_stops;
	patch->nr_checks = patch->blockers.try;
	patch->freeze_ns = instant.freeze_ns;
	patch->check_ns = instant.check_ns;
	patch->nr_tasks = instant.nr_tasks;
	patch->nr_rechecked = instant.nr_rechecked;
	pr_info("'%s': switched at one instant, machine stopped for %llu us, try %u\n",
		xlp_patch_name(patch), div_u64(instant.freeze_ns, NSEC_PER_USEC), patch->nr_stops);
	return 0;
}

static const struct xlp_model_ops models[] = {
	[XLP_IMMEDIATE] = {
		.name = "immediate",
		.take_effect = take_effect_at_once,
	},
	[XLP_STOP] = {
		.name = "stop",
		.take_effect = take_effect_at_instant,
		.may_wait = true,
	},
};

const struct xlp_model_ops *xlp_model_find(enum xlp_model model)
{
	if (model == XLP_MODEL_DEFAULT)
		model = XLP_STOP;
	return (unsigned int)model < ARRAY_SIZE(models) ? &models[model] : NULL;
}

const char *xlp_model_name(const struct xlp_model_ops *model)
{
	return model->name;
}

/* ---- trying ---- */

/* Asked in the same hold of xlp_mutex in which run() claims @under_way. */
static bool comes_second(const struct change *change)
{
	lockdep_assert_held(&xlp_mutex);
	if (!under_way)
		return false;
	pr_err("patch '%s' cannot be %s: patch '%s' is just being %s\n",
	       xlp_patch_name(change->patch), change->name,
	       xlp_patch_name(under_way->patch), under_way->name);
	return true;
}

/* The parameter may be lowered while a change waits. */
static bool is_patient(const struct change *change)
{
	return time_before(jiffies, change->started +
			   msecs_to_jiffies(READ_ONCE(patience_ms)));
}

static bool may_try_again(struct change *change, int err)
{
	if (change->blocked)
		return change->nr_stops < STOP_TRIES && is_patient(change);
	return err == -EINPROGRESS ||
	       (err == -EAGAIN && ++change->nr_busy < BUSY_TRIES);
}

static bool blockers_gone(const struct change *change)
{
	bool gone;

	mutex_lock(&xlp_mutex);
	gone = xlp_blockers_gone(&change->patch->blockers, change->code);
	mutex_unlock(&xlp_mutex);
	return gone;
}

/*
 * A task that leaves may be back soon, or another one come, so look often. The
 * wait before grows with each stop that was in vain.
 */
static void wait_for_blockers(const struct change *change)
{
	msleep(min(FIRST_BACKOFF_MS << change->nr_stops, LAST_BACKOFF_MS));
	while (!blockers_gone(change) && is_patient(change))
		usleep_range(500, 1000);
}

static void wait_for_next_try(const struct change *change, int err)
{
	if (change->blocked)
		wait_for_blockers(change);
	else if (err == -EAGAIN)
		msleep(BUSY_RETRY_MS);
	xlp_hooks_wait_settled();
}

static void report_blocked(const struct change *change)
{
	const struct xlp_blockers *blockers = &change->patch->blockers;
	const struct xlp_blocker *first = xlp_blockers_first(blockers);

	if (!first) {
		pr_err("patch '%s' cannot be %s: a task is exiting that could not be noted (%u checks, %u stops)\n",
		       xlp_patch_name(change->patch), change->name, blockers->try,
		       change->nr_stops);
		return;
	}
	pr_err("patch '%s' cannot be %s: task %s/%d is in the way, %s in %pS, and %u more (%u checks, %u stops)\n",
	       xlp_patch_name(change->patch), change->name, first->comm, first->pid,
	       first->why, (void *)first->verdict.where, blockers->nr - 1, blockers->try,
	       change->nr_stops);
}

/* What a try that was blocked has left. */
static void forget_blocked(struct change *change)
{
	change->blocked = false;
	xlp_code_free(change->code);
	change->code = NULL;
}

/*
 * Try until it works or there is no point in it. xlp_mutex is dropped between
 * tries, while something that is waited for goes on elsewhere.
 */
static int try_until_settled(struct change *change)
{
	struct xlp_batch *refused;
	bool again;
	int err;

	do {
		forget_blocked(change);
		if (!change->wanted(change))
			return 0;
		refused = NULL;
		err = change->try(change, &refused);
		again = may_try_again(change, err);
		if (!again && !refused)
			break;
		mutex_unlock(&xlp_mutex);
		if (refused)
			xlp_batch_refused(refused, err, err == -EBUSY);
		if (again)
			wait_for_next_try(change, err);
		mutex_lock(&xlp_mutex);
	} while (again);
	return err;
}

/* A whole patch changes: alone, and on record. */
static int run(struct change *change)
{
	int err;

	lockdep_assert_held(&xlp_mutex);
	xlp_blockers_start(&change->patch->blockers, change->name);
	change->started = jiffies;
	if (change->model->may_wait)
		under_way = change;
	err = try_until_settled(change);
	if (under_way == change)
		under_way = NULL;
	if (change->blocked)
		report_blocked(change);
	else
		change->patch->blockers.change = NULL;
	forget_blocked(change);
	xlp_blockers_let_go(&change->patch->blockers);
	return err;
}

/* ---- off ---- */

void xlp_switch_object_off(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	if (!obj->patched)
		return;
	xlp_for_each_func(obj, func)
		xlp_hook_remove_version(func);
	WRITE_ONCE(obj->patched, false);
}

static void take_off(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		xlp_switch_object_off(obj);
}

static void commit_off(void *data)
{
	const struct change *change = data;

	take_off(change->patch);
}

static bool off_wanted(const struct change *change)
{
	return change->patch->enabled;
}

static int try_off(struct change *change, struct xlp_batch **refused)
{
	int err = change->model->take_effect(change);

	if (!err)
		xlp_patch_disabled(change->patch);
	return err;
}

int xlp_switch_off(struct xlp_live_patch *patch)
{
	struct change change = {
		.patch = patch,
		.name = "disabled",
		.model = patch->model,
		.wanted = off_wanted,
		.try = try_off,
		.commit = commit_off,
		.affected = &patch,
		.nr_affected = 1,
	};

	return comes_second(&change) ? -EBUSY : run(&change);
}

void xlp_switch_off_now(struct xlp_live_patch *patch)
{
	lockdep_assert_held(&xlp_mutex);
	take_off(patch);
	xlp_patch_disabled(patch);
}

/* ---- on ---- */

static int resolve_if_present(struct xlp_live_object *obj, struct list_head *funcs)
{
	struct xlp_live_func *func;
	struct module *mod = NULL;
	int err;

	if (obj->decl->name) {
		mod = xlp_module_find(obj->decl->name);
		if (IS_ERR_OR_NULL(mod))
			return PTR_ERR_OR_ZERO(mod);
	}
	err = xlp_resolve_object(obj, mod);
	if (err)
		return err;
	xlp_for_each_func(obj, func)
		list_add_tail(&func->node, funcs);
	return 0;
}

static int resolve_present(struct change *change)
{
	struct xlp_live_object *obj;
	int err = 0;

	for (obj = change->first; obj <= change->last && !err; obj++)
		err = resolve_if_present(obj, &change->funcs);
	return err;
}

static void commit_on(void *data)
{
	struct change *change = data;
	unsigned int i;

	xlp_hooks_publish(&change->funcs);
	for (i = 1; i < change->nr_affected; i++)
		take_off(change->affected[i]);
}

/* What cannot fail any more: the books follow what calls do already. */
static void note_on(struct change *change)
{
	struct xlp_live_object *obj;
	unsigned int i;

	for (obj = change->first; obj <= change->last; obj++)
		if (obj->funcs[0].hook)
			WRITE_ONCE(obj->patched, true);
	for (i = 1; i < change->nr_affected; i++)
		xlp_patch_disabled(change->affected[i]);
}

/* The patch itself, and all enabled ones if it replaces them. */
static int find_affected(struct change *change)
{
	struct xlp_live_patch *patch;
	unsigned int max = 1;

	if (change->replaces)
		list_for_each_entry(patch, &xlp_patches, node)
			max += patch->enabled;
	change->affected = xlp_alloc_array(max, sizeof(*change->affected));
	if (!change->affected)
		return -ENOMEM;
	change->affected[0] = change->patch;
	change->nr_affected = 1;
	if (change->replaces)
		list_for_each_entry(patch, &xlp_patches, node)
			if (patch->enabled)
				change->affected[change->nr_affected++] = patch;
	return 0;
}

static int take_hooked_on(struct change *change)
{
	int err = find_affected(change);

	if (!err)
		err = change->model->take_effect(change);
	if (!err)
		note_on(change);
	xlp_free(change->affected);
	return err;
}

static int try_on(struct change *change, struct xlp_batch **refused)
{
	int err;

	INIT_LIST_HEAD(&change->funcs);
	err = resolve_present(change);
	if (!err && !list_empty(&change->funcs))
		err = xlp_hooks_attach(&change->funcs, refused);
	if (!err)
		err = take_hooked_on(change);
	/* Emptied by then if it has worked. */
	xlp_hooks_forget(&change->funcs);
	return err;
}

static bool on_wanted(const struct change *change)
{
	return !change->patch->dying;
}

int xlp_switch_on(struct xlp_live_patch *patch)
{
	struct change change = {
		.patch = patch,
		.name = "enabled",
		.model = patch->model,
		.first = patch->objects,
		.last = patch->objects + patch->nr_objects - 1,
		.replaces = patch->decl->replace,
		.wanted = on_wanted,
		.try = try_on,
		.commit = commit_on,
	};
	int err;

	if (comes_second(&change))
		return -EBUSY;
	err = run(&change);
	if (!err)
		return 0;
	/* Nobody else wants any: one change at a time takes more than one try. */
	xlp_hooks_not_wanted(0, ULONG_MAX);
	mutex_unlock(&xlp_mutex);
	xlp_hooks_detach_idle();
	mutex_lock(&xlp_mutex);
	return err;
}

static bool object_on_wanted(const struct change *change)
{
	return change->patch->enabled && !change->first->patched;
}

int xlp_switch_object_on(struct xlp_live_object *obj)
{
	struct change change = {
		.patch = obj->patch,
		.name = "enabled",
		.model = &models[XLP_IMMEDIATE],
		.first = obj,
		.last = obj,
		/* Replacing others was done when the patch was enabled. */
		.replaces = false,
		.wanted = object_on_wanted,
		.try = try_on,
		.commit = commit_on,
	};

	lockdep_assert_held(&xlp_mutex);
	return try_until_settled(&change);
}
