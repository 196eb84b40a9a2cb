// SPDX-License-Identifier: GPL-2.0
/*
 * switch.c - where calls change over from one version to another, and how
 *
 * A change finds and hooks all functions first, and says of each patch that it
 * affects in which world that is to be in effect: in the one before the change or
 * in the one after it. What is left to do, to publish that for each function, is a
 * few stores and cannot fail. A model says when: at once, at an instant when no task
 * is inside any of the functions, or for one task after the other (transition.c).
 *
 * If there is no such instant it is tried again, a bounded number of times, each
 * time from the beginning, since modules may come and go in between.
 */
#include "log.h"

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/moduleparam.h>
#include <linux/wait.h>
#include "alloc.h"
#include "callbacks.h"
#include "code.h"
#include "hook.h"
#include "import.h"
#include "patch.h"
#include "resolve.h"
#include "state.h"
#include "switch.h"
#include "tasks.h"
#include "transition.h"

/* How often and how far apart ftrace is asked again when it says -EAGAIN. */
#define BUSY_TRIES	20
#define BUSY_RETRY_MS	10

/* How long to wait after a look in vain, and after a stop: that doubles so often. */
#define LOOK_AGAIN_MS	1
#define MAX_DOUBLINGS	8U

static unsigned int patience_ms = 3000;
module_param(patience_ms, uint, 0644);
MODULE_PARM_DESC(patience_ms, "how long a switch by the stop model waits for tasks that are in the way, in milliseconds");

/**
 * struct change - one change of one patch
 * @patch:	the patch
 * @name:	what it is about to be, in one word
 * @enables:	that is: enabled
 * @model:	how
 * @wanted:	is there still anything to do?
 * @try:	do it once; sets @refused to a batch that ftrace has refused
 * @first:	the first of its objects that the change is about
 * @last:	the last of them
 * @coming:	its module, if the change is about the one object whose module comes
 * @funcs:	functions that are about to become the newest versions
 * @affected:	@patch, and behind it the patches that it replaces
 * @nr_affected: how many
 * @hook_err:	how hooking its functions ended in the last try
 * @announced:	callbacks have been told of it
 * @blocked:	the last try found a task in the way
 * @blocked_since: when the first one did, in jiffies, but for waits for hooks
 * @code:	what tasks must not be inside of, as of the last try, or NULL
 * @clear:	tasks that were not, or NULL
 * @nr_stops:	how often the machine was stopped
 * @nr_blocked:	how many tries found a task in the way
 * @backoff_ms:	how long to wait after the last one that did
 * @nr_busy:	how often ftrace was busy
 */
struct change {
	struct xlp_live_patch *patch;
	const char *name;
	bool enables;
	const struct xlp_model_ops *model;
	bool (*wanted)(const struct change *change);
	int (*try)(struct change *change, struct xlp_batch **refused);
	struct xlp_live_object *first;
	struct xlp_live_object *last;
	struct module *coming;
	struct list_head funcs;
	struct xlp_live_patch **affected;
	unsigned int nr_affected;
	int hook_err;
	bool announced;
	bool blocked;
	unsigned long blocked_since;
	struct xlp_code *code;
	struct xlp_clear_tasks *clear;
	unsigned int nr_stops;
	unsigned int nr_blocked;
	unsigned int backoff_ms;
	unsigned int nr_busy;
};

/**
 * struct xlp_model_ops - how a change takes effect
 * @name:	for messages
 * @take_effect: bring a change into effect, or begin to, or fail. -EBUSY, with
 *		@blocked set, if some task is in the way.
 * @may_wait:	for such tasks, so that a change takes its time
 * @goes_on:	when @take_effect has returned 0, in a transition
 */
struct xlp_model_ops {
	const char *name;
	int (*take_effect)(struct change *change);
	bool may_wait;
	bool goes_on;
};

/*
 * The change that may drop xlp_mutex between tries [M]. While it is set no other
 * change of a patch begins, whatever its model, and while a transition is under way
 * none does either: so what a change has found out about patches stays true.
 */
static const struct change *under_way;
/* It waits for no task and is over soon. Written under xlp_mutex. */
static bool under_way_shortly;
/* Woken when that becomes false. */
static DECLARE_WAIT_QUEUE_HEAD(switch_over);

/* ---- models ---- */

static void publish_object(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	if (obj->patched)
		xlp_for_each_func(obj, func)
			xlp_hook_publish(func->hook);
}

