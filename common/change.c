// SPDX-License-Identifier: GPL-2.0
/* change.c - one change of a patch, tried until it takes effect or there is no point in it */
#include "log.h"

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include "alloc.h"
#include "buildid.h"
#include "callbacks.h"
#include "change.h"
#include "hook.h"
#include "import.h"
#include "patch.h"
#include "publish.h"
#include "resolve.h"
#include "state.h"
#include "tasks.h"
#include "transition.h"

/* How often and how far apart ftrace is asked again when it says -EAGAIN. */
#define CHANGE_BUSY_TRIES	20
#define CHANGE_BUSY_US		10000

/*
 * How long to wait after a look in vain, and after a stop: that doubles so often. Whether tasks
 * are still in the way is looked at this often meanwhile.
 */
#define CHANGE_AGAIN_US		1000
#define CHANGE_MAX_DOUBLINGS	8U
#define CHANGE_LOOK_US		500

/* How often the file of a test is looked at. */
#define CHANGE_HOLD_MS		10

atomic_t xlp_change_holds_coming = ATOMIC_INIT(0);

static unsigned int patience_ms = 3000;
module_param(patience_ms, uint, 0644);
MODULE_PARM_DESC(patience_ms, "how long a switch by the stop model waits for tasks that are in the way, in milliseconds");

/*
 * The change of a patch that is being tried [E]. While it is set no other one begins, whatever
 * its model, and while a transition is under way none does either: so what a change has found
 * out about patches stays true from event to event.
 */
static const struct xlp_change *change_under_way;
/* Who is in the way of it. The requester's, in its events and between them. */
static struct xlp_blockers change_found;

static const char *change_name(const struct xlp_change *change)
{
	return change->enables ? "enabled" : "disabled";
}

bool xlp_change_is_short(void)
{
	return (change_under_way && !change_under_way->waits) || xlp_transition_is_ending();
}

/* ---- is there anything to do? ---- */

/* Its module may have given up meanwhile, or its patch may have been disabled. */
static bool change_is_wanted(const struct xlp_change *change)
{
	if (change->coming)
		return change->patch->worlds && !xlp_object_is_patched(change->first);
	return change->enables ? !change->patch->dying : xlp_patch_is_enabled(change->patch);
}

/* The parameter may be lowered while a change waits. */
static bool change_is_patient(const struct xlp_change *change)
{
	return !xlp_patience_is_over(&change->patience, READ_ONCE(patience_ms));
}

static void change_look_at_clock(struct xlp_change *change)
{
	BUILD_BUG_ON((CHANGE_AGAIN_US << CHANGE_MAX_DOUBLINGS) > XLP_PATIENCE_MOST_MS * 1000);
	xlp_patience_look(&change->patience, 0);
}

/* ---- sets ---- */

/* What both have found has one site, whatever its names. */
static bool change_is_same_function(const struct xlp_live_func *func,
				    const struct xlp_live_func *other)
{
	if (xlp_object_is_absent(func->object) || xlp_object_is_absent(other->object))
		return xlp_patch_same_function(func, other);
	return func->site == other->site;
}

/* Does the patch want the function, where no version on a hook says so? */
static bool change_wants_function(const struct xlp_live_patch *patch,
				  const struct xlp_live_func *func)
{
	const char *name = func->object->decl->name;
	/* vmlinux has none, and is always there. */
	const struct xlp_live_object *obj = name ? xlp_patch_object(patch, name) : NULL;
	const struct xlp_live_func *other;

	if (!obj || (xlp_object_is_patched(obj) && !xlp_object_is_absent(func->object)))
		return false;
	xlp_for_each_func(obj, other)
		if (change_is_same_function(func, other))
			return true;
	return false;
}

