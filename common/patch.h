/* SPDX-License-Identifier: GPL-2.0 */
/*
 * patch.h - what the core remembers about patches
 *
 * A patch author's declaration (struct xlp_patch and below, in the patch
 * module) is not written to but for &xlp_object.mod, which is there for callbacks.
 * For each the core keeps a twin with "live" in its name, all twins of one patch in
 * the patch's own allocations, which go when the last sysfs reference to the patch
 * goes.
 */
#ifndef _XLP_COMMON_PATCH_H
#define _XLP_COMMON_PATCH_H

#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <xlp/xlp.h>
#include "blocked.h"
#include "world.h"

/* &xlp_live_patch.worlds of a patch that is in effect, and of no transition. */
#define XLP_BOTH_WORLDS	(BIT(XLP_BEFORE) | BIT(XLP_AFTER))

#define XLP_NOBODY_REPORTED	(-1)

struct xlp_hook;
struct xlp_live_object;
struct xlp_live_patch;

/*
 * xlp_mutex protects which patches exist (xlp_patches), their state (the fields
 * marked [M] below), which functions are hooked and by what versions (hook.c),
 * and which modules are present as targets (modules.c).
 *
 * Taken in process context by enabling and disabling (xlp_switch_lock()), module
 * notifiers, and the threads of transitions and releases. Nothing that waits for
 * other tasks is done under it: no wait for handlers or RCU tasks, no kobject_del().
 * One exception: ftrace's direct_mutex and ftrace_lock, under which others may wait for
 * RCU tasks: who takes a tracer off, or a direct caller.
 * It is held while the machine is stopped, which waits for CPUs only. The ftrace
 * handler takes no lock at all; see world.h for what it reads.
 *
 * It nests outside module_mutex, ftrace's locks and the CPU hotplug lock.
 */
extern struct mutex xlp_mutex;

/*
 * The caller holds xlp_mutex. Kernels without lockdep, which are most, can still say
 * that nobody does.
 */
static inline void xlp_assert_locked(void)
{
	lockdep_assert_held(&xlp_mutex);
	WARN_ON_ONCE(!mutex_is_locked(&xlp_mutex));
}

/* Registered patches, the last enabled one last. */
extern struct list_head xlp_patches;

/**
 * struct xlp_live_func - one declared function
 * @decl:	the declaration
 * @object:	the object it belongs to
 * @addr:	the replaced function's symbol, while its object is patched or being
 *		patched [M]
 * @site:	where its calls are caught; the same [M]
 * @hook:	the replaced function it is a version of, or NULL [M]
 * @node:	in @hook->versions, newest first [M]
 * @kobj:	its directory in sysfs
 */
struct xlp_live_func {
	const struct xlp_func *decl;
	struct xlp_live_object *object;
	unsigned long addr;
	unsigned long site;
	struct xlp_hook *hook;
	struct list_head node;
	struct kobject kobj;
};

/**
 * struct xlp_live_object - one declared object
 * @decl:	the declaration
 * @patch:	the patch it belongs to
 * @present:	its module is there, or it is vmlinux, and its functions have been
 *		found for a patch that is in effect or just being enabled [M]
 * @patched:	its functions are hooked and this patch a version of each [M]
 * @prepared:	its pre_patch callback has succeeded since it was last unpatched [M]
 * @cold:	where the cold parts of its functions are, while it is present [M]
 * @nr_cold:	how many there are [M]
 * @cold_found:	they have been looked for [M]
 * @nr_funcs:	how many functions
 * @funcs:	the functions
 * @kobj:	its directory in sysfs
 */
struct xlp_live_object {
	struct xlp_object *decl;
	struct xlp_live_patch *patch;
	bool present;
	bool patched;
	bool prepared;
	unsigned long *cold;
	unsigned int nr_cold;
	bool cold_found;
	unsigned int nr_funcs;
	struct xlp_live_func *funcs;
	struct kobject kobj;
};