void xlp_switch_object_off(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	if (!obj->patched)
		return;
	xlp_for_each_func(obj, func)
		xlp_hook_remove_version(func);
	WRITE_ONCE(obj->patched, false);
}

/* Calls follow what the patch's worlds say from here on. */
static void publish_patch(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj) {
		if (patch->worlds)
			publish_object(obj);
		else
			xlp_switch_object_off(obj);
	}
}

/* All say what they are to be before any is published, so that nothing is ever in between. */
void xlp_switch_settle(struct xlp_live_patch *const *patches, unsigned int nr,
		       enum xlp_world world)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (patches[i])
			patches[i]->worlds = patches[i]->worlds & BIT(world) ?
					     XLP_BOTH_WORLDS : 0;
	for (i = 0; i < nr; i++)
		if (patches[i])
			publish_patch(patches[i]);
}

void xlp_switch_finished(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	if (patch->worlds)
		xlp_callbacks(patch, xlp_callback_post_patch);
	else
		xlp_callbacks(patch, xlp_callback_post_unpatch);
	pr_notice("'%s': %s complete\n", xlp_patch_name(patch),
		  patch->worlds ? "patching" : "unpatching");
}

/* What cannot fail any more: the books follow what calls do already. */
static void note_settled(const struct change *change)
{
	unsigned int i;

	xlp_switch_finished(change->patch);
	if (change->enables)
		xlp_patch_enabled(change->patch);
	for (i = 0; i < change->nr_affected; i++)
		if (!change->affected[i]->worlds)
			xlp_patch_disabled(change->affected[i]);
}

static int take_effect_at_once(struct change *change)
{
	xlp_switch_settle(change->affected, change->nr_affected, XLP_AFTER);
	note_settled(change);
	return 0;
}

static void settle_stopped(void *data)
{
	const struct change *change = data;

	xlp_switch_settle(change->affected, change->nr_affected, XLP_AFTER);
}

static void forget_tries(struct change *change)
{
	xlp_clear_tasks_free(change->clear);
	change->clear = NULL;
	xlp_code_free(change->code);
	change->code = NULL;
}

/*
 * The code of a module that was loading when xlp was joins the set once it has come, and who
 * has been clear so far may sleep inside of it.
 */
static int collect_code(struct change *change)
{
	struct xlp_code *code = xlp_code_of_functions(change->affected, change->nr_affected);

	if (!code)
		return -ENOMEM;
	if (change->code && xlp_code_equal(change->code, code)) {
		xlp_code_free(code);
		return 0;
	}
	forget_tries(change);
	change->code = code;
	return 0;
}

/* Only a stop holds up tasks that have nothing to do with it, so only that wait grows. */
static void note_blocked(struct change *change, bool stopped)
{
	if (!change->nr_blocked++)
		change->blocked_since = jiffies;
	change->blocked = true;
	change->backoff_ms = LOOK_AGAIN_MS << (stopped ? min(change->nr_stops, MAX_DOUBLINGS) : 0);
}

static int take_effect_at_instant(struct change *change)
{
	struct xlp_live_patch *patch = change->patch;
	struct xlp_instant instant = {
		.commit = settle_stopped,
		.data = change,
		.blockers = &patch->blockers,
	};
	int err;

	err = collect_code(change);
	if (err)
		return err;
	instant.code = change->code;
	instant.clear = change->clear;
	xlp_blockers_next_try(&patch->blockers);
	err = xlp_at_instant(&instant);
	change->clear = instant.clear;
	change->nr_stops += instant.stopped;
	if (err == -EBUSY)
		note_blocked(change, instant.stopped);
	if (err)
		return err;
	patch->nr_stops = change->nr_stops;
	patch->nr_checks = patch->blockers.try;
	patch->freeze_ns = instant.freeze_ns;
	patch->check_ns = instant.check_ns;
	patch->nr_tasks = instant.nr_tasks;
	patch->nr_rechecked = instant.nr_rechecked;
	xlp_own_info("'%s': switched at one instant, machine stopped for %llu us, try %u\n",
		     xlp_patch_name(patch), div_u64(instant.freeze_ns, NSEC_PER_USEC),
		     patch->nr_stops);
	note_settled(change);
	return 0;
}