/* The patch that replaces the function, and is of another set; NULL: there is none. */
static const struct xlp_live_patch *change_find_other_set(const struct xlp_live_func *func)
{
	const struct xlp_live_patch *patch = func->object->patch, *other = NULL;

	if (!xlp_object_is_absent(func->object))
		other = xlp_hook_patch(func->site);
	if (other && xlp_patch_set(other) != xlp_patch_set(patch))
		return other;
	list_for_each_entry(other, &xlp_patches, node)
		if (other->worlds && xlp_patch_set(other) != xlp_patch_set(patch) &&
		    change_wants_function(other, func))
			return other;
	return NULL;
}

static int change_check_set(const struct xlp_live_func *func)
{
	const struct xlp_live_patch *patch = func->object->patch;
	const struct xlp_live_patch *other = change_find_other_set(func);

	if (!other)
		return 0;
	xlp_func_err(func, "patch '%s' of set %u replaces it, and this one is of set %u",
		     xlp_patch_name(other), xlp_patch_set(other), xlp_patch_set(patch));
	return -EBUSY;
}

/*
 * Also of objects that are not there yet, which would be refused for it when they come. They
 * still are if the patches name a function by two of its names.
 */
static int change_check_sets(const struct xlp_change *change)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;
	int err;

	for (obj = change->first; obj <= change->last; obj++) {
		xlp_for_each_func(obj, func) {
			err = change_check_set(func);
			if (err)
				return err;
		}
	}
	return 0;
}

/* Until then there is no point in the next try, whatever events wake the request meanwhile. */
static int change_pause(struct xlp_change *change, unsigned int us)
{
	change->request.again_us = us;
	change->not_before = ktime_add_us(ktime_get(), us);
	return XLP_REQUEST_GOES_ON;
}

/* ---- finding and hooking functions ---- */

/* Those that an earlier event has found, and whose module has not gone, need not be found again. */
static int change_find_functions(struct xlp_change *change)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;
	int err = 0;

	for (obj = change->first; obj <= change->last && !err; obj++) {
		if (obj->state == XLP_OBJECT_FOUND)
			xlp_for_each_func(obj, func)
				list_move_tail(&func->node, &change->funcs);
		else if (xlp_object_is_absent(obj))
			err = xlp_resolve_object(obj, change->coming, &change->funcs);
	}
	return err;
}

/* Whoever loads the module may be killed: nobody need write to the file then. */
static void change_wait_if_held(void)
{
	while (unlikely(atomic_read(&xlp_change_holds_coming)) && !fatal_signal_pending(current))
		msleep(CHANGE_HOLD_MS);
}

static void change_attach(struct xlp_request *request)
{
	struct xlp_change *change = container_of(request, struct xlp_change, request);

	if (change->coming)
		change_wait_if_held();
	xlp_batch_attach(change->batch, change->nr_busy + 1 < CHANGE_BUSY_TRIES);
}

/* Return: 0: every function has its hook. */
static int change_hook_functions(struct xlp_change *change)
{
	int err = xlp_hooks_choose(&change->funcs, &change->batch);

	if (err == -EINPROGRESS)
		return XLP_REQUEST_GOES_ON;
	if (err || !change->batch)
		return err;
	change->request.outside = change_attach;
	return XLP_REQUEST_GOES_ON;
}

/* Return: 0: the hooks that this change has attached are the engine's, or there were none. */
static int change_take_batch(struct xlp_change *change)
{
	struct xlp_batch *batch = change->batch;
	int err;

	if (!batch)
		return 0;
	change->batch = NULL;
	err = xlp_hooks_attached(batch, &change->funcs);
	if (err != -EAGAIN || ++change->nr_busy >= CHANGE_BUSY_TRIES)
		return err;
	return change_pause(change, CHANGE_BUSY_US);
}

static void change_add_versions(struct xlp_change *change)
{
	struct xlp_live_object *obj;

	xlp_hooks_add_versions(&change->funcs);
	for (obj = change->first; obj <= change->last; obj++)
		if (obj->state == XLP_OBJECT_FOUND)
			xlp_object_step(obj, XLP_OBJECT_PATCHED);
}