/**
 * struct xlp_live_patch - one registered patch
 * @decl:	the declaration
 * @model:	how it is switched on and off
 * @node:	in xlp_patches, behind all that were enabled before it [M]
 * @enabling:	somebody is enabling it, perhaps waiting without xlp_mutex [M]
 * @users:	how many more work with it and may drop xlp_mutex meanwhile [M]
 * @dying:	it is about to be forgotten and cannot be enabled any more [M]
 * @worlds:	in which worlds it is in effect, as bits: in none, in both, or, during
 *		a transition that is about it, in one [M]
 * @enabled:	new calls are to reach it: in all worlds, or where a transition goes [M]
 * @forced:	a transition was forced, so tasks may be inside for ever [M]
 * @pinned:	holds a reference to its module, because it is enabled or because
 *		a task may still return into it [M]
 * @blockers:	who is in the way of the change that is being tried, or was in the
 *		way of the last one [M]
 * @nr_checks:	how often all tasks were looked at to switch it the last time [M]
 * @nr_stops:	how often the machine was stopped then [M]
 * @freeze_ns:	how long the machine was stopped to switch it the last time; 0: not
 *		at all [M]
 * @check_ns:	how long the last look at all tasks before that took [M]
 * @nr_tasks:	how many tasks those were [M]
 * @nr_rechecked: how many were looked at again with the machine stopped [M]
 * @moved_ns:	how long it took until every task had moved, by the per-task model [M]
 * @nr_signals:	how many tasks were woken meanwhile [M]
 * @reported:	number of the task last logged as keeping it pinned, 0 for an idle task;
 *		XLP_NOBODY_REPORTED if none since it was disabled [M]
 * @disabled_at: which disabling of any patch its last one was, counted from 1,
 *		so that a check of all tasks can tell whether the patch was
 *		enabled in between; 0 if it has not been in effect since it was
 *		pinned, or still is [M]
 * @nr_objects:	how many objects
 * @objects:	the objects
 * @kobj:	its directory in sysfs
 * @released:	completed when the last reference to @kobj is gone
 *
 * Legal states, in time order:
 *
 *	enabling enabled worlds	pinned	disabled_at
 *	1	0	none	1	0		being enabled
 *	0	1	one	1	0		tasks change over to it
 *	0	1	both	1	0		in effect
 *	0	0	one	1	0		tasks change over from it
 *	0	0	none	1	n		disabled, tasks are being checked
 *	1	0	none	1	n		being enabled again meanwhile
 *	0	0	none	0	0		disabled; the module can be unloaded
 *
 * The models immediate and stop pass over the two lines with one world. The last two
 * are for patches that stay (&xlp_patch.stays): any other is retired where its tasks
 * have been checked, which forgets it (xlp_patch_retire()).
 */
struct xlp_live_patch {
	struct xlp_patch *decl;
	const struct xlp_model_ops *model;
	struct list_head node;
	bool enabling;
	bool dying;
	unsigned int users;
	unsigned int worlds;
	bool enabled;
	bool forced;
	bool pinned;
	struct xlp_blockers blockers;
	unsigned int nr_checks;
	unsigned int nr_stops;
	u64 freeze_ns;
	u64 check_ns;
	unsigned int nr_tasks;
	unsigned int nr_rechecked;
	u64 moved_ns;
	unsigned int nr_signals;
	pid_t reported;
	unsigned long disabled_at;
	unsigned int nr_objects;
	struct xlp_live_object *objects;
	struct kobject kobj;
	struct completion *released;
};

#define xlp_for_each_object(patch, obj) \
	for ((obj) = (patch)->objects; (obj) < (patch)->objects + (patch)->nr_objects; (obj)++)

#define xlp_for_each_func(obj, func) \
	for ((func) = (obj)->funcs; (func) < (obj)->funcs + (obj)->nr_funcs; (func)++)

static inline const char *xlp_patch_name(const struct xlp_live_patch *patch)
{
	return patch->decl->mod->name;
}

static inline const char *xlp_object_name(const struct xlp_live_object *obj)
{
	return obj->decl->name ?: "vmlinux";
}

static inline void xlp_object_absent(struct xlp_live_object *obj)
{
	obj->present = false;
	obj->prepared = false;
	obj->decl->mod = NULL;
}

static inline void xlp_objects_absent(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		xlp_object_absent(obj);
}

