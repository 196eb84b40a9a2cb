/* SPDX-License-Identifier: GPL-2.0 */
/*
 * patch.h - what the core remembers about patches, and the states they go through
 *
 * A patch author's declaration (struct xlp_patch and below, in the patch
 * module) is not written to but for &xlp_object.mod, which is there for callbacks.
 * For each the core keeps a twin with "live" in its name, all twins of one patch in
 * the patch's own allocations, which go when the last sysfs reference to the patch
 * goes.
 *
 * What is marked [E] changes in events only (engine.h).
 */
#ifndef _XLP_COMMON_PATCH_H
#define _XLP_COMMON_PATCH_H

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <xlp/xlp.h>
#include "blocked.h"
#include "world.h"

/* &xlp_live_patch.worlds of a patch that is in effect, and of no transition. */
#define XLP_BOTH_WORLDS	(BIT(XLP_BEFORE) | BIT(XLP_AFTER))

#define XLP_NOBODY_REPORTED	(-1)

struct xlp_cold;
struct xlp_hook;
struct xlp_live_object;
struct xlp_live_patch;

/* Registered patches, the last enabled one last [E]. */
extern struct list_head xlp_patches;

/**
 * struct xlp_live_func - one declared function
 * @decl:	the declaration
 * @object:	the object it belongs to
 * @new_size:	of the new function, in bytes; 0: kallsyms has to be asked
 * @addr:	the replaced function's symbol, while its object is not absent [E]
 * @size:	of the replaced function, in bytes; 0 as above [E]
 * @site:	where its calls are caught; while its object is absent where they were, and 0
 *		before [E]
 * @hook:	the replaced function it is a version of, or is about to be, or NULL [E]
 * @node:	in @hook->versions, newest first; or in the list of a change that is about
 *		to make it one [E]
 * @kobj:	its directory in sysfs
 */
struct xlp_live_func {
	const struct xlp_func *decl;
	struct xlp_live_object *object;
	unsigned long new_size;
	unsigned long addr;
	unsigned long size;
	unsigned long site;
	struct xlp_hook *hook;
	struct list_head node;
	struct kobject kobj;
};

/**
 * enum xlp_object_state - where an object of a patch is
 * @XLP_OBJECT_ABSENT: its module is not there, or the patch is not in effect
 * @XLP_OBJECT_FOUND: its module is there, or it is vmlinux, and a change that is being
 *		tried has found its functions
 * @XLP_OBJECT_PATCHED: its functions are versions of their hooks
 * @XLP_OBJECT_PREPARED: and its pre_patch callback has succeeded
 * @XLP_OBJECT_UNPATCHED: they are no versions any more, and its post_unpatch callback has
 *		not been called yet
 */
enum xlp_object_state {
	XLP_OBJECT_ABSENT,
	XLP_OBJECT_FOUND,
	XLP_OBJECT_PATCHED,
	XLP_OBJECT_PREPARED,
	XLP_OBJECT_UNPATCHED,
};

/**
 * struct xlp_live_object - one declared object
 * @decl:	the declaration
 * @patch:	the patch it belongs to
 * @state:	see above; changed by xlp_object_step() only [E]
 * @nr_funcs:	how many functions
 * @funcs:	the functions
 * @kobj:	its directory in sysfs
 */
struct xlp_live_object {
	struct xlp_object *decl;
	struct xlp_live_patch *patch;
	enum xlp_object_state state;
	unsigned int nr_funcs;
	struct xlp_live_func *funcs;
	struct kobject kobj;
};

/**
 * enum xlp_patch_state - where a patch is in its life
 * @XLP_PATCH_DECLARED: nobody knows it but the task that is about to enable it
 * @XLP_PATCH_ENABLING: a request tries to enable it, for the first time since it was at rest
 * @XLP_PATCH_PATCHING: tasks change over to it
 * @XLP_PATCH_ENABLED: it is in effect, perhaps only until tasks have changed over to a
 *		patch that replaces it
 * @XLP_PATCH_UNPATCHING: tasks change over from it
 * @XLP_PATCH_DISABLED: it is out of effect, and tasks may be inside
 * @XLP_PATCH_ENABLING_AGAIN: a request tries to enable it, and tasks may be inside
 * @XLP_PATCH_AT_REST: it is out of effect, and no task is inside
 * @XLP_PATCH_RETIRED: it has left the list of patches for good
 * @XLP_NR_PATCH_STATES: how many states there are
 *
 * xlp_patch_step() has the table of legal steps. In all states but the first and the last
 * two the patch holds a reference to its module.
 */