static int change_check_builds(const struct xlp_change *change)
{
	const struct xlp_live_object *obj;
	int err = 0;

	/* What an earlier event has found was compared then. */
	for (obj = change->first; obj <= change->last && !err; obj++)
		if (xlp_object_is_absent(obj))
			err = xlp_build_id_check(obj, change->coming);
	return err;
}

/* Return: 0: all functions that are there are versions of their hooks. */
static int change_prepare(struct xlp_change *change)
{
	int err;

	err = change_check_builds(change);
	if (!err)
		err = xlp_imports_fill(change->patch, change->coming);
	if (!err)
		err = change_find_functions(change);
	if (!err)
		err = change_check_sets(change);
	if (!err)
		err = change_hook_functions(change);
	if (!err)
		change_add_versions(change);
	return err;
}

/* ---- a whole patch ---- */

/* Never one of another set. */
static bool change_replaces(const struct xlp_change *change, const struct xlp_live_patch *patch)
{
	return change->enables && change->patch->decl->replace && xlp_patch_is_enabled(patch) &&
	       xlp_patch_set(patch) == xlp_patch_set(change->patch);
}

/* The patch itself, and all enabled ones of its set if it replaces them. */
static int change_find_affected(struct xlp_change *change)
{
	struct xlp_plan *plan = &change->try.plan;
	struct xlp_live_patch *patch;
	unsigned int max = 1;

	list_for_each_entry(patch, &xlp_patches, node)
		max += change_replaces(change, patch);
	plan->affected = xlp_alloc_array(max, sizeof(*plan->affected));
	if (!plan->affected)
		return -ENOMEM;
	plan->affected[0] = change->patch;
	plan->nr_affected = 1;
	list_for_each_entry(patch, &xlp_patches, node)
		if (change_replaces(change, patch))
			plan->affected[plan->nr_affected++] = patch;
	return 0;
}

/* Unless the model has it now. */
static void change_forget_affected(struct xlp_change *change)
{
	struct xlp_plan *plan = &change->try.plan;

	xlp_free(plan->affected);
	plan->affected = NULL;
	plan->nr_affected = 0;
}

/* In which world each patch is to be in effect. */
static void change_assign_worlds(const struct xlp_change *change)
{
	const struct xlp_plan *plan = &change->try.plan;
	unsigned int i;

	change->patch->worlds = BIT(change->enables ? XLP_AFTER : XLP_BEFORE);
	for (i = 1; i < plan->nr_affected; i++)
		plan->affected[i]->worlds = BIT(XLP_BEFORE);
}

static int change_announce(struct xlp_change *change)
{
	change->announced = true;
	if (change->enables)
		return xlp_callbacks_pre_patch(change->patch);
	xlp_callbacks(change->patch, xlp_callback_pre_unpatch);
	return 0;
}

/* What callbacks were told is not so. Before the event is over, as modules may go then. */
static void change_take_back(struct xlp_change *change)
{
	if (!change->announced)
		return;
	change->announced = false;
	xlp_callbacks(change->patch, change->enables ? xlp_callback_post_unpatch :
						       xlp_callback_post_patch);
}

static void change_look(struct xlp_request *request)
{
	struct xlp_change *change = container_of(request, struct xlp_change, request);

	change->model->look(&change->try);
}

/* Callbacks are not told of what tasks are seen in the way of. */
static int change_check(struct xlp_change *change)
{
	int err = change->model->check ? change->model->check(&change->try) : 0;

	if (err != -EAGAIN)
		return err;
	change->request.outside = change_look;
	return XLP_REQUEST_GOES_ON;
}

static int change_take_effect(struct xlp_change *change)
{
	int err = change_check(change);

	if (!err) {
		change_assign_worlds(change);
		err = change_announce(change);
	}
	if (!err)
		err = change->model->begin(&change->try);
	if (err)
		xlp_publish_settled(&change->try.plan, XLP_BEFORE);
	return err;
}