/* Every refusal is one line that names patch, object and function. */
#define xlp_func_err(func, fmt, ...)						\
	pr_err("patch '%s': object '%s': function '%s': " fmt "\n",		\
	       xlp_patch_name((func)->object->patch),				\
	       xlp_object_name((func)->object), (func)->decl->old_name, ##__VA_ARGS__)

/**
 * xlp_patch_enable() - let new calls reach a registered patch
 * @patch:	the patch
 *
 * Context: process context, without xlp_mutex. The caller keeps @patch from
 * going away.
 *
 * If it is just being disabled, by a transition, that is reversed.
 *
 * Return: 0 or what xlp_enable_patch() documents, or
 * * -EINVAL	it is enabled, or on its way out (see &xlp_patch.stays)
 * * -EBUSY	somebody else is enabling it
 */
int xlp_patch_enable(struct xlp_live_patch *patch);

/**
 * xlp_patch_disable() - let new calls reach what was in effect below a patch
 * @patch:	the patch
 *
 * Does not wait for tasks to leave the patch; see release.h. If it is just being
 * enabled, by a transition, that is reversed.
 *
 * Context: process context, without xlp_mutex. The caller keeps @patch from
 * going away.
 *
 * Return: 0, or
 * * -EINVAL	it is not enabled
 * * -EBUSY	some task stayed in the way, or another patch is being switched
 * * -ENOMEM	out of memory
 */
int xlp_patch_disable(struct xlp_live_patch *patch);

/**
 * xlp_patch_enabled() - note that calls reach a patch, or are to, by a transition
 * @patch:	the patch
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_patch_enabled(struct xlp_live_patch *patch);

/**
 * xlp_patch_object() - an object of a patch
 * @patch:	the patch
 * @name:	of a module
 *
 * Context: any; a patch's objects never change.
 *
 * Return: the object, or NULL: the patch has none of that module.
 */
struct xlp_live_object *xlp_patch_object(const struct xlp_live_patch *patch, const char *name);

/**
 * xlp_patch_disabled() - note that calls do not reach a patch any more
 * @patch:	the patch
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_patch_disabled(struct xlp_live_patch *patch);

/**
 * xlp_patch_force() - call a patch's transition over, wherever tasks are
 * @patch:	the patch
 *
 * Context: process context, without xlp_mutex. The caller keeps @patch from
 * going away.
 *
 * Return: 0, or -EINVAL: it is in no transition.
 */
int xlp_patch_force(struct xlp_live_patch *patch);

/**
 * xlp_patch_unpin() - let a patch's module be unloaded
 * @patch:	the patch, disabled, with no task inside
 *
 * Context: under xlp_mutex; when that is dropped the patch may be gone.
 */
void xlp_patch_unpin(struct xlp_live_patch *patch);

/**
 * xlp_patch_retire() - forget a patch for good, and let its module be unloaded
 * @patch:	the patch, disabled, with no task inside
 *
 * Context: process context, under xlp_mutex, which is dropped and taken again; not
 * by two at once.
 *
 * Return: true, and @patch is gone; or false: somebody works with it, try later.
 */
bool xlp_patch_retire(struct xlp_live_patch *patch);

/**
 * xlp_disablings() - how many times any patch has been disabled
 *
 * Context: process context, without xlp_mutex.
 *
 * Return: the number; &xlp_live_patch.disabled_at of a patch disabled from now
 * on will be larger.
 */
unsigned long xlp_disablings(void);

/**
 * xlp_patch_start_using() - keep a patch from going away without xlp_mutex
 * @patch:	the patch
 *
 * Not even when its module goes, as a module whose init fails does whatever
 * references it has.
 *
 * Context: under xlp_mutex.
 */
void xlp_patch_start_using(struct xlp_live_patch *patch);

/**
 * xlp_patch_stop_using() - end of xlp_patch_start_using()
 * @patch:	the patch
 *
 * Context: under xlp_mutex.
 */
void xlp_patch_stop_using(struct xlp_live_patch *patch);

/**
 * xlp_patch_going() - a module is about to be freed; forget its patch
 * @mod:	any module
 *
 * Returns only when no task can return into the module's code. That is so
 * already, unless the module's init function failed after enabling its patch.
 *
 * Context: module notifier, without xlp_mutex.
 */
void xlp_patch_going(struct module *mod);

#endif /* _XLP_COMMON_PATCH_H */
