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
 * grows; it shrinks as its functions lose their last version and is gone with the
 * last.
 *
 *	(none) --attach--> ATTACHED --detach--> LEAVING --> GONE
 *
 * A hook without versions that nobody wants stays ATTACHED, and may get a version
 * again, until xlp_hooks_detach_idle() picks it up. While that or a search for a refused
 * function goes on, which takes as long as RCU tasks do, functions are changing
 * hands outside xlp_mutex and no other is attached.
 */
#ifndef _XLP_COMMON_HOOK_H
#define _XLP_COMMON_HOOK_H

#include <linux/ftrace.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/list.h>
#include <linux/types.h>
#include "world.h"

struct xlp_batch;
struct xlp_live_func;

/**
 * struct xlp_method - a way to catch calls of functions
 * @name:	for messages
 * @attach:	catch calls of every hook of a batch, or of none. May sleep, under
 *		xlp_mutex. Returns -EBUSY if something else holds one of the
 *		functions, -EAGAIN if it may work later. All its errors are such as
 *		user space knows.
 * @abandon:	clean up after @attach has failed. Waits until nobody uses the
 *		batch any more; not under xlp_mutex.
 * @detach:	stop catching calls of the LEAVING hooks of a batch. May sleep and
 *		wait for other tasks; not under xlp_mutex. When it leaves none
 *		attached, no handler uses the batch any more on return. Can fail
 *		only if the kernel's own books are broken; nothing changed then.
 * @holder:	say who keeps calls at a site from being caught, as far as that can be
 *		told after @attach has returned -EBUSY. Writes %XLP_HOLDER_LEN
 *		characters at most. May sleep; not under xlp_mutex.
 */
struct xlp_method {
	const char *name;
	int (*attach)(struct xlp_batch *batch);
	void (*abandon)(struct xlp_batch *batch);
	int (*detach)(struct xlp_batch *batch);
	void (*holder)(unsigned long site, char *text);
};

#define XLP_HOLDER_LEN	(KSYM_SYMBOL_LEN + 64)

enum xlp_hook_state {
	XLP_HOOK_ATTACHED,
	XLP_HOOK_LEAVING,
	XLP_HOOK_GONE,
};

/**
 * struct xlp_hook - one replaced function
 * @targets:	where its calls continue
 * @stack_args:	bytes of arguments in memory, the most any version asked for.
 *		Only ever grows, before the @targets that need it are published.
 * @site:	the instruction that catches its calls
 * @method:	how it is reached
 * @state:	see above [M]
 * @wanted:	a change that is being tried needs it, whether it has a version yet or not [M]
 * @versions:	struct xlp_live_func, newest first [M]
 * @first:	the version that it was made for; for messages while attaching
 * @chosen_for:	whose hook it is to be, while xlp_hooks_attach() looks for hooks [M]
 * @by_site:	in the table of all hooks [M]
 */
struct xlp_hook {
	struct xlp_targets targets;
	unsigned int stack_args;
	unsigned long site;
	const struct xlp_method *method;
	enum xlp_hook_state state;
	bool wanted;
	struct list_head versions;
	struct xlp_live_func *first;
	const struct xlp_live_func *chosen_for;
	struct hlist_node by_site;
};

/**
 * struct xlp_batch - functions that were hooked together
 * @ops:	what ftrace knows them by, where it is ftrace that reaches them
 * @slots:	open-addressing table of the hooks by site, at most half full.
 *		Written before the batch is attached and constant from then on,
 *		so handlers may read it without a lock; freed when no handler
 *		uses it any more.
 * @slot_bits:	log2 of its size
 * @nr_hooks:	how many functions
 * @nr_attached: how many of them are not GONE [M]
 * @stuck:	detaching it failed; it stays for ever [M]
 * @node:	in the list of all batches [M]
 * @sites:	scratch space for as many addresses
 * @hooks:	the functions
 */
struct xlp_batch {
	struct ftrace_ops ops;
	struct xlp_hook **slots;
	unsigned int slot_bits;
	unsigned int nr_hooks;
	unsigned int nr_attached;
	bool stuck;
	struct list_head node;
	unsigned long *sites;
	struct xlp_hook hooks[];
};

