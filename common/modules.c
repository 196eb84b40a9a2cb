// SPDX-License-Identifier: GPL-2.0
/*
 * modules.c - target modules come and go
 *
 * The module loader tells, in this order:
 *
 *	ftrace learns the module's functions
 *	COMING		first_notifier, before any other user of the chain
 *	(init runs)
 *	LIVE		first_notifier
 *	(exit runs)
 *	GOING		last_notifier, after any other user of the chain
 *	ftrace forgets the module's functions
 *
 * When a notifier behind ours refuses a COMING module, those called so far get
 * GOING while the module's state still says COMING: only first_notifier has
 * been called then. The set below holds the modules between our COMING and our
 * GOING, and is what decides whether a patch may be applied to a module.
 */
#include "log.h"

#include <compat/module.h>
#include <compat/unexported.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include "alloc.h"
#include "callbacks.h"
#include "hook.h"
#include "import.h"
#include "modules.h"
#include "patch.h"
#include "switch.h"
#include "transition.h"

/**
 * struct target - a module that patches may be applied to
 * @mod:	the module
 * @coming:	its objects are being switched on, oldest patch first, so whoever is just
 *		enabling another patch leaves the module to that
 * @node:	in targets
 */
struct target {
	struct module *mod;
	bool coming;
	struct list_head node;
};

/* [M] */
static LIST_HEAD(targets);

static struct target *find_target(const char *name)
{
	struct target *target;

	xlp_assert_locked();
	list_for_each_entry(target, &targets, node)
		if (!strcmp(target->mod->name, name))
			return target;
	return NULL;
}

static struct target *add_target(struct module *mod)
{
	struct target *target = xlp_alloc(sizeof(*target));

	if (!target)
		return NULL;
	target->mod = mod;
	list_add(&target->node, &targets);
	return target;
}

/* A module that was loaded before xlp.ko has told us nothing yet. */
static struct module *get_older_module(const char *name)
{
	struct module *mod;

	/* Up to v6.x module lists are under RCU-sched, later under RCU. */
	rcu_read_lock_sched();
	mod = unexported(find_module)(name);
	if (mod && (mod->state != MODULE_STATE_LIVE || !try_module_get(mod)))
		mod = NULL;
	rcu_read_unlock_sched();
	return mod;
}

struct module *xlp_module_find(const char *name)
{
	struct target *target = find_target(name);
	struct module *mod;

	if (target)
		return target->coming ? NULL : target->mod;
	mod = get_older_module(name);
	if (!mod)
		return NULL;
	target = add_target(mod);
	/* From here on its GOING has to wait for xlp_mutex. */
	module_put(mod);
	return target ? mod : ERR_PTR(-ENOMEM);
}

static struct xlp_live_object *next_present(const struct module *mod)
{
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;

	list_for_each_entry(patch, &xlp_patches, node) {
		obj = xlp_patch_object(patch, mod->name);
		if (obj && obj->present)
			return obj;
	}
	return NULL;
}

/* Oldest patch first, so that versions stack up as they do elsewhere. */
static struct xlp_live_object *next_to_patch(const struct module *mod)
{
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;

	list_for_each_entry(patch, &xlp_patches, node) {
		obj = xlp_patch_object(patch, mod->name);
		if (obj && patch->worlds && !obj->patched)
			return obj;
	}
	return NULL;
}

/* In a transition of its patch nobody has been told yet that the object is patched. */
static void revert_on_going(struct xlp_live_object *obj)
{
	/* Replaced, and the end of that transition is waited for. */
	if (!obj->patched && xlp_transition_patch() != obj->patch) {
		xlp_object_absent(obj);
		return;
	}
	if (obj->patched) {
		if (xlp_transition_patch() != obj->patch)
			xlp_callback_pre_unpatch(obj);
		pr_notice("reverting patch '%s' on unloading module '%s'\n",
			  xlp_patch_name(obj->patch), obj->decl->name);
		xlp_switch_object_off(obj);
	}
	xlp_callback_post_unpatch(obj);
	xlp_object_absent(obj);
}

