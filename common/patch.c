// SPDX-License-Identifier: GPL-2.0
/*
 * patch.c - a patch's life
 *
 * Declared, registered, enabled, disabled, enabled again ..., forgotten when
 * its module goes. How calls change over is in switch.c.
 */
#include "log.h"

#include <linux/panic.h>
#include <linux/string.h>
#include <linux/wait.h>
#include "declare.h"
#include "patch.h"
#include "release.h"
#include "switch.h"
#include "sysfs.h"
#include "transition.h"
#include <xlp/arch.h>

/* What it protects is said in patch.h. */
DEFINE_MUTEX(xlp_mutex);
LIST_HEAD(xlp_patches);

/* How many disablings there have been [M]. */
static unsigned long disablings;
/* Woken when a patch loses a user, is unpinned or has been retired. */
static DECLARE_WAIT_QUEUE_HEAD(patch_idle);
/* Whose patch is leaving for good just now, or NULL; written under xlp_mutex. */
static const struct module *retiring;

/* ---- who holds a patch ---- */

void xlp_patch_start_using(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	patch->users++;
}

void xlp_patch_stop_using(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	WRITE_ONCE(patch->users, patch->users - 1);
	wake_up_all(&patch_idle);
}

/* Nothing leads into the patch, and it knows of no module that may go. */
static void patch_assert_at_rest(const struct xlp_live_patch *patch)
{
	const struct xlp_live_object *obj;

	WARN_ON_ONCE(patch->enabled || patch->worlds);
	xlp_for_each_object(patch, obj)
		WARN_ON_ONCE(obj->present || obj->patched || obj->prepared);
}

void xlp_patch_unpin(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	patch_assert_at_rest(patch);
	patch->disabled_at = 0;
	WRITE_ONCE(patch->pinned, false);
	module_put(patch->decl->mod);
	wake_up_all(&patch_idle);
}

/*
 * Nobody finds the patch any more. Nor does a transition that looks for tasks in what is
 * left over of it, or tasks inside whatever comes to the same place would hold it up;
 * without memory for another set of code they do.
 */
static void take_off_list(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	list_del_init(&patch->node);
	xlp_transition_recollect();
}

bool xlp_patch_retire(struct xlp_live_patch *patch)
{
	struct module *mod = patch->decl->mod;

	xlp_assert_locked();
	if (patch->users)
		return false;
	patch_assert_at_rest(patch);
	/* Who has got to it by sysfs is waited for. */
	take_off_list(patch);
	WRITE_ONCE(retiring, mod);
	mutex_unlock(&xlp_mutex);
	xlp_sysfs_remove(patch);
	module_put(mod);
	mutex_lock(&xlp_mutex);
	WRITE_ONCE(retiring, NULL);
	wake_up_all(&patch_idle);
	return true;
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

static int start_enabling(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
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

void xlp_patch_enabled(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	patch->disabled_at = 0;
	WRITE_ONCE(patch->enabled, true);
}

struct xlp_live_object *xlp_patch_object(const struct xlp_live_patch *patch, const char *name)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		if (obj->decl->name && !strcmp(obj->decl->name, name))
			return obj;
	return NULL;
}

void xlp_patch_disabled(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	WRITE_ONCE(patch->enabled, false);
	patch->reported = XLP_NOBODY_REPORTED;
	patch->disabled_at = ++disablings;
	xlp_objects_absent(patch);
	xlp_release_soon();
}

static void finish_enabling(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	patch->enabling = false;
	/* If it has not been in effect since it was pinned nobody is inside. */
	if (!patch->enabled && !patch->disabled_at)
		xlp_patch_unpin(patch);
	xlp_patch_stop_using(patch);
}

/* Whoever has misspelt a name finds out here only. */
static void report_absent(const struct xlp_live_patch *patch)
{
	const struct xlp_live_object *obj, *first = NULL;
	unsigned int nr = 0;

	xlp_for_each_object(patch, obj) {
		if (obj->present)
			continue;
		first = first ?: obj;
		nr++;
	}
	if (nr)
		xlp_own_notice("'%s': %u of %u objects not loaded, such as '%s': patched when they come\n",
			       xlp_patch_name(patch), nr, patch->nr_objects,
			       xlp_object_name(first));
}

/* For whom start_enabling() has returned 0. Under xlp_switch_lock(). */
static int enable_started(struct xlp_live_patch *patch)
{
	int err = xlp_switch_on(patch);

	if (!err && patch->dying)
		err = -ENODEV;
	if (!err)
		report_absent(patch);
	finish_enabling(patch);
	return err;
}

/* Is a transition of this very patch to be turned round? Under xlp_switch_lock(). */
static bool turn_transition(const struct xlp_live_patch *patch)
{
	if (xlp_transition_patch() != patch)
		return false;
	xlp_transition_turn();
	return true;
}

static int enable_again(struct xlp_live_patch *patch)
{
	int err;

	if (!patch->decl->stays)
		return -EINVAL;
	err = start_enabling(patch);
	return err ?: enable_started(patch);
}

int xlp_patch_enable(struct xlp_live_patch *patch)
{
	int err = 0;

	xlp_switch_lock();
	if (patch->enabled || patch->dying || !turn_transition(patch))
		err = enable_again(patch);
	mutex_unlock(&xlp_mutex);
	if (!err)
		xlp_transition_wait(patch);
	return err;
}

static int disable_enabled(struct xlp_live_patch *patch)
{
	int err;

	xlp_patch_start_using(patch);
	err = xlp_switch_off(patch);
	xlp_patch_stop_using(patch);
	return err;
}

int xlp_patch_disable(struct xlp_live_patch *patch)
{
	int err = 0;

	xlp_switch_lock();
	if (!patch->enabled)
		err = -EINVAL;
	else if (!turn_transition(patch))
		err = disable_enabled(patch);
	mutex_unlock(&xlp_mutex);
	if (!err)
		xlp_transition_wait(patch);
	return err;
}

int xlp_patch_force(struct xlp_live_patch *patch)
{
	int err = -EINVAL;

	xlp_switch_lock();
	if (xlp_transition_patch() == patch) {
		xlp_transition_force();
		err = 0;
	}
	mutex_unlock(&xlp_mutex);
	return err;
}

/* ---- registering and forgetting ---- */

static struct xlp_live_patch *find_patch(const struct module *mod)
{
	struct xlp_live_patch *patch;

	xlp_assert_locked();
	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->decl->mod == mod)
			return patch;
	return NULL;
}