static int change_try_patch(struct xlp_change *change)
{
	int err;

	/* Before anything of the patch has a version: nothing is to be taken back then. */
	err = change_find_affected(change);
	if (!err && change->enables)
		err = change_prepare(change);
	if (!err)
		err = change_take_effect(change);
	change_forget_affected(change);
	return err;
}

/* ---- an object of its own ---- */

/* Nobody can be inside, so its functions follow the patch, whatever world that is in. */
static int change_try_object(struct xlp_change *change)
{
	struct xlp_live_object *obj = change->first;
	int err = change_prepare(change);

	if (err)
		return err;
	/* Also if it is another patch's: its functions may be the same. */
	err = xlp_transition_recollect();
	if (!err)
		err = xlp_callback_pre_patch(obj);
	if (err) {
		xlp_publish_object_off(obj);
		return err;
	}
	xlp_publish_object(obj);
	/* Otherwise that is for its end. */
	if (xlp_transition_patch() != change->patch)
		xlp_callback_post_patch(obj);
	return 0;
}

/* ---- between tries ---- */

/* Only a stop holds up tasks that have nothing to do with it, so only that wait grows. */
static int change_wait_for_blockers(struct xlp_change *change)
{
	const struct xlp_try *try = &change->try;

	change_take_back(change);
	change->waits = true;
	return change_pause(change, CHANGE_AGAIN_US <<
			    (try->instant.stopped ? min(try->nr_stops, CHANGE_MAX_DOUBLINGS) : 0));
}

static bool change_blockers_are_gone(const struct xlp_change *change)
{
	bool gone = xlp_blockers_gone(&change_found, change->try.instant.code);

	xlp_blockers_publish(&change->patch->blockers, &change_found);
	return gone;
}

/* How long it is until there may be a point in the next try; 0: there may be one now. */
static unsigned int change_wait_us(const struct xlp_change *change)
{
	s64 left = ktime_us_delta(change->not_before, ktime_get());

	if (!change_is_wanted(change))
		return 0;
	/* Other events wake whoever waits, too. */
	if (left > 0)
		return left;
	/* A task that leaves may be back soon, or another one come, so look often. */
	return change->waits && change_is_patient(change) && !change_blockers_are_gone(change) ?
	       CHANGE_LOOK_US : 0;
}

static int change_try(struct xlp_change *change)
{
	int err = change->coming ? change_try_object(change) : change_try_patch(change);

	if (!change->try.blocked)
		return err;
	xlp_blockers_publish(&change->patch->blockers, &change_found);
	if (!change->nr_blocked++)
		xlp_patience_begin(&change->patience);
	change_look_at_clock(change);
	return change_is_patient(change) ? change_wait_for_blockers(change) : err;
}

/* ---- the end ---- */

/* Functions that were found, and are no versions, are forgotten, and their hooks let go. */
static void change_let_go(struct xlp_change *change)
{
	struct xlp_live_object *obj;

	for (obj = change->first; obj <= change->last; obj++)
		if (obj->state == XLP_OBJECT_FOUND)
			xlp_object_step(obj, XLP_OBJECT_ABSENT);
	xlp_hooks_not_wanted(&change->funcs);
}

static void change_cancel(struct xlp_change *change)
{
	const char *name = xlp_patch_name(change->patch);

	pr_warn("failed to enable patch '%s'\n", name);
	if (change->model->goes_on) {
		pr_debug("'%s': canceling patching transition, going to unpatch\n", name);
		pr_debug("'%s': completing unpatching transition\n", name);
	}
	change_take_back(change);
	/* If it has been in effect, a task may still be inside and use them. */
	if (change->patch->state == XLP_PATCH_ENABLING)
		xlp_imports_take_back(change->patch, NULL);
	if (change->model->goes_on)
		pr_notice("'%s': unpatching complete\n", name);
}