static void module_going(struct module *mod)
{
	struct xlp_range text = xlp_module_text(mod);
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;
	struct target *target;

	mutex_lock(&xlp_mutex);
	target = find_target(mod->name);
	if (!target || target->mod != mod) {
		mutex_unlock(&xlp_mutex);
		return;
	}
	while ((obj = next_present(mod)))
		revert_on_going(obj);
	/*
	 * Or tasks inside whatever comes to the same place would hold a transition up.
	 * Without memory they do: a set that has too much is safe.
	 */
	xlp_transition_recollect();
	list_for_each_entry(patch, &xlp_patches, node)
		xlp_imports_take_back(patch, mod);
	/* A patch that is just being switched has to do without this module. */
	xlp_hooks_not_wanted(text.start, text.end);
	list_del(&target->node);
	xlp_free(target);
	mutex_unlock(&xlp_mutex);

	/*
	 * ftrace must have let go of every address in the module before the
	 * module goes. What is changing hands elsewhere right now may be ours.
	 */
	xlp_hooks_detach_idle();
	xlp_hooks_wait_settled();
}

static void report_refusal(const struct xlp_live_patch *patch, const struct module *mod)
{
	if (mod->state == MODULE_STATE_COMING)
		pr_warn("patch '%s' failed for module '%s', refusing to load module '%s'\n",
			xlp_patch_name(patch), mod->name, mod->name);
	else
		pr_warn("patch '%s' failed for module '%s'\n", xlp_patch_name(patch), mod->name);
}

static int apply_to_coming(struct xlp_live_object *obj, struct module *mod)
{
	struct xlp_live_patch *patch = obj->patch;
	int err;

	xlp_patch_start_using(patch);
	pr_notice("applying patch '%s' to loading module '%s'\n",
		  xlp_patch_name(patch), mod->name);
	err = xlp_switch_object_on(obj, mod);
	if (err)
		report_refusal(patch, mod);
	xlp_patch_stop_using(patch);
	return err;
}

/* Drops xlp_mutex; patches that are enabled meanwhile are met at the end of the list. */
static int patch_coming(struct target *target)
{
	struct xlp_live_object *obj;
	int err = 0;

	/* One that is there by now has tasks, which whoever enables a patch must look at. */
	target->coming = target->mod->state == MODULE_STATE_COMING;
	while (!err && (obj = next_to_patch(target->mod)))
		err = apply_to_coming(obj, target->mod);
	target->coming = false;
	return err;
}

static int patch_module(struct module *mod)
{
	struct xlp_range text = xlp_module_text(mod);
	struct target *target;
	bool any_idle;
	int err = 0;

	mutex_lock(&xlp_mutex);
	target = find_target(mod->name) ?: add_target(mod);
	if (!target)
		err = -ENOMEM;
	else if (target->mod == mod)
		err = patch_coming(target);
	/* Of a patch that does not apply, or that was disabled between two tries. */
	any_idle = xlp_hooks_not_wanted(text.start, text.end);
	mutex_unlock(&xlp_mutex);
	if (any_idle)
		xlp_hooks_detach_idle();
	return err;
}

static int module_coming(struct module *mod)
{
	int err = patch_module(mod);

	/* Whoever refuses a module is not told that it goes. */
	if (err)
		module_going(mod);
	return err;
}

/*
 * One that was coming when xlp.ko was, so its COMING has not been heard. It is too late
 * to refuse it: what cannot be applied to it is told, and all else stays.
 */
static void module_live(struct module *mod)
{
	int err = patch_module(mod);

	if (err)
		pr_err("module '%s' was loading when xlp was, and not all patches apply to it (%d): it stays as it is\n",
		       mod->name, err);
}

static int first_notified(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	switch (event) {
	case MODULE_STATE_COMING:
		return notifier_from_errno(module_coming(mod));
	case MODULE_STATE_LIVE:
		module_live(mod);
		break;
	case MODULE_STATE_GOING:
		if (mod->state == MODULE_STATE_COMING)
			module_going(mod);
		break;
	}
	return NOTIFY_DONE;
}

static int last_notified(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == MODULE_STATE_GOING) {
		module_going(data);
		xlp_patch_going(data);
	}
	return NOTIFY_DONE;
}

static struct notifier_block first_notifier = {
	.notifier_call	= first_notified,
	.priority	= INT_MAX,
};

static struct notifier_block last_notifier = {
	.notifier_call	= last_notified,
	.priority	= INT_MIN,
};

/* The one that hears of GOING is there for as long as the one that hears of COMING. */
int xlp_modules_init(void)
{
	int err;

	err = register_module_notifier(&last_notifier);
	if (err)
		return err;
	err = register_module_notifier(&first_notifier);
	if (err)
		unregister_module_notifier(&last_notifier);
	return err;
}

void xlp_modules_exit(void)
{
	struct target *target, *next;

	unregister_module_notifier(&first_notifier);
	unregister_module_notifier(&last_notifier);
	list_for_each_entry_safe(target, next, &targets, node)
		xlp_free(target);
}
