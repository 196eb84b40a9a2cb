// SPDX-License-Identifier: GPL-2.0
/*
 * modules.c - target modules come and go
 *
 * The module loader tells, in this order:
 *
 *	ftrace learns the module's functions
 *	COMING		modules_first, before any other user of the chain
 *	(init runs)
 *	LIVE		modules_first
 *	(exit runs)
 *	GOING		modules_last, after any other user of the chain
 *	ftrace forgets the module's functions
 *
 * When a notifier behind ours refuses a COMING module, those called so far get
 * GOING while the module's state still says COMING: only modules_first has
 * been called then. The set of present modules holds those between our COMING and our
 * GOING (present.c), and is what decides whether a patch may be applied to a module.
 *
 * A module that comes waits for its own functions to be hooked, and one that goes for its
 * own to be unhooked, and for nothing else of xlp's. (ftrace does that under a lock of its
 * own, which it also holds while it waits for RCU tasks on behalf of others.)
 */
#include "log.h"

#include <compat/module.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include "bind.h"
#include "callbacks.h"
#include "change.h"
#include "cold.h"
#include "engine.h"
#include "hold.h"
#include "hook.h"
#include "import.h"
#include "lifecycle.h"
#include "modules.h"
#include "patch.h"
#include "present.h"
#include "publish.h"
#include "transition.h"

/* ---- a module goes ---- */

/* In a transition of its patch nobody has been told yet that the object is patched. */
static void modules_revert_object(struct xlp_live_object *obj)
{
	if (xlp_object_is_patched(obj)) {
		if (xlp_transition_patch() != obj->patch)
			xlp_callback_pre_unpatch(obj);
		pr_notice("reverting patch '%s' on unloading module '%s'\n",
			  xlp_patch_name(obj->patch), obj->decl->name);
		xlp_publish_object_off(obj);
		xlp_callback_post_unpatch(obj);
	} else if (xlp_transition_patch() == obj->patch) {
		xlp_callback_post_unpatch(obj);
	}
	/* Replaced otherwise, and the end of that transition is waited for. */
	xlp_object_step(obj, XLP_OBJECT_ABSENT);
}

static void modules_revert(const struct module *mod)
{
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;

	list_for_each_entry(patch, &xlp_patches, node) {
		obj = xlp_patch_object(patch, mod->name);
		if (obj && !xlp_object_is_absent(obj))
			modules_revert_object(obj);
		xlp_imports_take_back(patch, mod);
	}
}

/**
 * struct modules_request - a module goes
 * @request:	as the engine knows it
 * @mod:	the module
 * @text:	its code
 * @is_reverted: nothing of xlp's uses it any more, but for hooks that may be left
 */
struct modules_request {
	struct xlp_request request;
	struct module *mod;
	struct xlp_range text;
	bool is_reverted;
};

static int modules_going_step(struct xlp_request *request)
{
	struct modules_request *going = container_of(request, struct modules_request, request);

	if (!going->is_reverted) {
		if (!xlp_present_remove(going->mod))
			return 0;
		modules_revert(going->mod);
		xlp_cold_forget(going->mod);
		/*
		 * Or tasks inside whatever comes to the same place would hold a transition up.
		 * Without memory they do: a set that has too much is safe.
		 */
		xlp_transition_recollect();
		/* A patch that is just being changed has to do without this module. */
		xlp_hooks_lose(going->text.start, going->text.end);
		going->is_reverted = true;
	}
	/* ftrace must have let go of every address in the module before the module goes. */
	if (xlp_hooks_any_in(going->text.start, going->text.end))
		return XLP_REQUEST_GOES_ON;
	xlp_hooks_forget(going->text.start, going->text.end);
	return 0;
}

static void modules_going(struct module *mod)
{
	struct modules_request going = {
		.request.step = modules_going_step,
		.mod = mod,
		.text = xlp_module_text(mod),
	};

	xlp_engine_request(&going.request);
}

/* ---- a module comes ---- */

/* Oldest patch first, so that versions stack up as they do elsewhere. */
static struct xlp_live_object *modules_find_object(const struct module *mod)
{
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;

	list_for_each_entry(patch, &xlp_patches, node) {
		obj = xlp_patch_object(patch, mod->name);
		if (obj && patch->worlds && !xlp_object_is_patched(obj))
			return obj;
	}
	return NULL;
}

/*
 * The next object to be patched, whose patch stays until modules_end_object(). If there is none
 * the module is there for whoever enables another patch.
 */
static struct xlp_live_object *modules_start_object(const struct module *mod)
{
	struct xlp_live_object *obj;

