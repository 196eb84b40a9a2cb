// SPDX-License-Identifier: GPL-2.0
/*
 * lifecycle.c - what is asked for a patch: by its module, by sysfs, by the module loader
 *
 * Each is a request (engine.h) that goes through phases, one event or more in each. Whoever
 * asks for a change waits until it has been brought into effect, has begun to be (a transition,
 * until all tasks have been looked at once), or has failed; and what is refused is
 * refused in the event in which it is looked at.
 */
#include "log.h"

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/panic.h>
#include <xlp/arch.h>
#include "change.h"
#include "declare.h"
#include "engine.h"
#include "hook.h"
#include "lifecycle.h"
#include "methods.h"
#include "patch.h"
#include "publish.h"
#include "release.h"
#include "retire.h"
#include "sysfs.h"
#include "transition.h"

/**
 * enum lifecycle_phase - what a request does in its next event
 * @LIFECYCLE_REGISTER: put a new patch on the list
 * @LIFECYCLE_SHOWN: take note of how the new patch's files were made
 * @LIFECYCLE_DECIDE: wait for changes that are over soon, then look whether what is asked for
 *		can be done, and begin
 * @LIFECYCLE_CHANGE: have it done
 * @LIFECYCLE_LOOK: wait until all tasks have been looked at once
 * @LIFECYCLE_UNHOOK: wait until nothing is hooked that a change in vain had hooked
 * @LIFECYCLE_FORGET: wait for those that work with a patch that must go, and for tasks that may
 *		return into it
 * @LIFECYCLE_OVER: nothing more
 */
enum lifecycle_phase {
	LIFECYCLE_REGISTER,
	LIFECYCLE_SHOWN,
	LIFECYCLE_DECIDE,
	LIFECYCLE_CHANGE,
	LIFECYCLE_LOOK,
	LIFECYCLE_UNHOOK,
	LIFECYCLE_FORGET,
	LIFECYCLE_OVER,
};

/**
 * struct lifecycle_request - what is asked for
 * @change:	the change, if it takes one; its request is this one's
 * @patch:	of which patch
 * @mod:	the module that goes
 * @phase:	see above
 * @result:	of the request, when it is over
 * @is_new:	the patch is being registered by the module's init
 */
struct lifecycle_request {
	struct xlp_change change;
	struct xlp_live_patch *patch;
	const struct module *mod;
	enum lifecycle_phase phase;
	int result;
	bool is_new;
};

static struct lifecycle_request *lifecycle_of(struct xlp_request *request)
{
	return container_of(request, struct lifecycle_request, change.request);
}

static int lifecycle_next(struct lifecycle_request *asked, enum lifecycle_phase phase)
{
	asked->phase = phase;
	return 0;
}

/* ---- forgetting ---- */

/*
 * From here on nobody starts to use the patch, and nobody else forgets it. A module
 * whose init fails is freed whatever references it has, so its patch goes out of
 * effect even if that was enabled.
 */
static void lifecycle_start_forgetting(struct xlp_live_patch *patch)
{
	patch->dying = true;
	xlp_engine_changed();
	if (!patch->worlds)
		return;
	pr_err("patch '%s': its module goes although it is enabled (its init failed, or rmmod -f)\n",
	       xlp_patch_name(patch));
	if (!xlp_transition_leave(patch))
		xlp_publish_off(patch);
}

static void lifecycle_remove_files(struct xlp_request *request)
{
	xlp_sysfs_remove(lifecycle_of(request)->patch);
}

static int lifecycle_forget(struct lifecycle_request *asked)
{
	struct xlp_live_patch *patch = asked->patch;

	if (patch->users || patch->state != XLP_PATCH_AT_REST)
		return XLP_REQUEST_GOES_ON;
	xlp_retire_take_off(patch);
	asked->change.request.outside = lifecycle_remove_files;
	lifecycle_next(asked, LIFECYCLE_OVER);
	return XLP_REQUEST_GOES_ON;
}

/* ---- registering ---- */

/*
 * A patch's code is kept by looks at stacks for that code, which do not find a task that is
 * inside of what replaces it.
 */
static bool lifecycle_is_patched_patch(const struct xlp_live_patch *patch)
{
	const struct xlp_live_patch *other;

	list_for_each_entry(other, &xlp_patches, node) {
		if (xlp_patch_object(patch, xlp_patch_name(other)))
			pr_err("patch '%s': object '%s': is a patch itself\n",
			       xlp_patch_name(patch), xlp_patch_name(other));
		else if (xlp_patch_object(other, xlp_patch_name(patch)))
			pr_err("patch '%s': patch '%s' has it as an object\n",
			       xlp_patch_name(patch), xlp_patch_name(other));
		else
			continue;
		return true;
	}
	return false;
}

