// SPDX-License-Identifier: GPL-2.0
/* hook.c - replaced functions, their versions, and their batches */
#include "log.h"

#include <linux/hashtable.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "hook.h"
#include "patch.h"

/* All hooks that are not GONE, by site [M]. */
static DEFINE_HASHTABLE(hooks, 10);
/* All attached batches [M]. */
static LIST_HEAD(batches);
/*
 * Held by the task that detaches, for as long as that takes: a batch that is
 * outside xlp_mutex has one owner. Taken without xlp_mutex, which nests inside.
 */
static DEFINE_MUTEX(detach_mutex);
/* How many are changing what is hooked, outside xlp_mutex; written under it. */
static unsigned int unsettled;
/* Woken when that becomes 0. */
static DECLARE_WAIT_QUEUE_HEAD(settled);

static struct xlp_hook *find_hook(unsigned long site)
{
	struct xlp_hook *hook;

	xlp_assert_locked();
	hash_for_each_possible(hooks, hook, by_site, site)
		if (hook->site == site)
			return hook;
	return NULL;
}

/* ---- batches ---- */

static void free_batch(struct xlp_batch *batch)
{
	if (!batch)
		return;
	xlp_free(batch->slots);
	xlp_free(batch->sites);
	xlp_free(batch);
}

static struct xlp_batch *alloc_batch(unsigned int max_hooks)
{
	struct xlp_batch *batch;

	batch = xlp_alloc(struct_size(batch, hooks, max_hooks));
	if (!batch)
		return NULL;
	batch->slot_bits = ilog2(roundup_pow_of_two(max_hooks)) + 1;
	batch->slots = xlp_alloc_array(1U << batch->slot_bits, sizeof(*batch->slots));
	batch->sites = xlp_alloc_array(max_hooks, sizeof(*batch->sites));
	if (batch->slots && batch->sites)
		return batch;
	free_batch(batch);
	return NULL;
}

/* The hook of a site in a batch that is being made, new or there already. */
static struct xlp_hook *add_hook(struct xlp_batch *batch, unsigned long site,
				 struct xlp_live_func *func)
{
	struct xlp_hook **slot = xlp_batch_slot(batch, site);
	struct xlp_hook *hook = &batch->hooks[batch->nr_hooks];

	if (*slot)
		return *slot;
	hook->site = site;
	hook->method = xlp_arch_method();
	hook->first = func;
	INIT_LIST_HEAD(&hook->versions);
	*slot = hook;
	batch->nr_hooks++;
	return hook;
}

static int attach_batch(struct xlp_batch *batch)
{
	struct xlp_hook *hook;
	int err;

	if (!batch->nr_hooks)
		return 0;
	err = batch->hooks[0].method->attach(batch);
	if (err)
		return err;
	batch->nr_attached = batch->nr_hooks;
	list_add_tail(&batch->node, &batches);
	xlp_for_each_hook(batch, hook)
		hash_add(hooks, &hook->by_site, hook->site);
	return 0;
}

/* ---- versions ---- */

static unsigned int memory_args(const struct xlp_func *decl)
{
	return decl->stack_args == XLP_STACK_ARGS_NONE ? 0 :
	       decl->stack_args ?: XLP_STACK_ARGS_DEFAULT;
}

/* The newest version in a world; 0: there is none. */
static unsigned long target_in(const struct xlp_hook *hook, enum xlp_world world)
{
	struct xlp_live_func *func;

	list_for_each_entry(func, &hook->versions, node)
		if (func->object->patch->worlds & BIT(world))
			return (unsigned long)func->decl->new_func;
	return 0;
}

/*
 * That it publishes with release is also what lets a new function see all that
 * its module wrote before it enabled the patch, and the handler see @stack_args.
 */
void xlp_hook_publish(struct xlp_hook *hook)
{
	xlp_targets_publish(&hook->targets, target_in(hook, XLP_BEFORE),
			    target_in(hook, XLP_AFTER));
}

/* Patches are listed in the order of their enabling. */
static bool is_newer(const struct xlp_live_patch *patch, const struct xlp_live_patch *other)
{
	const struct xlp_live_patch *met;

	list_for_each_entry(met, &xlp_patches, node)
		if (met == patch || met == other)
			break;
	return met == other;
}