	xlp_engine_enter();
	obj = modules_find_object(mod);
	if (obj)
		xlp_patch_start_using(obj->patch);
	else
		xlp_present_come(mod);
	xlp_engine_leave();
	return obj;
}

static void modules_end_object(struct xlp_live_object *obj)
{
	xlp_engine_enter();
	xlp_patch_stop_using(obj->patch);
	xlp_engine_leave();
}

static void modules_report_refusal(const struct xlp_live_patch *patch, const struct module *mod)
{
	if (mod->state == MODULE_STATE_COMING)
		pr_warn("patch '%s' failed for module '%s', refusing to load module '%s'\n",
			xlp_patch_name(patch), mod->name, mod->name);
	else
		pr_warn("patch '%s' failed for module '%s'\n", xlp_patch_name(patch), mod->name);
}

/* Its init may have started threads, which sleep in functions of it. Nobody looks for them. */
static void modules_report_late(const struct xlp_live_patch *patch, const struct module *mod)
{
	if (mod->state != MODULE_STATE_COMING)
		pr_warn("patch '%s' is applied to module '%s' as if no task were inside: it was loading when xlp was\n",
			xlp_patch_name(patch), mod->name);
}

static int modules_patch_object(struct xlp_live_object *obj, struct module *mod)
{
	int err;

	pr_notice("applying patch '%s' to loading module '%s'\n",
		  xlp_patch_name(obj->patch), mod->name);
	err = xlp_change_object(obj, mod);
	if (err)
		modules_report_refusal(obj->patch, mod);
	else
		modules_report_late(obj->patch, mod);
	modules_end_object(obj);
	return err;
}

static int modules_add(struct module *mod)
{
	int err;

	xlp_engine_enter();
	/* One that is there by now has tasks, which whoever enables a patch must look at. */
	err = xlp_present_add(mod, mod->state == MODULE_STATE_COMING);
	xlp_engine_leave();
	return err;
}

/* Patches that are enabled meanwhile are met at the end of the list. */
static int modules_patch(struct module *mod)
{
	struct xlp_live_object *obj;
	int err = modules_add(mod);

	/* Only while the other one of that name goes. */
	if (err == -EEXIST)
		return 0;
	while (!err && (obj = modules_start_object(mod)))
		err = modules_patch_object(obj, mod);
	return err;
}

static int modules_coming(struct module *mod)
{
	int err = xlp_bind_check(mod);

	if (!err) {
		err = modules_patch(mod);
		/* Whoever refuses a module is not told that it goes. */
		if (err)
			modules_going(mod);
	}
	if (err)
		xlp_hold_end(mod);
	return err;
}

/*
 * One that was coming when xlp.ko was, so its COMING has not been heard. It is too late
 * to refuse it: what cannot be applied to it is told, and all else stays.
 */
static void modules_live(struct module *mod)
{
	int err = modules_patch(mod);

	if (!err)
		return;
	pr_err("module '%s' was loading when xlp was, and not all patches apply to it (%d): it stays as it is\n",
	       mod->name, err);
	xlp_engine_enter();
	xlp_present_come(mod);
	xlp_engine_leave();
}

/* ---- the notifiers ---- */

static int modules_first_notified(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	switch (event) {
	case MODULE_STATE_COMING:
		return notifier_from_errno(modules_coming(mod));
	case MODULE_STATE_LIVE:
		modules_live(mod);
		break;
	case MODULE_STATE_GOING:
		if (mod->state == MODULE_STATE_COMING) {
			modules_going(mod);
			xlp_hold_end(mod);
		}
		break;
	}
	return NOTIFY_DONE;
}

static int modules_last_notified(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == MODULE_STATE_GOING) {
		modules_going(data);
		xlp_lifecycle_going(data);
		xlp_hold_end(data);
	}
	return NOTIFY_DONE;
}

static struct notifier_block modules_first = {
	.notifier_call	= modules_first_notified,
	.priority	= INT_MAX,
};

static struct notifier_block modules_last = {
	.notifier_call	= modules_last_notified,
	.priority	= INT_MIN,
};

/* The one that hears of GOING is there for as long as the one that hears of COMING. */
int xlp_modules_init(void)
{
	int err;

	err = register_module_notifier(&modules_last);
	if (err)
		return err;
	err = register_module_notifier(&modules_first);
	if (err)
		unregister_module_notifier(&modules_last);
	return err;
}

void xlp_modules_exit(void)
{
	unregister_module_notifier(&modules_first);
	unregister_module_notifier(&modules_last);
	xlp_present_exit();
}