static int lifecycle_check_new(struct xlp_live_patch *patch)
{
	if (xlp_patch_of_module(patch->decl->mod)) {
		pr_err("patch '%s': already registered\n", xlp_patch_name(patch));
		return -EEXIST;
	}
	return lifecycle_is_patched_patch(patch) ? -EINVAL : 0;
}

static void lifecycle_show(struct xlp_request *request)
{
	struct lifecycle_request *asked = lifecycle_of(request);
	struct xlp_live_patch *patch = asked->patch;
	int err = xlp_sysfs_add(patch);

	asked->result = err;
	if (err)
		pr_err("patch '%s': cannot be shown in sysfs (%d)\n", xlp_patch_name(patch), err);
	else	/* Whoever reads a report of this kernel is told, as with in-kernel livepatch. */
		add_taint(TAINT_LIVEPATCH, LOCKDEP_STILL_OK);
}

/* Registered and being enabled at once, so that sysfs cannot be faster. */
static int lifecycle_register(struct lifecycle_request *asked)
{
	struct xlp_live_patch *patch = asked->patch;

	asked->result = lifecycle_check_new(patch);
	if (!asked->result) {
		asked->result = xlp_patch_start_enabling(patch);
		if (asked->result)
			pr_err("patch '%s': its module is going\n", xlp_patch_name(patch));
	}
	if (asked->result) {
		asked->change.request.outside = lifecycle_remove_files;
		lifecycle_next(asked, LIFECYCLE_OVER);
		return XLP_REQUEST_GOES_ON;
	}
	list_add_tail(&patch->node, &xlp_patches);
	xlp_patch_start_using(patch);
	asked->change.request.outside = lifecycle_show;
	lifecycle_next(asked, LIFECYCLE_SHOWN);
	return XLP_REQUEST_GOES_ON;
}

/* ---- enabling ---- */

/* Whoever has misspelt a name finds out here only. */
static void lifecycle_report_absent(const struct xlp_live_patch *patch)
{
	const struct xlp_live_object *obj, *first = NULL;
	unsigned int nr = 0;

	xlp_for_each_object(patch, obj) {
		if (!xlp_object_is_absent(obj))
			continue;
		first = first ?: obj;
		nr++;
	}
	if (nr)
		xlp_own_notice("'%s': %u of %u objects not loaded, such as '%s': patched when they come\n",
			       xlp_patch_name(patch), nr, patch->nr_objects,
			       xlp_object_name(first));
}

/* The end of what xlp_patch_start_enabling() has begun. */
static int lifecycle_end_enabling(struct lifecycle_request *asked)
{
	struct xlp_live_patch *patch = asked->patch;

	if (!asked->result && patch->dying)
		asked->result = -ENODEV;
	if (!asked->result)
		lifecycle_report_absent(patch);
	if (patch->state == XLP_PATCH_ENABLING)
		xlp_patch_step(patch, XLP_PATCH_AT_REST);
	else if (patch->state == XLP_PATCH_ENABLING_AGAIN)
		xlp_patch_step(patch, XLP_PATCH_DISABLED);
	xlp_patch_stop_using(patch);
	if (!asked->result)
		return lifecycle_next(asked, LIFECYCLE_LOOK);
	/* In the same event, so that nobody enables by sysfs what is about to go. */
	if (asked->is_new)
		lifecycle_start_forgetting(patch);
	return lifecycle_next(asked, asked->is_new ? LIFECYCLE_FORGET : LIFECYCLE_OVER);
}

/* What a change has hooked in vain is waited for; one that never began has hooked nothing. */
static int lifecycle_end_change(struct lifecycle_request *asked)
{
	lifecycle_end_enabling(asked);
	return asked->result ? lifecycle_next(asked, LIFECYCLE_UNHOOK) : 0;
}

static int lifecycle_begin(struct lifecycle_request *asked)
{
	asked->result = xlp_change_start(&asked->change, asked->patch, true);
	return asked->result ? lifecycle_end_enabling(asked) :
			       lifecycle_next(asked, LIFECYCLE_CHANGE);
}

