// SPDX-License-Identifier: GPL-2.0
/*
 * patch.c - a patch's life
 *
 * Declared, registered, enabled, disabled, enabled again ..., forgotten when
 * its module goes. Enabling finds every function, hooks those that are not
 * hooked yet in one batch, and only then changes where calls go, so whatever
 * can fail has failed before the first call is redirected.
 */
#define pr_fmt(fmt) "xlp: " fmt

#include <linux/delay.h>
#include <linux/wait.h>
#include "declare.h"
#include "hook.h"
#include "modules.h"
#include "patch.h"
#include "release.h"
#include "resolve.h"
#include "sysfs.h"
#include <xlp/arch.h>

/* How often and how far apart ftrace is asked again when it says -EAGAIN. */
#define BUSY_TRIES	20
#define BUSY_RETRY_MS	10

/* What it protects is said in patch.h. */
DEFINE_MUTEX(xlp_mutex);
LIST_HEAD(xlp_patches);

/* How many disablings there have been [M]. */
static unsigned long disablings;
/* Woken when a patch loses a user or is unpinned. */
static DECLARE_WAIT_QUEUE_HEAD(patch_idle);

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

static void mark_patched(struct xlp_live_object *first, struct xlp_live_object *end)
{
	for (; first < end; first++)
		if (first->funcs[0].hook)
			WRITE_ONCE(first->patched, true);
}

/* One try at putting some objects of a patch, those that are there, into effect. */
static int try_attach(struct xlp_live_object *first, struct xlp_live_object *end,
		      struct xlp_batch **refused)
{
	struct xlp_live_func *func, *next;
	struct xlp_live_object *obj;
	LIST_HEAD(funcs);
	int err = 0;

	*refused = NULL;
	for (obj = first; obj < end && !err; obj++)
		err = resolve_if_present(obj, &funcs);
	if (!err && !list_empty(&funcs))
		err = xlp_hooks_attach(&funcs, refused);
	list_for_each_entry_safe(func, next, &funcs, node)
		list_del_init(&func->node);
	if (!err)
		mark_patched(first, end);
	return err;
}

/*
 * Under xlp_mutex, which is dropped while waiting for something that goes on
 * elsewhere; @wanted tells whether there is still anything to do.
 */
static int attach(struct xlp_live_object *first, struct xlp_live_object *end,
		  bool (*wanted)(const struct xlp_live_object *first))
{
	struct xlp_batch *refused;
	unsigned int busy = 0;
	bool again;
	int err;

	do {
		if (!wanted(first))
			return 0;
		err = try_attach(first, end, &refused);
		again = err == -EINPROGRESS || (err == -EAGAIN && ++busy < BUSY_TRIES);
		if (!again && !refused)
			break;
		mutex_unlock(&xlp_mutex);
		if (refused)
			xlp_batch_refused(refused, err, err == -EBUSY);
		if (err == -EAGAIN)
			msleep(BUSY_RETRY_MS);
		xlp_hooks_wait_settled();
		mutex_lock(&xlp_mutex);
	} while (again);
	return err;
}

static bool object_wanted(const struct xlp_live_object *obj)
{
	return obj->patch->enabled && !obj->patched;
}

int xlp_patch_object(struct xlp_live_object *obj)
{
	lockdep_assert_held(&xlp_mutex);
	return attach(obj, obj + 1, object_wanted);
}

void xlp_unpatch_object(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	lockdep_assert_held(&xlp_mutex);
	if (!obj->patched)
		return;
	xlp_for_each_func(obj, func)
		xlp_hook_remove_version(func);
	WRITE_ONCE(obj->patched, false);
}

/* ---- who holds a patch ---- */

void xlp_patch_start_using(struct xlp_live_patch *patch)
{
	lockdep_assert_held(&xlp_mutex);
	patch->users++;
}

void xlp_patch_stop_using(struct xlp_live_patch *patch)
{
	lockdep_assert_held(&xlp_mutex);
	WRITE_ONCE(patch->users, patch->users - 1);
	wake_up_all(&patch_idle);
}

void xlp_patch_unpin(struct xlp_live_patch *patch)
{
	lockdep_assert_held(&xlp_mutex);
	patch->disabled_at = 0;
	WRITE_ONCE(patch->pinned, false);
	module_put(patch->decl->mod);
	wake_up_all(&patch_idle);
}

unsigned long xlp_disablings(void)
{
	unsigned long count;

	mutex_lock(&xlp_mutex);
	count = disablings;
	mutex_unlock(&xlp_mutex);
	return count;
}

/* ---- enabling and disabling ---- */

static bool being_enabled(const struct xlp_live_object *obj)
{
	return !obj->patch->dying;
}

static int start_enabling(struct xlp_live_patch *patch)
{
	lockdep_assert_held(&xlp_mutex);
	if (patch->dying)
		return -ENODEV;
	if (patch->enabled)
		return -EINVAL;
	if (patch->enabling)
		return -EBUSY;
	if (!patch->pinned && !try_module_get(patch->decl->mod))
		return -ENODEV;
	patch->pinned = true;
	patch->enabling = true;
	xlp_patch_start_using(patch);
	return 0;
}