/* A module that comes late gets the versions of older patches after those of newer ones. */
static void add_version(struct xlp_hook *hook, struct xlp_live_func *func)
{
	struct xlp_live_func *version;

	list_for_each_entry(version, &hook->versions, node)
		if (is_newer(func->object->patch, version->object->patch))
			break;
	list_move_tail(&func->node, &version->node);
	hook->stack_args = max(hook->stack_args, memory_args(func->decl));
}

void xlp_hooks_add_versions(struct list_head *funcs)
{
	struct xlp_live_func *func, *next;

	xlp_assert_locked();
	list_for_each_entry_safe(func, next, funcs, node)
		add_version(func->hook, func);
}

void xlp_hooks_forget(struct list_head *funcs)
{
	struct xlp_live_func *func, *next;

	xlp_assert_locked();
	list_for_each_entry_safe(func, next, funcs, node) {
		list_del_init(&func->node);
		func->hook = NULL;
		func->site = 0;
	}
}

bool xlp_hooks_not_wanted(unsigned long start, unsigned long end)
{
	struct xlp_batch *batch;
	struct xlp_hook *hook;
	bool any = false;

	xlp_assert_locked();
	list_for_each_entry(batch, &batches, node) {
		xlp_for_each_hook(batch, hook) {
			if (hook->wanted && hook->site >= start && hook->site < end) {
				hook->wanted = false;
				any |= list_empty(&hook->versions);
			}
		}
	}
	return any;
}

void xlp_hook_remove_version(struct xlp_live_func *func)
{
	list_del_init(&func->node);
	xlp_hook_publish(func->hook);
	func->hook = NULL;
	func->site = 0;
}

/* ---- attaching ---- */

static void start_change(void)
{
	xlp_assert_locked();
	unsettled++;
}

static void finish_change(void)
{
	xlp_assert_locked();
	WRITE_ONCE(unsettled, unsettled - 1);
	if (!unsettled)
		wake_up_all(&settled);
}

/* Point a function at its hook, existing or in @batch, which no other function of the patch has. */
static int choose_hook(struct xlp_live_func *func, struct xlp_batch *batch)
{
	struct xlp_hook *hook = find_hook(func->site) ?: add_hook(batch, func->site, func);

	if (hook->chosen_for) {
		xlp_func_err(func, "is the same function as '%s'",
			     hook->chosen_for->decl->old_name);
		return -EINVAL;
	}
	hook->chosen_for = func;
	func->hook = hook;
	return 0;
}

static int choose_hooks(struct list_head *funcs, struct xlp_batch *batch)
{
	struct xlp_live_func *func;
	int err = 0;

	list_for_each_entry(func, funcs, node) {
		err = choose_hook(func, batch);
		if (err)
			break;
	}
	list_for_each_entry(func, funcs, node)
		if (func->hook)
			func->hook->chosen_for = NULL;
	return err;
}

int xlp_hooks_attach(struct list_head *funcs, struct xlp_batch **refused)
{
	struct xlp_live_func *func;
	struct xlp_batch *batch;
	unsigned int nr = 0;
	int err;

	xlp_assert_locked();
	if (unsettled)
		return -EINPROGRESS;
	list_for_each_entry(func, funcs, node)
		nr++;
	batch = alloc_batch(nr);
	if (!batch)
		return -ENOMEM;
	err = choose_hooks(funcs, batch);
	if (err) {
		free_batch(batch);
		return err;
	}
	err = attach_batch(batch);
	if (err) {
		/* Until xlp_batch_refused() is through with it. */
		start_change();
		*refused = batch;
		return err;
	}
	if (!batch->nr_hooks)
		free_batch(batch);
	list_for_each_entry(func, funcs, node)
		func->hook->wanted = true;
	return 0;
}

/* ---- detaching ---- */

void xlp_hooks_wait_settled(void)
{
	wait_event(settled, !READ_ONCE(unsettled));
}

/* Whether any hook of the batch leaves now. */
static bool mark_leaving(struct xlp_batch *batch)
{
	struct xlp_hook *hook;
	bool any = false;

	xlp_for_each_hook(batch, hook) {
		if (hook->state == XLP_HOOK_ATTACHED && !hook->wanted &&
		    list_empty(&hook->versions)) {
			hook->state = XLP_HOOK_LEAVING;
			any = true;
		}
	}
	return any;
}

static struct xlp_batch *start_detaching(void)
{
	struct xlp_batch *batch, *found = NULL;