#define xlp_for_each_hook(batch, hook) \
	for ((hook) = (batch)->hooks; (hook) < (batch)->hooks + (batch)->nr_hooks; (hook)++)

/**
 * xlp_batch_slot() - where in a batch's table a site is or would be
 * @batch:	the batch
 * @site:	the site
 *
 * Return: the slot that holds @site, or the free one where the search ended.
 */
static __always_inline struct xlp_hook **xlp_batch_slot(struct xlp_batch *batch,
							unsigned long site)
{
	unsigned int i = hash_long(site, batch->slot_bits);

	while (batch->slots[i] && batch->slots[i]->site != site)
		i = (i + 1) & ((1U << batch->slot_bits) - 1);
	return &batch->slots[i];
}

/**
 * xlp_hooks_attach() - find the hooks of functions, hooking what is not hooked yet
 * @funcs:	struct xlp_live_func by their node, with @site filled in; @hook is
 *		filled in
 * @refused:	NULL; set to a batch that could not be attached, which the caller
 *		owns and hands to xlp_batch_refused()
 *
 * Calls go where they went before: to the newest version, or to the function
 * itself. On failure nothing has changed.
 *
 * Context: process context, under xlp_mutex.
 *
 * Return: 0 or an error of &struct xlp_method.attach, or
 * * -EINVAL	two of the functions are the same one (logged)
 * * -EINPROGRESS functions are changing hands: drop xlp_mutex, call
 *		xlp_hooks_wait_settled(), try again
 * * -ENOMEM	out of memory
 */
int xlp_hooks_attach(struct list_head *funcs, struct xlp_batch **refused);

/**
 * xlp_hooks_add_versions() - make functions the newest versions of their hooks
 * @funcs:	the list that xlp_hooks_attach() was given; emptied
 *
 * Calls reach them when they are published.
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_hooks_add_versions(struct list_head *funcs);

/**
 * xlp_hook_publish() - let calls of a function continue where its versions say
 * @hook:	the function
 *
 * In the newest version, in each world, whose patch is in effect there.
 *
 * Context: any, xlp_mutex held by the task for which this is done.
 */
void xlp_hook_publish(struct xlp_hook *hook);

/**
 * xlp_hooks_forget() - undo what xlp_hooks_attach() has done to functions
 * @funcs:	the list it was given; emptied
 *
 * Their hooks stay, wanted, until xlp_hooks_not_wanted().
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_hooks_forget(struct list_head *funcs);

/**
 * xlp_hooks_not_wanted() - nobody is about to use hooks without a version
 * @start:	of those whose site is not below this address
 * @end:	and below this one
 *
 * Context: process context, under xlp_mutex.
 *
 * Return: whether any hook without a version was wanted: those are idle now, see
 * xlp_hooks_detach_idle().
 */
bool xlp_hooks_not_wanted(unsigned long start, unsigned long end);

/**
 * xlp_hook_remove_version() - let calls reach what is below a version, and forget it
 * @func:	the version
 *
 * Context: any, xlp_mutex held by the task for which this is done.
 */
void xlp_hook_remove_version(struct xlp_live_func *func);

/**
 * xlp_hooks_detach_idle() - unhook every function without version that nobody wants
 *
 * On return none is left of those that were idle when it was called, also if
 * another task was detaching: one does at a time, and the others wait for it.
 *
 * Context: process context, without xlp_mutex; may take seconds.
 */
void xlp_hooks_detach_idle(void);

/**
 * xlp_hooks_wait_settled() - wait until no function is changing hands
 *
 * Context: process context, without xlp_mutex; may take seconds.
 */
void xlp_hooks_wait_settled(void);

/**
 * xlp_batch_refused() - free a batch that could not be attached; until then
 *	functions count as changing hands
 * @batch:	what xlp_hooks_attach() set @refused to
 * @err:	what it returned
 * @name:	log which function it was that could not be hooked, found by trying
 *		smaller and smaller parts of the batch, and who holds it; for lack
 *		of memory nothing is logged
 *
 * Context: process context, without xlp_mutex; may take seconds.
 */
void xlp_batch_refused(struct xlp_batch *batch, int err, bool name);

#endif /* _XLP_COMMON_HOOK_H */