static int take_effect_by_task(struct change *change)
{
	struct xlp_transition_plan plan = {
		.patch = change->patch,
		.enables = change->enables,
		.nr_affected = change->nr_affected,
	};
	unsigned int i;
	int err;

	plan.code = xlp_code_of_functions(change->affected, change->nr_affected);
	if (!plan.code)
		return -ENOMEM;
	err = xlp_transition_prepare();
	if (err) {
		xlp_code_free(plan.code);
		return err;
	}
	/* Calls depend on the task that makes them; all are in the world before. */
	for (i = 0; i < change->nr_affected; i++)
		publish_patch(change->affected[i]);
	plan.affected = change->affected;
	change->affected = NULL;
	xlp_transition_begin(&plan);
	if (change->enables)
		xlp_patch_enabled(change->patch);
	else
		WRITE_ONCE(change->patch->enabled, false);
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
	[XLP_PER_TASK] = {
		.name = "per-task",
		.take_effect = take_effect_by_task,
		.may_wait = true,
		.goes_on = true,
	},
};

const struct xlp_model_ops *xlp_model_find(enum xlp_model model)
{
	if (model == XLP_MODEL_DEFAULT)
		model = XLP_PER_TASK;
	return (unsigned int)model < ARRAY_SIZE(models) ? &models[model] : NULL;
}

const char *xlp_model_name(const struct xlp_model_ops *model)
{
	return model->name;
}

/* ---- one change at a time ---- */

void xlp_switch_lock(void)
{
	mutex_lock(&xlp_mutex);
	while (under_way_shortly || xlp_transition_is_ending()) {
		mutex_unlock(&xlp_mutex);
		wait_event(switch_over, !READ_ONCE(under_way_shortly));
		xlp_transition_wait_ending();
		mutex_lock(&xlp_mutex);
	}
}

/* Asked in the same hold of xlp_mutex in which switch_claim() follows. */
static bool comes_second(const struct change *change)
{
	const struct xlp_live_patch *first = under_way ? under_way->patch : xlp_transition_patch();

	xlp_assert_locked();
	if (!first)
		return false;
	pr_err("patch '%s' cannot be %s: patch '%s' is just being %s\n",
	       xlp_patch_name(change->patch), change->name, xlp_patch_name(first),
	       under_way ? under_way->name : xlp_transition_change());
	return true;
}

static void switch_claim(const struct change *change)
{
	xlp_assert_locked();
	under_way = change;
	WRITE_ONCE(under_way_shortly, !change->model->may_wait);
}

static void switch_unclaim(void)
{
	xlp_assert_locked();
	under_way = NULL;
	WRITE_ONCE(under_way_shortly, false);
	wake_up_all(&switch_over);
}

/* ---- trying ---- */

/* The parameter may be lowered while a change waits. */
static bool is_patient(const struct change *change)
{
	return time_before(jiffies, change->blocked_since +
			   msecs_to_jiffies(READ_ONCE(patience_ms)));
}

/* Callbacks may fail with the same numbers: those are errors like any other. */
static bool may_try_again(struct change *change)
{
	if (change->blocked)
		return is_patient(change);
	return change->hook_err == -EINPROGRESS ||
	       (change->hook_err == -EAGAIN && ++change->nr_busy < BUSY_TRIES);
}

static bool blockers_gone(const struct change *change)
{
	bool gone;

	mutex_lock(&xlp_mutex);
	/* Nor is there anything to wait for if its module has given up meanwhile. */
	gone = !change->wanted(change) ||
	       xlp_blockers_gone(&change->patch->blockers, change->code);
	mutex_unlock(&xlp_mutex);
	return gone;
}

/* A task that leaves may be back soon, or another one come, so look often. */
static void wait_for_blockers(const struct change *change)
{
	msleep(change->backoff_ms);
	while (!blockers_gone(change) && is_patient(change))
		usleep_range(500, 1000);
}

static void wait_for_next_try(struct change *change)
{
	unsigned long before;

	if (change->blocked)
		wait_for_blockers(change);
	else if (change->hook_err == -EAGAIN)
		msleep(BUSY_RETRY_MS);
	before = jiffies;
	xlp_hooks_wait_settled();
	/* Tasks are given their time to leave, not for hooks to settle. */
	change->blocked_since += jiffies - before;
}