/* For a new patch, which is ENABLING already. */
static int lifecycle_shown(struct lifecycle_request *asked)
{
	if (asked->result)
		return lifecycle_end_enabling(asked);
	return lifecycle_next(asked, LIFECYCLE_DECIDE);
}

static int lifecycle_check_again(const struct xlp_live_patch *patch)
{
	bool begun = patch->state == XLP_PATCH_ENABLING || patch->state == XLP_PATCH_ENABLING_AGAIN;

	if (begun && !patch->dying)
		return -EBUSY;
	if (!patch->decl->stays)
		return -EINVAL;
	if (patch->dying)
		return -ENODEV;
	if (xlp_patch_is_enabled(patch))
		return -EINVAL;
	return patch->state == XLP_PATCH_AT_REST || patch->state == XLP_PATCH_DISABLED ?
	       0 : -EBUSY;
}

static int lifecycle_enable_again(struct lifecycle_request *asked)
{
	int err = lifecycle_check_again(asked->patch) ?: xlp_patch_start_enabling(asked->patch);

	if (err)
		return err;
	xlp_patch_start_using(asked->patch);
	return lifecycle_begin(asked);
}

/* Is a transition of this very patch to be turned round? */
static bool lifecycle_turn(const struct xlp_live_patch *patch)
{
	if (xlp_transition_patch() != patch)
		return false;
	xlp_transition_turn();
	return true;
}

static int lifecycle_decide_enable(struct lifecycle_request *asked)
{
	struct xlp_live_patch *patch = asked->patch;

	if (asked->is_new)
		return lifecycle_begin(asked);
	if (!xlp_patch_is_enabled(patch) && !patch->dying && lifecycle_turn(patch))
		return lifecycle_next(asked, LIFECYCLE_LOOK);
	return lifecycle_enable_again(asked);
}

static int lifecycle_enable_phase(struct lifecycle_request *asked)
{
	int err;

	switch (asked->phase) {
	case LIFECYCLE_REGISTER:
		return lifecycle_register(asked);
	case LIFECYCLE_SHOWN:
		return lifecycle_shown(asked);
	case LIFECYCLE_DECIDE:
		return xlp_change_is_short() ? XLP_REQUEST_GOES_ON :
					       lifecycle_decide_enable(asked);
	case LIFECYCLE_CHANGE:
		err = xlp_change_step(&asked->change);
		if (err == XLP_REQUEST_GOES_ON)
			return err;
		asked->result = err;
		return lifecycle_end_change(asked);
	case LIFECYCLE_LOOK:
		return xlp_transition_has_looked(asked->patch) ?
		       lifecycle_next(asked, LIFECYCLE_OVER) : XLP_REQUEST_GOES_ON;
	case LIFECYCLE_UNHOOK:
		if (xlp_hooks_any_idle(asked->patch))
			return XLP_REQUEST_GOES_ON;
		return lifecycle_next(asked, asked->is_new ? LIFECYCLE_FORGET : LIFECYCLE_OVER);
	case LIFECYCLE_FORGET:
		return lifecycle_forget(asked);
	case LIFECYCLE_OVER:
		break;
	}
	return 0;
}

/* As many phases in one event as there is nothing to wait for. */
static int lifecycle_run(struct lifecycle_request *asked,
			 int (*phase)(struct lifecycle_request *asked))
{
	int err = 0;

	while (!err && asked->phase != LIFECYCLE_OVER)
		err = phase(asked);
	return err ?: asked->result;
}

static int lifecycle_enable_step(struct xlp_request *request)
{
	return lifecycle_run(lifecycle_of(request), lifecycle_enable_phase);
}

static int lifecycle_enable(struct xlp_live_patch *patch)
{
	struct lifecycle_request asked = {
		.change.request.step = lifecycle_enable_step,
		.patch = patch,
		.phase = LIFECYCLE_DECIDE,
	};

	return xlp_engine_request(&asked.change.request);
}

/* ---- disabling ---- */

static int lifecycle_decide_disable(struct lifecycle_request *asked)
{
	struct xlp_live_patch *patch = asked->patch;
	int err;

	if (!xlp_patch_is_enabled(patch))
		return -EINVAL;
	if (lifecycle_turn(patch))
		return lifecycle_next(asked, LIFECYCLE_LOOK);
	err = xlp_change_start(&asked->change, patch, false);
	if (err)
		return err;
	xlp_patch_start_using(patch);
	return lifecycle_next(asked, LIFECYCLE_CHANGE);
}