enum xlp_patch_state {
	XLP_PATCH_DECLARED,
	XLP_PATCH_ENABLING,
	XLP_PATCH_PATCHING,
	XLP_PATCH_ENABLED,
	XLP_PATCH_UNPATCHING,
	XLP_PATCH_DISABLED,
	XLP_PATCH_ENABLING_AGAIN,
	XLP_PATCH_AT_REST,
	XLP_PATCH_RETIRED,
	XLP_NR_PATCH_STATES,
};

/**
 * struct xlp_patch_figures - how a patch was switched the last time
 * @nr_checks:	how often all tasks were looked at
 * @nr_stops:	how often the machine was stopped
 * @freeze_ns:	how long the machine was stopped at last; 0: not at all
 * @check_ns:	how long the last look at all tasks before that took
 * @nr_tasks:	how many tasks those were
 * @nr_rechecked: how many were looked at again with the machine stopped
 * @moved_ns:	how long it took until every task had moved, by the per-task model
 * @nr_signals:	how many tasks were woken meanwhile
 */
struct xlp_patch_figures {
	unsigned int nr_checks;
	unsigned int nr_stops;
	u64 freeze_ns;
	u64 check_ns;
	unsigned int nr_tasks;
	unsigned int nr_rechecked;
	u64 moved_ns;
	unsigned int nr_signals;
};

/**
 * struct xlp_live_patch - one registered patch
 * @decl:	the declaration
 * @model:	how it is switched on and off
 * @cold:	the cold parts of its module's functions
 * @node:	in xlp_patches, behind all that were enabled before it [E]
 * @state:	see above; changed by xlp_patch_step() only [E]
 * @worlds:	in which worlds it is in effect, as bits: in none, in both, or, during
 *		a change that is about it, in one [E]
 * @users:	how many work with it from event to event and keep it [E]
 * @dying:	its module goes: it cannot be enabled any more [E]
 * @forced:	a transition was forced, so tasks may be inside for ever [E]
 * @blockers:	who is in the way of the change that is being tried, or was in the
 *		way of the last one [E]
 * @figures:	of its last switch [E]
 * @reported:	number of the task last logged as keeping it loaded, 0 for an idle task;
 *		XLP_NOBODY_REPORTED if none since it was disabled [E]
 * @disabled_at: which disabling of any patch its last one was, counted from 1,
 *		so that a check of all tasks can tell whether the patch was
 *		enabled in between; 0 unless it is DISABLED or ENABLING_AGAIN [E]
 * @nr_objects:	how many objects
 * @objects:	the objects
 * @kobj:	its directory in sysfs
 * @released:	completed when the last reference to @kobj is gone
 * @retiring:	in the list of those whose files are to be removed: see retire.c [E]
 * @hidden:	its files are removed, or will be, although it stays [E]
 */
struct xlp_live_patch {
	struct xlp_patch *decl;
	enum xlp_model model;
	struct xlp_cold *cold;
	struct list_head node;
	enum xlp_patch_state state;
	unsigned int worlds;
	unsigned int users;
	bool dying;
	bool forced;
	struct xlp_blockers blockers;
	struct xlp_patch_figures figures;
	pid_t reported;
	unsigned long disabled_at;
	unsigned int nr_objects;
	struct xlp_live_object *objects;
	struct kobject kobj;
	struct completion *released;
	struct list_head retiring;
	bool hidden;
};

#define xlp_for_each_object(patch, obj) \
	for ((obj) = (patch)->objects; (obj) < (patch)->objects + (patch)->nr_objects; (obj)++)

#define xlp_for_each_func(obj, func) \
	for ((func) = (obj)->funcs; (func) < (obj)->funcs + (obj)->nr_funcs; (func)++)

static inline const char *xlp_patch_name(const struct xlp_live_patch *patch)
{
	return patch->decl->mod->name;
}

/* See &xlp_patch.replace_set. */
static inline unsigned int xlp_patch_set(const struct xlp_live_patch *patch)
{
	return patch->decl->replace_set;
}

static inline const char *xlp_object_name(const struct xlp_live_object *obj)
{
	return obj->decl->name ?: "vmlinux";
}

/* Are its functions versions of their hooks? Any context: then it is as of some moment. */
static inline bool xlp_object_is_patched(const struct xlp_live_object *obj)
{
	enum xlp_object_state state = READ_ONCE(obj->state);

	return state == XLP_OBJECT_PATCHED || state == XLP_OBJECT_PREPARED;
}

static inline bool xlp_object_is_absent(const struct xlp_live_object *obj)
{
	return obj->state == XLP_OBJECT_ABSENT;
}

/* Do new calls reach the patch, or are to, by a transition? Any context, likewise. */
static inline bool xlp_patch_is_enabled(const struct xlp_live_patch *patch)
{
	enum xlp_patch_state state = READ_ONCE(patch->state);

	return state == XLP_PATCH_PATCHING || state == XLP_PATCH_ENABLED;
}