/* What callbacks were told is not so. Before xlp_mutex is dropped, as modules may go then. */
static void take_back(struct change *change)
{
	xlp_assert_locked();
	if (!change->announced)
		return;
	change->announced = false;
	if (change->enables) {
		xlp_callbacks(change->patch, xlp_callback_post_unpatch);
		xlp_objects_absent(change->patch);
	} else {
		xlp_callbacks(change->patch, xlp_callback_post_patch);
	}
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
		change->blocked = false;
		if (!change->wanted(change))
			return 0;
		refused = NULL;
		change->hook_err = 0;
		err = change->try(change, &refused);
		again = may_try_again(change);
		if (again)
			take_back(change);
		if (!again && !refused)
			break;
		mutex_unlock(&xlp_mutex);
		if (refused)
			xlp_batch_refused(refused, err, !again);
		if (again)
			wait_for_next_try(change);
		mutex_lock(&xlp_mutex);
	} while (again);
	return err;
}

/* A whole patch changes: alone, and on record. */
static int run(struct change *change)
{
	int err;

	xlp_assert_locked();
	xlp_blockers_start(&change->patch->blockers, change->name);
	switch_claim(change);
	err = try_until_settled(change);
	switch_unclaim();
	if (change->blocked)
		xlp_blockers_report(&change->patch->blockers, xlp_patch_name(change->patch),
				    change->nr_stops);
	else if (xlp_transition_patch() != change->patch)
		change->patch->blockers.change = NULL;
	forget_tries(change);
	xlp_blockers_let_go(&change->patch->blockers);
	return err;
}

/* ---- one try ---- */

/* The patch itself, and all enabled ones if it replaces them. */
static int find_affected(struct change *change, bool replaces)
{
	struct xlp_live_patch *patch;
	unsigned int max = 1;

	if (replaces)
		list_for_each_entry(patch, &xlp_patches, node)
			max += patch->enabled;
	change->affected = xlp_alloc_array(max, sizeof(*change->affected));
	if (!change->affected)
		return -ENOMEM;
	change->affected[0] = change->patch;
	change->nr_affected = 1;
	if (replaces)
		list_for_each_entry(patch, &xlp_patches, node)
			if (patch->enabled)
				change->affected[change->nr_affected++] = patch;
	return 0;
}

/* Unless a transition has it now. */
static void forget_affected(struct change *change)
{
	xlp_free(change->affected);
	change->affected = NULL;
	change->nr_affected = 0;
}

/* In which world each patch is to be in effect. */
static void assign_worlds(struct change *change)
{
	unsigned int i;

	change->patch->worlds = BIT(change->enables ? XLP_AFTER : XLP_BEFORE);
	for (i = 1; i < change->nr_affected; i++)
		change->affected[i]->worlds = BIT(XLP_BEFORE);
}

static int announce(struct change *change)
{
	change->announced = true;
	if (change->enables)
		return xlp_callbacks_pre_patch(change->patch);
	xlp_callbacks(change->patch, xlp_callback_pre_unpatch);
	return 0;
}

/* The functions have been hooked, and their hooks are theirs on success. */
static int take_effect(struct change *change)
{
	int err;

	assign_worlds(change);
	err = announce(change);
	if (!err)
		err = change->model->take_effect(change);
	if (err)
		xlp_switch_settle(change->affected, change->nr_affected, XLP_BEFORE);
	return err;
}

/* ---- off ---- */

static bool off_wanted(const struct change *change)
{
	return change->patch->enabled;
}

static int try_off(struct change *change, struct xlp_batch **refused)
{
	int err = find_affected(change, false);

	if (!err)
		err = take_effect(change);
	forget_affected(change);
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
	};
	int err;

	if (comes_second(&change))
		return -EBUSY;
	if (change.model->goes_on)
		pr_debug("'%s': initializing unpatching transition\n", xlp_patch_name(patch));
	err = run(&change);
	if (err)
		take_back(&change);
	return err;
}

void xlp_switch_off_now(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	if (xlp_transition_leave(patch))
		return;
	xlp_callbacks(patch, xlp_callback_pre_unpatch);
	patch->worlds = 0;
	publish_patch(patch);
	xlp_switch_finished(patch);
	xlp_patch_disabled(patch);
}

/* ---- on ---- */

static int resolve_present(struct change *change)
{
	struct xlp_live_object *obj;
	int err = 0;

	for (obj = change->first; obj <= change->last && !err; obj++)
		err = xlp_resolve_object(obj, change->coming, &change->funcs);
	return err;
}

static int hook_present(struct change *change, struct xlp_batch **refused)
{
	int err = resolve_present(change);

	if (err || list_empty(&change->funcs))
		return err;
	change->hook_err = xlp_hooks_attach(&change->funcs, refused);
	return change->hook_err;
}