	mutex_lock(&xlp_mutex);
	list_for_each_entry(batch, &batches, node) {
		if (!batch->stuck && mark_leaving(batch)) {
			found = batch;
			start_change();
			break;
		}
	}
	mutex_unlock(&xlp_mutex);
	return found;
}

static void finish_detaching(struct xlp_batch *batch, int err)
{
	struct xlp_hook *hook;

	mutex_lock(&xlp_mutex);
	xlp_for_each_hook(batch, hook) {
		if (hook->state != XLP_HOOK_LEAVING)
			continue;
		if (err) {
			hook->state = XLP_HOOK_ATTACHED;
			continue;
		}
		hook->state = XLP_HOOK_GONE;
		hash_del(&hook->by_site);
		batch->nr_attached--;
	}
	if (err && !batch->stuck) {
		/* Handlers still use the batch, and lie in xlp.ko. */
		batch->stuck = true;
		__module_get(THIS_MODULE);
	}
	if (!batch->nr_attached) {
		list_del(&batch->node);
		free_batch(batch);
	}
	finish_change();
	mutex_unlock(&xlp_mutex);
}

void xlp_hooks_detach_idle(void)
{
	struct xlp_batch *batch;

	mutex_lock(&detach_mutex);
	while ((batch = start_detaching()))
		finish_detaching(batch, batch->hooks[0].method->detach(batch));
	mutex_unlock(&detach_mutex);
}

/* ---- batches that were refused ---- */

/* Can the first @n functions of @batch be hooked by themselves? */
static int try_first(const struct xlp_batch *batch, unsigned int n)
{
	struct xlp_batch *part = alloc_batch(n);
	const struct xlp_method *method = batch->hooks[0].method;
	unsigned int i;
	int err = -ENOMEM;

	if (!part)
		return err;
	for (i = 0; i < n; i++)
		add_hook(part, batch->hooks[i].site, batch->hooks[i].first);
	part->nr_attached = n;
	err = method->attach(part);
	if (err) {
		method->abandon(part);
	} else {
		mark_leaving(part);
		/* If it cannot be detached, handlers use it for ever. */
		if (method->detach(part)) {
			__module_get(THIS_MODULE);
			return -EIO;
		}
	}
	free_batch(part);
	return err;
}

/*
 * How many functions of @batch, from its first on, it takes to be refused with
 * @err; 0 if trying that failed for another reason.
 */
static unsigned int count_to_refused(const struct xlp_batch *batch, int err)
{
	unsigned int good = 0, bad = batch->nr_hooks;

	/* Invariant: the first @good can be hooked, the first @bad cannot. */
	while (bad - good > 1) {
		unsigned int middle = good + (bad - good) / 2;
		int tried = try_first(batch, middle);

		if (tried && tried != err)
			return 0;
		if (tried)
			bad = middle;
		else
			good = middle;
	}
	return bad;
}

/* Why is it refused, as far as can be told? */
static void explain_refusal(const struct xlp_hook *hook, int err, char *text)
{
	if (err == -EBUSY)
		hook->method->holder(hook->site, text);
	else
		strscpy(text, err == -EAGAIN ? "who shares it stays busy" :
			err == -ENODEV ? "ftrace has switched itself off" : "ftrace refuses it",
			XLP_HOLDER_LEN);
}

static void name_refused(const struct xlp_batch *batch, int err)
{
	/* What is only busy may be so for one part of the batch and not for the next. */
	unsigned int count = err == -EAGAIN ? 0 : count_to_refused(batch, err);
	const struct xlp_hook *hook = &batch->hooks[count ? count - 1 : 0];
	const struct xlp_live_func *func = hook->first;
	char why[XLP_HOLDER_LEN];

	explain_refusal(hook, err, why);
	if (!xlp_compat)
		xlp_func_err(func, "%s cannot be hooked (%d): %s",
			     count ? "it" : "it or another one of the patch", err, why);
	pr_err("failed to register ftrace handler for function '%s' (%d)\n",
	       func->decl->old_name, err);
	pr_warn("failed to patch object '%s'\n", xlp_object_name(func->object));
}

void xlp_batch_refused(struct xlp_batch *batch, int err, bool name)
{
	batch->hooks[0].method->abandon(batch);
	if (name && err != -ENOMEM)
		name_refused(batch, err);
	free_batch(batch);
	mutex_lock(&xlp_mutex);
	finish_change();
	mutex_unlock(&xlp_mutex);
}