/* May tasks be inside of it, although it is out of effect? In an event. */
static inline bool xlp_patch_is_left_over(const struct xlp_live_patch *patch)
{
	return patch->state == XLP_PATCH_DISABLED || patch->state == XLP_PATCH_ENABLING_AGAIN;
}

/*
 * Do two patches declare the same function, by name and position? It may have other names
 * besides.
 */
static inline bool xlp_patch_same_function(const struct xlp_live_func *one,
					   const struct xlp_live_func *other)
{
	return !strcmp(one->decl->old_name, other->decl->old_name) &&
	       !strcmp(xlp_object_name(one->object), xlp_object_name(other->object)) &&
	       max(one->decl->old_sympos, 1UL) == max(other->decl->old_sympos, 1UL);
}

/* Every refusal is one line that names patch, object and function. */
#define xlp_func_err(func, fmt, ...)						\
	pr_err("patch '%s': object '%s': function '%s': " fmt "\n",		\
	       xlp_patch_name((func)->object->patch),				\
	       xlp_object_name((func)->object), (func)->decl->old_name, ##__VA_ARGS__)

/**
 * xlp_patch_free() - free a patch
 * @patch:	the patch, which nobody knows any more
 *
 * Context: process context; for the release function of its kobject.
 */
void xlp_patch_free(struct xlp_live_patch *patch);

/**
 * xlp_patch_step() - make a step in a patch's life
 * @patch:	the patch
 * @state:	the state that it goes to
 *
 * Warns if that is no legal step. When a patch gets to AT_REST the reference to its module
 * is given back: as soon as the event is over it may be gone.
 *
 * Context: in an event.
 */
void xlp_patch_step(struct xlp_live_patch *patch, enum xlp_patch_state state);

/**
 * xlp_object_step() - make a step in the life of a patch's object
 * @obj:	the object
 * @state:	the state that it goes to
 *
 * Warns if that is no legal step. When it becomes absent its functions forget where they
 * were, and a change that was about to hook them does without.
 *
 * Context: in an event; also with the machine stopped, by the task whose event it is.
 */
void xlp_object_step(struct xlp_live_object *obj, enum xlp_object_state state);

/**
 * xlp_patch_objects_absent() - forget where the functions of a patch are
 * @patch:	the patch; its functions are no versions
 *
 * Context: in an event.
 */
void xlp_patch_objects_absent(struct xlp_live_patch *patch);

/**
 * xlp_patch_start_enabling() - begin to enable a patch
 * @patch:	the patch, DECLARED, AT_REST or DISABLED
 *
 * Context: in an event.
 *
 * Return: 0; or -ENODEV: its module goes.
 */
int xlp_patch_start_enabling(struct xlp_live_patch *patch);

/**
 * xlp_patch_disabled() - calls do not reach a patch any more
 * @patch:	the patch, whose functions are no versions any more
 *
 * Context: in an event.
 */
void xlp_patch_disabled(struct xlp_live_patch *patch);

/**
 * xlp_patch_disablings() - how many times any patch has been disabled
 *
 * Context: in an event.
 *
 * Return: the number; &xlp_live_patch.disabled_at of a patch that is disabled from now
 * on will be larger.
 */
unsigned long xlp_patch_disablings(void);

/**
 * xlp_patch_has_waited() - tell that RCU tasks have been waited for
 * @disablings:	xlp_patch_disablings(), from before the wait
 *
 * So no task is any more between the choice of a handler that was made before these
 * disablings and where that leads.
 *
 * Context: in an event.
 */
void xlp_patch_has_waited(unsigned long disablings);

/**
 * xlp_patch_waited_for() - behind which disablings have RCU tasks been waited for?
 *
 * Context: in an event.
 *
 * Return: the largest number that xlp_patch_has_waited() was told.
 */
unsigned long xlp_patch_waited_for(void);

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
 * xlp_patch_of_module() - the patch that a module carries
 * @mod:	any module
 *
 * Context: in an event.
 *
 * Return: the patch, or NULL: it has registered none.
 */
struct xlp_live_patch *xlp_patch_of_module(const struct module *mod);

/**
 * xlp_patch_start_using() - keep a patch from going away between events
 * @patch:	the patch
 *
 * Not even when its module goes, as a module whose init fails does whatever
 * references it has.
 *
 * Context: in an event.
 */
void xlp_patch_start_using(struct xlp_live_patch *patch);

/**
 * xlp_patch_stop_using() - end of xlp_patch_start_using()
 * @patch:	the patch
 *
 * Context: in an event.
 */
void xlp_patch_stop_using(struct xlp_live_patch *patch);

/**
 * xlp_patch_model_name() - a model's name in messages
 * @model:	the model
 *
 * Return: one word, or NULL: there is no such model.
 */
const char *xlp_patch_model_name(enum xlp_model model);

#endif /* _XLP_COMMON_PATCH_H */