static void add_versions(struct change *change)
{
	struct xlp_live_object *obj;

	xlp_hooks_add_versions(&change->funcs);
	for (obj = change->first; obj <= change->last; obj++)
		if (obj->present)
			WRITE_ONCE(obj->patched, true);
}

static int try_on(struct change *change, struct xlp_batch **refused)
{
	int err;

	INIT_LIST_HEAD(&change->funcs);
	err = xlp_imports_fill(change->patch, NULL);
	if (!err)
		err = hook_present(change, refused);
	if (!err)
		err = find_affected(change, change->patch->decl->replace);
	if (!err) {
		add_versions(change);
		err = take_effect(change);
	}
	if (err && !change->announced)
		xlp_objects_absent(change->patch);
	forget_affected(change);
	/* Empty if their hooks have them. */
	xlp_hooks_forget(&change->funcs);
	return err;
}

static bool on_wanted(const struct change *change)
{
	return !change->patch->dying;
}

static void cancel(struct change *change)
{
	const char *name = xlp_patch_name(change->patch);

	pr_warn("failed to enable patch '%s'\n", name);
	if (change->model->goes_on) {
		pr_debug("'%s': canceling patching transition, going to unpatch\n", name);
		pr_debug("'%s': completing unpatching transition\n", name);
	}
	take_back(change);
	/* If it has been in effect, a task may still be inside and use them. */
	if (!change->patch->disabled_at)
		xlp_imports_take_back(change->patch, NULL);
	if (change->model->goes_on)
		pr_notice("'%s': unpatching complete\n", name);
}

int xlp_switch_on(struct xlp_live_patch *patch)
{
	struct change change = {
		.patch = patch,
		.name = "enabled",
		.enables = true,
		.model = patch->model,
		.first = patch->objects,
		.last = patch->objects + patch->nr_objects - 1,
		.wanted = on_wanted,
		.try = try_on,
	};
	int err;

	if (comes_second(&change))
		return -EBUSY;
	err = xlp_states_check(patch);
	if (err)
		return err;
	/* It is above all others from now on, also for its callbacks. */
	list_move_tail(&patch->node, &xlp_patches);
	pr_notice("enabling patch '%s'\n", xlp_patch_name(patch));
	if (change.model->goes_on)
		pr_debug("'%s': initializing patching transition\n", xlp_patch_name(patch));
	err = run(&change);
	if (err)
		cancel(&change);
	/*
	 * Has it failed, or has its module given up between two tries, then nobody wants
	 * any hook: one change at a time takes more than one try.
	 */
	if (xlp_hooks_not_wanted(0, ULONG_MAX)) {
		mutex_unlock(&xlp_mutex);
		xlp_hooks_detach_idle();
		mutex_lock(&xlp_mutex);
	}
	return err;
}

/* ---- an object of its own ---- */

static bool object_on_wanted(const struct change *change)
{
	return change->patch->worlds && !change->first->patched;
}

/* Nobody can be inside, so its functions follow the patch, whatever world that is in. */
static int try_object_on(struct change *change, struct xlp_batch **refused)
{
	struct xlp_live_object *obj = change->first;
	int err;

	INIT_LIST_HEAD(&change->funcs);
	err = xlp_imports_fill(change->patch, change->coming);
	if (!err)
		err = hook_present(change, refused);
	if (!err) {
		add_versions(change);
		/* Also if it is another patch's: its functions may be the same. */
		err = xlp_transition_recollect();
		if (!err)
			err = xlp_callback_pre_patch(obj);
		if (err)
			xlp_switch_object_off(obj);
	}
	if (err) {
		xlp_object_absent(obj);
	} else {
		publish_object(obj);
		/* Otherwise that is for its end. */
		if (xlp_transition_patch() != change->patch)
			xlp_callback_post_patch(obj);
	}
	xlp_hooks_forget(&change->funcs);
	return err;
}

int xlp_switch_object_on(struct xlp_live_object *obj, struct module *coming)
{
	struct change change = {
		.patch = obj->patch,
		.name = "enabled",
		.enables = true,
		.model = &models[XLP_IMMEDIATE],
		.first = obj,
		.last = obj,
		.coming = coming,
		.wanted = object_on_wanted,
		.try = try_object_on,
	};

	xlp_assert_locked();
	return try_until_settled(&change);
}