static void change_end(struct xlp_change *change, int err)
{
	struct xlp_live_patch *patch = change->patch;

	change_under_way = NULL;
	if (change->try.blocked)
		xlp_blockers_report(&patch->blockers, xlp_patch_name(patch),
				    change->try.nr_stops);
	else if (xlp_transition_patch() != patch)
		patch->blockers.change = NULL;
	xlp_try_forget(&change->try);
	xlp_blockers_let_go(&change_found);
	if (err && change->enables)
		change_cancel(change);
	else if (err)
		change_take_back(change);
	if (change->enables)
		change_let_go(change);
	xlp_engine_changed();
}

/* ---- the whole ---- */

/* In the event in which change_under_way is set. */
static bool change_comes_second(const struct xlp_change *change)
{
	const struct xlp_live_patch *first = change_under_way ? change_under_way->patch :
								xlp_transition_patch();

	if (!first)
		return false;
	pr_err("patch '%s' cannot be %s: patch '%s' is just being %s\n",
	       xlp_patch_name(change->patch), change_name(change), xlp_patch_name(first),
	       change_under_way ? change_name(change_under_way) : xlp_transition_change());
	return true;
}

static void change_say_so(const struct xlp_change *change)
{
	const char *name = xlp_patch_name(change->patch);

	if (change->enables)
		pr_notice("enabling patch '%s'\n", name);
	if (change->model->goes_on)
		pr_debug("'%s': initializing %s transition\n", name,
			 change->enables ? "patching" : "unpatching");
}

static void change_init(struct xlp_change *change, struct xlp_live_patch *patch, bool enables)
{
	change->patch = patch;
	change->enables = enables;
	change->model = xlp_model(patch->model);
	change->first = patch->objects;
	change->last = patch->objects + patch->nr_objects - 1;
	change->try.plan.patch = patch;
	change->try.plan.enables = enables;
	INIT_LIST_HEAD(&change->funcs);
}

int xlp_change_start(struct xlp_change *change, struct xlp_live_patch *patch, bool enables)
{
	int err;

	change_init(change, patch, enables);
	if (change_comes_second(change))
		return -EBUSY;
	err = enables ? xlp_states_check(patch) : 0;
	if (err)
		return err;
	/* It is above all others from now on, also for its callbacks. */
	if (enables)
		list_move_tail(&patch->node, &xlp_patches);
	change_say_so(change);
	change_under_way = change;
	xlp_blockers_start(&patch->blockers, change_name(change));
	xlp_blockers_start(&change_found, change_name(change));
	change->try.instant.blockers = &change_found;
	return 0;
}

/* Return: as xlp_change_step(). */
static int change_step(struct xlp_change *change)
{
	int err = change_take_batch(change);

	if (err)
		return err;
	change_look_at_clock(change);
	change->request.again_us = change_wait_us(change);
	if (change->request.again_us)
		return XLP_REQUEST_GOES_ON;
	change->waits = false;
	change->try.blocked = false;
	return change_is_wanted(change) ? change_try(change) : 0;
}

int xlp_change_step(struct xlp_change *change)
{
	bool was_short = xlp_change_is_short();
	int err = change_step(change);

	if (err != XLP_REQUEST_GOES_ON)
		change_end(change, err);
	else if (was_short && !xlp_change_is_short())
		/* Requests that wait for a short change are refused by one that waits for tasks. */
		xlp_engine_changed();
	return err;
}

static int change_object_step(struct xlp_request *request)
{
	struct xlp_change *change = container_of(request, struct xlp_change, request);
	int err = change_step(change);

	if (err != XLP_REQUEST_GOES_ON)
		change_let_go(change);
	return err;
}

int xlp_change_object(struct xlp_live_object *obj, struct module *coming)
{
	struct xlp_change change = { .request.step = change_object_step, .coming = coming };

	change_init(&change, obj->patch, true);
	change.first = obj;
	change.last = obj;
	return xlp_engine_request(&change.request);
}
