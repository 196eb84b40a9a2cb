/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hook.h - replaced functions
 *
 * A hook is one function whose calls are caught. It has a stack of versions,
 * the newest enabled patch on top; a call continues in the top version, or in
 * the function itself when there is none. (During a transition of the per-task
 * model some versions are in effect for some tasks only: world.h.) Hooks are made
 * in batches: all the functions that enabling a patch hooks anew share one struct
 * xlp_batch, which is attached in one pass over the kernel's text. A batch never
 * grows; it shrinks, if its method can, as its functions lose their last version, and
 * is gone with the last.
 *
 *	(none) --> ATTACHING --> ATTACHED --> LEAVING --> GONE
 *			--> GONE
 *
 * To attach a batch, to detach hooks of it and to look for the function for which it was
 * refused takes as long as ftrace's lock and RCU tasks do. So it is done between two events,
 * by one task: the batch belongs to that task while it has hooks that are ATTACHING (whoever
 * enables a patch) or LEAVING (the thread of unhook.c), and to the engine otherwise. Nobody
 * else uses hooks in these two states: who wants one of them waits.
 *
 * A hook that is ATTACHED, has no version and is not wanted is idle, until it gets a version
 * again or the thread of unhook.c detaches it.
 *
 * What is marked [E] changes in events only (engine.h).
 */
#ifndef _XLP_COMMON_HOOK_H
#define _XLP_COMMON_HOOK_H

#include <linux/list.h>
#include <linux/types.h>
#include "batch.h"

struct seq_file;
struct xlp_live_func;
struct xlp_live_patch;

/**
 * xlp_hooks_choose() - find the hooks of functions, and make those that there are not yet
 * @funcs:	struct xlp_live_func by their node, with @site filled in; @hook is
 *		filled in
 * @batch:	set to the hooks that were made, ATTACHING, which the caller owns until
 *		xlp_hooks_attached(); or to NULL: all were there
 *
 * All of them are wanted until xlp_hooks_not_wanted(). On failure nothing has changed.
 *
 * Context: in an event.
 *
 * Return: 0 or an error of @prepare of &struct xlp_method, or
 * * -EINVAL	two of the functions are the same one (logged)
 * * -EINPROGRESS somebody else attaches or detaches one of them: try again when
 *		something has changed
 * * -ENOMEM	out of memory
 */
int xlp_hooks_choose(struct list_head *funcs, struct xlp_batch **batch);

/**
 * xlp_batch_attach() - let calls of new hooks be caught
 * @batch:	from xlp_hooks_choose()
 * @patient:	say nothing of an error that may be over soon (-EAGAIN)
 *
 * Calls go where they went before, to the functions themselves. For an error the log says
 * which function it was that could not be hooked, found by trying smaller and smaller parts
 * of the batch, and who holds it; for lack of memory nothing is logged.
 *
 * Context: process context, not in an event, by the owner; may take seconds.
 */
void xlp_batch_attach(struct xlp_batch *batch, bool patient);

/**
 * xlp_hooks_attached() - give a batch to the engine
 * @batch:	the batch, for which xlp_batch_attach() has been called; after an error it
 *		is gone
 * @funcs:	the list that xlp_hooks_choose() was given, or what is left of it
 *
 * Context: in an event.
 *
 * Return: 0, or what @attach of &struct xlp_method has returned: nothing has changed then.
 */
int xlp_hooks_attached(struct xlp_batch *batch, struct list_head *funcs);

/**
 * xlp_hooks_add_versions() - make functions the newest versions of their hooks
 * @funcs:	functions that have their hooks by xlp_hooks_choose(); emptied
 *
 * Calls reach them when they are published.
 *
 * Context: in an event.
 */
void xlp_hooks_add_versions(struct list_head *funcs);

/**
 * xlp_hook_publish() - let calls of a function continue where its versions say
 * @hook:	the function
 *
 * In the newest version, in each world, whose patch is in effect there.
 *
 * Context: in an event, or with the machine stopped by the task whose event it is.
 */
void xlp_hook_publish(struct xlp_hook *hook);

/**
 * xlp_hook_remove_version() - let calls reach what is below a version
 * @func:	the version; keeps its hook until its object is absent
 *
 * Context: as xlp_hook_publish().
 */
void xlp_hook_remove_version(struct xlp_live_func *func);

/**
 * xlp_hook_patch() - whose is the newest version of a function?
 * @site:	of the function
 *
 * Context: in an event.
 *
 * Return: the patch, or NULL: the function has no version.
 */
const struct xlp_live_patch *xlp_hook_patch(unsigned long site);

/**
 * xlp_hooks_not_wanted() - a change needs no hooks any more
 * @funcs:	its list of functions
 *
 * Those without a version are idle then.
 *
 * Context: in an event.
 */
void xlp_hooks_not_wanted(const struct list_head *funcs);

/**
 * xlp_hooks_lose() - nobody is to use hooks that lie in some code
 * @start:	of the code
 * @end:	of the code
 *
 * Those without a version are idle then, or as soon as they are attached.
 *
 * Context: in an event.
 */
void xlp_hooks_lose(unsigned long start, unsigned long end);

/**
 * xlp_hooks_any_in() - is any function in some code hooked?
 * @start:	of the code
 * @end:	of the code
 *
 * Context: in an event.
 *
 * Return: true if one is, or somebody tries to hook it; but for those that cannot be unhooked.
 */
bool xlp_hooks_any_in(unsigned long start, unsigned long end);

/**
 * xlp_hooks_forget() - what is left in some code is no business of what comes to the same place
 * @start:	of the code, which goes
 * @end:	of the code
 *
 * Hooks that cannot be unhooked, and what their method keeps. Whatever is loaded there gets hooks
 * of its own, or is refused. The batches stay.
 *
 * Context: in an event, after xlp_hooks_any_in().
 */
void xlp_hooks_forget(unsigned long start, unsigned long end);

/**
 * xlp_hooks_show() - write a line "<function> <method>[ idle]" for each function that is hooked
 * @file:	where to
 *
 * One that is idle has no version, and is held for the sake of others, or about to be detached.
 *
 * Context: in an event.
 */
void xlp_hooks_show(struct seq_file *file);

/**
 * xlp_hooks_any_idle() - is any function of a patch about to be unhooked?
 * @patch:	the patch
 *
 * Context: in an event.
 *
 * Return: true if the hook of one is idle or being detached; but for those that cannot be.
 */
bool xlp_hooks_any_idle(const struct xlp_live_patch *patch);

/**
 * xlp_hooks_detach_next() - find hooks to be detached
 *
 * Context: in an event.
 *
 * Return: a batch whose idle hooks are LEAVING now, which the caller owns until
 * xlp_hooks_detached(); or NULL: no hook is idle.
 */
struct xlp_batch *xlp_hooks_detach_next(void);

/**
 * xlp_batch_detach() - let no calls of hooks be caught any more
 * @batch:	from xlp_hooks_detach_next()
 *
 * Context: process context, not in an event, by the owner; may take seconds.
 *
 * Return: true if it has waited for RCU tasks, from its beginning.
 */
bool xlp_batch_detach(struct xlp_batch *batch);

/**
 * xlp_hooks_detached() - give back a batch for which xlp_batch_detach() has been called
 * @batch:	the batch; gone if no hook of it is left
 *
 * Context: in an event.
 */
void xlp_hooks_detached(struct xlp_batch *batch);

#endif /* _XLP_COMMON_HOOK_H */