static int lifecycle_disable_phase(struct lifecycle_request *asked)
{
	int err;

	switch (asked->phase) {
	case LIFECYCLE_DECIDE:
		return xlp_change_is_short() ? XLP_REQUEST_GOES_ON :
					       lifecycle_decide_disable(asked);
	case LIFECYCLE_CHANGE:
		err = xlp_change_step(&asked->change);
		if (err == XLP_REQUEST_GOES_ON)
			return err;
		xlp_patch_stop_using(asked->patch);
		return err ?: lifecycle_next(asked, LIFECYCLE_LOOK);
	default:
		return xlp_transition_has_looked(asked->patch) ?
		       lifecycle_next(asked, LIFECYCLE_OVER) : XLP_REQUEST_GOES_ON;
	}
}

static int lifecycle_disable_step(struct xlp_request *request)
{
	return lifecycle_run(lifecycle_of(request), lifecycle_disable_phase);
}

static int lifecycle_disable(struct xlp_live_patch *patch)
{
	struct lifecycle_request asked = {
		.change.request.step = lifecycle_disable_step,
		.patch = patch,
		.phase = LIFECYCLE_DECIDE,
	};

	return xlp_engine_request(&asked.change.request);
}

/* ---- forcing ---- */

static int lifecycle_force_step(struct xlp_request *request)
{
	if (xlp_change_is_short())
		return XLP_REQUEST_GOES_ON;
	if (xlp_transition_patch() != lifecycle_of(request)->patch)
		return -EINVAL;
	xlp_transition_force();
	return 0;
}

static int lifecycle_force(struct xlp_live_patch *patch)
{
	struct lifecycle_request asked = {
		.change.request.step = lifecycle_force_step,
		.patch = patch,
	};

	return xlp_engine_request(&asked.change.request);
}

/* ---- a module goes ---- */

static int lifecycle_decide_going(struct lifecycle_request *asked)
{
	asked->patch = xlp_patch_of_module(asked->mod);
	/* Most modules have none, and need not wait for anybody's change. */
	if (!asked->patch)
		return lifecycle_next(asked, LIFECYCLE_OVER);
	if (xlp_change_is_short())
		return XLP_REQUEST_GOES_ON;
	lifecycle_start_forgetting(asked->patch);
	asked->change.request.for_ever = true;
	return lifecycle_next(asked, LIFECYCLE_FORGET);
}

static int lifecycle_going_phase(struct lifecycle_request *asked)
{
	return asked->phase == LIFECYCLE_DECIDE ? lifecycle_decide_going(asked) :
						  lifecycle_forget(asked);
}

static int lifecycle_going_step(struct xlp_request *request)
{
	return lifecycle_run(lifecycle_of(request), lifecycle_going_phase);
}

void xlp_lifecycle_going(const struct module *mod)
{
	struct lifecycle_request asked = {
		.change.request.step = lifecycle_going_step,
		.mod = mod,
		.phase = LIFECYCLE_DECIDE,
	};

	xlp_engine_request(&asked.change.request);
	xlp_retire_wait(mod);
}

/* ---- a module's init ---- */

/* What is known before the patch is. */
static int lifecycle_may_enable(const struct xlp_live_patch *patch)
{
	if (xlp_engine_is_mine()) {
		pr_err("patch '%s': a callback of a patch must not enable another one\n",
		       xlp_patch_name(patch));
		return -EDEADLK;
	}
	if (!xlp_method()) {
		pr_err("patch '%s': calls cannot be redirected (" XLP_NO_METHOD ")\n",
		       xlp_patch_name(patch));
		return -EOPNOTSUPP;
	}
	return 0;
}

int __xlp_enable_patch(struct xlp_patch *decl, const struct xlp_abi *abi)
{
	struct lifecycle_request asked = {
		.change.request.step = lifecycle_enable_step,
		.phase = LIFECYCLE_REGISTER,
		.is_new = true,
	};
	int err;

	asked.patch = xlp_declare(decl, abi);
	if (IS_ERR(asked.patch))
		return PTR_ERR(asked.patch);
	err = lifecycle_may_enable(asked.patch);
	if (!err)
		return xlp_engine_request(&asked.change.request);
	xlp_sysfs_remove(asked.patch);
	return err;
}
EXPORT_SYMBOL_GPL(__xlp_enable_patch);

void xlp_lifecycle_init(void)
{
	static const struct xlp_sysfs_ops ops = {
		.enable = lifecycle_enable,
		.disable = lifecycle_disable,
		.force = lifecycle_force,
	};

	xlp_sysfs_set_ops(&ops);
}
