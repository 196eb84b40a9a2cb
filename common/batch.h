/* SPDX-License-Identifier: GPL-2.0 */
/*
 * batch.h - what a hook and a batch of hooks are
 *
 * hook.h says what is done with them, and method.h how they are reached. What is marked [E]
 * changes in events only (engine.h).
 */
#ifndef _XLP_COMMON_BATCH_H
#define _XLP_COMMON_BATCH_H

#include <linux/list.h>
#include <linux/types.h>
#include "world.h"

struct xlp_batch;
struct xlp_live_func;
struct xlp_method;

enum xlp_hook_state {
	XLP_HOOK_ATTACHING,
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
 * @state:	see above [E]
 * @wanted_by:	the list of functions of a change that is being tried and needs it, whether it
 *		has a version yet or not; or NULL. Of two changes the last that has chosen it:
 *		the other may find it gone, and chooses anew in each event [E]
 * @versions:	struct xlp_live_func, newest first [E]
 * @first:	the version that it was made for; for messages while attaching
 * @batch:	what it was attached with
 * @part:	the number, in the batch, of the object that the function is of
 * @chosen_for:	whose hook it is to be, while xlp_hooks_choose() looks for hooks [E]
 * @by_site:	in the table of all hooks, from xlp_hooks_choose() on [E]
 */
struct xlp_hook {
	struct xlp_targets targets;
	unsigned int stack_args;
	unsigned long site;
	enum xlp_hook_state state;
	const struct list_head *wanted_by;
	struct list_head versions;
	struct xlp_live_func *first;
	struct xlp_batch *batch;
	unsigned int part;
	const struct xlp_live_func *chosen_for;
	struct hlist_node by_site;
};

/**
 * struct xlp_batch - functions that were hooked together
 * @method:	how they are reached
 * @memory:	the method's own: what it registers, writes or looks up, or NULL
 * @nr_hooks:	how many functions
 * @nr_attached: how many of them are not GONE [E]
 * @err:	how the last work on it has ended; the owner's
 * @waited:	the last detaching has waited for RCU tasks, from its beginning; the owner's
 * @stuck:	detaching it failed; it stays for ever [E]
 * @node:	in the list of all batches [E]
 * @hooks:	the functions
 */
struct xlp_batch {
	const struct xlp_method *method;
	void *memory;
	unsigned int nr_hooks;
	unsigned int nr_attached;
	int err;
	bool waited;
	bool stuck;
	struct list_head node;
	struct xlp_hook hooks[];
};

#define xlp_for_each_hook(batch, hook) \
	for ((hook) = (batch)->hooks; (hook) < (batch)->hooks + (batch)->nr_hooks; (hook)++)

#endif /* _XLP_COMMON_BATCH_H */