/*
 * A patch's code is kept by looks at stacks for that code, which do not find a task that is
 * inside of what replaces it.
 */
static bool is_patched_patch(const struct xlp_live_patch *patch)
{
	const struct xlp_live_patch *other;

	xlp_assert_locked();
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

/* Registered and being enabled at once, so that sysfs cannot be faster. */
static int register_patch(struct xlp_live_patch *patch)
{
	int err;

	mutex_lock(&xlp_mutex);
	if (find_patch(patch->decl->mod))
		err = -EEXIST;
	else
		err = is_patched_patch(patch) ? -EINVAL : start_enabling(patch);
	if (!err)
		list_add_tail(&patch->node, &xlp_patches);
	mutex_unlock(&xlp_mutex);
	if (err == -EEXIST || err == -ENODEV)
		pr_err("patch '%s': %s\n", xlp_patch_name(patch),
		       err == -EEXIST ? "already registered" : "its module is going");
	return err;
}

/*
 * From here on nobody starts to use the patch, and nobody else forgets it. A module
 * whose init fails is freed whatever references it has, so its patch goes out of
 * effect even if that was enabled. Under xlp_switch_lock().
 */
static void start_forgetting(struct xlp_live_patch *patch)
{
	xlp_assert_locked();
	patch->dying = true;
	if (patch->worlds) {
		pr_err("patch '%s': its module goes although it is enabled (its init failed, or rmmod -f)\n",
		       xlp_patch_name(patch));
		xlp_switch_off_now(patch);
	} else if (patch->forced && patch->pinned) {
		/* Given up on when it was disabled; now there is a reason to look. */
		xlp_release_soon();
	}
}

/* Wait for those that work with the patch, and for tasks that may return into it. */
static void finish_forgetting(struct xlp_live_patch *patch)
{
	wait_event(patch_idle, !READ_ONCE(patch->users) && !READ_ONCE(patch->pinned));

	mutex_lock(&xlp_mutex);
	take_off_list(patch);
	mutex_unlock(&xlp_mutex);
	xlp_sysfs_remove(patch);
}

static bool has_patch(const struct module *mod)
{
	bool has;

	mutex_lock(&xlp_mutex);
	has = find_patch(mod);
	mutex_unlock(&xlp_mutex);
	return has;
}

/* The patch may retire until there is the lock under which it is told that it must go. */
static void forget_patch_of(const struct module *mod)
{
	struct xlp_live_patch *patch;

	xlp_switch_lock();
	patch = find_patch(mod);
	if (patch)
		start_forgetting(patch);
	mutex_unlock(&xlp_mutex);
	if (patch)
		finish_forgetting(patch);
}

void xlp_patch_going(struct module *mod)
{
	/* Most modules have none, and need not wait for anybody's change. */
	if (has_patch(mod))
		forget_patch_of(mod);
	wait_event(patch_idle, READ_ONCE(retiring) != mod);
}

static int show_new(struct xlp_live_patch *patch)
{
	int err = xlp_sysfs_add(patch);

	if (err)
		pr_err("patch '%s': cannot be shown in sysfs (%d)\n", xlp_patch_name(patch), err);
	else	/* Whoever reads a report of this kernel is told, as with in-kernel livepatch. */
		add_taint(TAINT_LIVEPATCH, LOCKDEP_STILL_OK);
	return err;
}

static int enable_new(struct xlp_live_patch *patch)
{
	int err = show_new(patch);

	xlp_switch_lock();
	if (err)
		finish_enabling(patch);
	else
		err = enable_started(patch);
	/* In the same hold, so that nobody enables by sysfs what is about to go. */
	if (err)
		start_forgetting(patch);
	mutex_unlock(&xlp_mutex);
	if (err)
		finish_forgetting(patch);
	else
		xlp_transition_wait(patch);
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
		pr_err("patch '%s': calls cannot be redirected (" XLP_NO_METHOD ")\n",
		       xlp_patch_name(patch));
		xlp_sysfs_remove(patch);
		return -EOPNOTSUPP;
	}
	err = register_patch(patch);
	if (err) {
		xlp_sysfs_remove(patch);
		return err;
	}
	return enable_new(patch);
}
EXPORT_SYMBOL_GPL(__xlp_enable_patch);