static void finish_enabling(struct xlp_live_patch *patch, int err)
{
	lockdep_assert_held(&xlp_mutex);
	patch->enabling = false;
	if (!err) {
		patch->disabled_at = 0;
		WRITE_ONCE(patch->enabled, true);
		list_move_tail(&patch->node, &xlp_patches);
	} else if (!patch->disabled_at) {
		/* Never was in effect since it was pinned, so nobody is inside. */
		xlp_patch_unpin(patch);
	}
	xlp_patch_stop_using(patch);
}

/* For whom start_enabling() has returned 0. */
static int enable_started(struct xlp_live_patch *patch)
{
	struct xlp_live_object *objects = patch->objects;
	int err;

	pr_notice("enabling patch '%s'\n", xlp_patch_name(patch));
	mutex_lock(&xlp_mutex);
	err = attach(objects, objects + patch->nr_objects, being_enabled);
	if (!err && patch->dying)
		err = -ENODEV;
	if (err)
		pr_warn("failed to enable patch '%s' (%d)\n", xlp_patch_name(patch), err);
	else
		pr_notice("'%s': patching complete\n", xlp_patch_name(patch));
	finish_enabling(patch, err);
	mutex_unlock(&xlp_mutex);
	return err;
}

int xlp_patch_enable(struct xlp_live_patch *patch)
{
	int err;

	mutex_lock(&xlp_mutex);
	err = start_enabling(patch);
	mutex_unlock(&xlp_mutex);
	return err ?: enable_started(patch);
}

static int disable_locked(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	lockdep_assert_held(&xlp_mutex);
	if (!patch->enabled)
		return -EINVAL;
	xlp_for_each_object(patch, obj)
		xlp_unpatch_object(obj);
	WRITE_ONCE(patch->enabled, false);
	patch->reported = 0;
	patch->disabled_at = ++disablings;
	pr_notice("'%s': unpatching complete\n", xlp_patch_name(patch));
	xlp_release_soon();
	return 0;
}

int xlp_patch_disable(struct xlp_live_patch *patch)
{
	int err;

	mutex_lock(&xlp_mutex);
	err = disable_locked(patch);
	mutex_unlock(&xlp_mutex);
	return err;
}

/* ---- registering and forgetting ---- */

static struct xlp_live_patch *find_patch(const struct module *mod)
{
	struct xlp_live_patch *patch;

	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->decl->mod == mod)
			return patch;
	return NULL;
}

/* Registered and being enabled at once, so that sysfs cannot be faster. */
static int register_patch(struct xlp_live_patch *patch)
{
	int err;

	mutex_lock(&xlp_mutex);
	err = find_patch(patch->decl->mod) ? -EEXIST : start_enabling(patch);
	if (!err)
		list_add_tail(&patch->node, &xlp_patches);
	mutex_unlock(&xlp_mutex);
	if (err)
		pr_err("patch '%s': %s\n", xlp_patch_name(patch),
		       err == -EEXIST ? "already registered" : "its module is going");
	return err;
}

/*
 * From here on nobody starts to use the patch; wait for those that do, and for
 * tasks that may return into it. A module whose init fails is freed whatever
 * references it has, so that is waited for even if it was enabled.
 */
static void forget_patch(struct xlp_live_patch *patch)
{
	mutex_lock(&xlp_mutex);
	patch->dying = true;
	if (!disable_locked(patch))
		pr_err("patch '%s': its module failed to load after enabling it\n",
		       xlp_patch_name(patch));
	mutex_unlock(&xlp_mutex);

	wait_event(patch_idle, !READ_ONCE(patch->users) && !READ_ONCE(patch->pinned));

	mutex_lock(&xlp_mutex);
	list_del(&patch->node);
	mutex_unlock(&xlp_mutex);
	xlp_sysfs_remove(patch);
}

void xlp_patch_going(struct module *mod)
{
	struct xlp_live_patch *patch;

	mutex_lock(&xlp_mutex);
	patch = find_patch(mod);
	mutex_unlock(&xlp_mutex);
	if (patch)
		forget_patch(patch);
}

static int enable_new(struct xlp_live_patch *patch)
{
	int err = xlp_sysfs_add(patch);

	if (!err)
		return enable_started(patch);
	pr_err("patch '%s': cannot be shown in sysfs (%d)\n", xlp_patch_name(patch), err);
	mutex_lock(&xlp_mutex);
	finish_enabling(patch, err);
	mutex_unlock(&xlp_mutex);
	return err;
}

int __xlp_enable_patch(struct xlp_patch *decl, const struct xlp_abi *abi)
{
	struct xlp_live_patch *patch;
	int err;

	patch = xlp_declare(decl, abi);
	if (IS_ERR(patch))
		return PTR_ERR(patch);
	if (!xlp_arch_method()) {
		pr_err("patch '%s': calls cannot be redirected on this architecture\n",
		       xlp_patch_name(patch));
		xlp_sysfs_remove(patch);
		return -EOPNOTSUPP;
	}
	err = register_patch(patch);
	if (err) {
		xlp_sysfs_remove(patch);
		return err;
	}
	err = enable_new(patch);
	if (err)
		forget_patch(patch);
	return err;
}
EXPORT_SYMBOL_GPL(__xlp_enable_patch);
