// SPDX-License-Identifier: GPL-2.0
/* hook.c - replaced functions, their versions, and their batches */
#include "log.h"

#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "engine.h"
#include "hook.h"
#include "method.h"
#include "methods.h"
#include "patch.h"

/* All hooks that are not GONE, by site [E]. */
static DEFINE_HASHTABLE(hook_table, 10);
/* All batches that have such hooks [E]. */
static LIST_HEAD(batch_list);

static struct xlp_hook *hook_find(unsigned long site)
{
	struct xlp_hook *hook;

	xlp_engine_assert();
	hash_for_each_possible(hook_table, hook, by_site, site)
		if (hook->site == site)
			return hook;
	return NULL;
}

/* ---- batches ---- */

static void batch_free(struct xlp_batch *batch)
{
	if (batch->memory)
		batch->method->release(batch);
	xlp_free(batch);
}

static struct xlp_batch *batch_alloc(unsigned int max_hooks)
{
	struct xlp_batch *batch = xlp_alloc(struct_size(batch, hooks, max_hooks));

	if (batch)
		batch->method = xlp_method();
	return batch;
}

/* A new hook in a batch that is being made. */
static struct xlp_hook *batch_add_hook(struct xlp_batch *batch, unsigned long site,
				       struct xlp_live_func *func)
{
	struct xlp_hook *hook = &batch->hooks[batch->nr_hooks++];

	hook->site = site;
	hook->batch = batch;
	hook->first = func;
	if (hook > batch->hooks)
		hook->part = hook[-1].part + (hook[-1].first->object != func->object);
	INIT_LIST_HEAD(&hook->versions);
	return hook;
}

/* Nobody is to find the hooks of a batch that comes to nothing. */
static void batch_discard(struct xlp_batch *batch)
{
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		hash_del(&hook->by_site);
	batch_free(batch);
}

static void hook_lose(struct xlp_hook *hook)
{
	hook->state = XLP_HOOK_GONE;
	hash_del(&hook->by_site);
	hook->batch->nr_attached--;
}

/* The hooks in one state are gone, and the batch too if it has no other. */
static void batch_lose_hooks(struct xlp_batch *batch, enum xlp_hook_state state)
{
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		if (hook->state == state)
			hook_lose(hook);
	if (batch->nr_attached)
		return;
	list_del(&batch->node);
	batch_free(batch);
}

static void batch_set_state(struct xlp_batch *batch, enum xlp_hook_state from,
			    enum xlp_hook_state to)
{
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		if (hook->state == from)
			hook->state = to;
}

static bool hook_is_idle(const struct xlp_hook *hook)
{
	return hook->state == XLP_HOOK_ATTACHED && !hook->wanted_by &&
	       list_empty(&hook->versions);
}

/* ---- versions ---- */

static unsigned int hook_memory_args(const struct xlp_func *decl)
{
	return decl->stack_args == XLP_STACK_ARGS_NONE ? 0 :
	       decl->stack_args ?: XLP_STACK_ARGS_DEFAULT;
}

/* The newest version in a world; 0: there is none. */
static unsigned long hook_target_in(const struct xlp_hook *hook, enum xlp_world world)
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
	xlp_targets_publish(&hook->targets, hook_target_in(hook, XLP_BEFORE),
			    hook_target_in(hook, XLP_AFTER));
}

const struct xlp_live_patch *xlp_hook_patch(unsigned long site)
{
	struct xlp_hook *hook = hook_find(site);
	const struct xlp_live_func *func;

	if (!hook)
		return NULL;
	func = list_first_entry_or_null(&hook->versions, struct xlp_live_func, node);
	return func ? func->object->patch : NULL;
}

/* Patches are listed in the order of their enabling. */
static bool hook_is_newer(const struct xlp_live_patch *patch, const struct xlp_live_patch *other)
{
	const struct xlp_live_patch *met;

	list_for_each_entry(met, &xlp_patches, node)
		if (met == patch || met == other)
			break;
	return met == other;
}

/* A module that comes late gets the versions of older patches after those of newer ones. */
static void hook_add_version(struct xlp_hook *hook, struct xlp_live_func *func)
{
	struct xlp_live_func *version;

	list_for_each_entry(version, &hook->versions, node)
		if (hook_is_newer(func->object->patch, version->object->patch))
			break;
	list_move_tail(&func->node, &version->node);
	hook->stack_args = max(hook->stack_args, hook_memory_args(func->decl));
}

void xlp_hooks_add_versions(struct list_head *funcs)
{
	struct xlp_live_func *func, *next;

	xlp_engine_assert();
	list_for_each_entry_safe(func, next, funcs, node)
		hook_add_version(func->hook, func);
}

void xlp_hook_remove_version(struct xlp_live_func *func)
{
	list_del_init(&func->node);
	xlp_hook_publish(func->hook);
}

/* ---- choosing and attaching ---- */

/* Point a function at its hook, existing or in @batch, which no other function of the patch has. */
static int hook_choose(struct xlp_live_func *func, struct xlp_batch *batch)
{
	struct xlp_hook *hook = hook_find(func->site);

	if (!hook) {
		hook = batch_add_hook(batch, func->site, func);
		hash_add(hook_table, &hook->by_site, hook->site);
	} else if (hook->state != XLP_HOOK_ATTACHED && !hook->chosen_for) {
		return -EINPROGRESS;
	}
	if (hook->chosen_for) {
		xlp_func_err(func, "is the same function as '%s'",
			     hook->chosen_for->decl->old_name);
		return -EINVAL;
	}
	hook->chosen_for = func;
	func->hook = hook;
	return 0;
}

static int hooks_choose_all(struct list_head *funcs, struct xlp_batch *batch)
{
	struct xlp_live_func *func;
	int err = 0;

	list_for_each_entry(func, funcs, node)
		func->hook = NULL;
	list_for_each_entry(func, funcs, node) {
		err = hook_choose(func, batch);
		if (err)
			break;
	}
	list_for_each_entry(func, funcs, node)
		if (func->hook)
			func->hook->chosen_for = NULL;
	return err;
}

/* Its hooks are complete: they belong to whoever attaches them now. */
static int batch_prepare(struct xlp_batch *batch)
{
	int err = batch->nr_hooks ? batch->method->prepare(batch) : 0;

	if (err || !batch->nr_hooks)
		return err;
	batch->nr_attached = batch->nr_hooks;
	list_add_tail(&batch->node, &batch_list);
	return 0;
}

static void hook_want(struct xlp_hook *hook, const struct list_head *funcs)
{
	/* Nobody need wait for it to go any more. */
	if (hook_is_idle(hook))
		xlp_engine_changed();
	hook->wanted_by = funcs;
}

int xlp_hooks_choose(struct list_head *funcs, struct xlp_batch **batch)
{
	struct xlp_live_func *func;
	struct xlp_batch *new;
	unsigned int nr = 0;
	int err;

	xlp_engine_assert();
	*batch = NULL;
	list_for_each_entry(func, funcs, node)
		nr++;
	if (!nr)
		return 0;
	new = batch_alloc(nr);
	if (!new)
		return -ENOMEM;
	err = hooks_choose_all(funcs, new) ?: batch_prepare(new);
	if (err || !new->nr_hooks)
		batch_discard(new);
	else
		*batch = new;
	list_for_each_entry(func, funcs, node) {
		if (err)
			func->hook = NULL;
		else
			hook_want(func->hook, funcs);
	}
	return err;
}

int xlp_hooks_attached(struct xlp_batch *batch, struct list_head *funcs)
{
	struct xlp_live_func *func;
	int err = batch->err;

	xlp_engine_assert();
	xlp_engine_changed();
	if (!err) {
		batch_set_state(batch, XLP_HOOK_ATTACHING, XLP_HOOK_ATTACHED);
		return 0;
	}
	/* Also those of other batches, which may be gone: they are chosen anew. */
	list_for_each_entry(func, funcs, node)
		func->hook = NULL;
	batch_lose_hooks(batch, XLP_HOOK_ATTACHING);
	return err;
}

/* ---- wanted or not ---- */

void xlp_hooks_not_wanted(const struct list_head *funcs)
{
	struct xlp_batch *batch;
	struct xlp_hook *hook;

	xlp_engine_assert();
	list_for_each_entry(batch, &batch_list, node)
		xlp_for_each_hook(batch, hook)
			if (hook->wanted_by == funcs)
				hook->wanted_by = NULL;
	xlp_engine_changed();
}

static bool hook_is_in(const struct xlp_hook *hook, unsigned long start, unsigned long end)
{
	return hook->state != XLP_HOOK_GONE && hook->site >= start && hook->site < end;
}

void xlp_hooks_lose(unsigned long start, unsigned long end)
{
	struct xlp_batch *batch;
	struct xlp_hook *hook;

	xlp_engine_assert();
	list_for_each_entry(batch, &batch_list, node)
		xlp_for_each_hook(batch, hook)
			if (hook_is_in(hook, start, end))
				hook->wanted_by = NULL;
	xlp_engine_changed();
}

bool xlp_hooks_any_in(unsigned long start, unsigned long end)
{
	struct xlp_batch *batch;
	struct xlp_hook *hook;

	xlp_engine_assert();
	list_for_each_entry(batch, &batch_list, node)
		xlp_for_each_hook(batch, hook)
			if (!batch->stuck && hook_is_in(hook, start, end))
				return true;
	return false;
}

void xlp_hooks_forget(unsigned long start, unsigned long end)
{
	const struct xlp_method *method = xlp_method();
	struct xlp_batch *batch;
	struct xlp_hook *hook;

	xlp_engine_assert();
	list_for_each_entry(batch, &batch_list, node)
		xlp_for_each_hook(batch, hook)
			if (batch->stuck && hook_is_in(hook, start, end))
				hook_lose(hook);
	if (method && method->forget)
		method->forget(start, end);
}

/* Is it in use, itself or another one of its object that it cannot leave without? */
static bool hook_is_needed(const struct xlp_hook *hook)
{
	const struct xlp_batch *batch = hook->batch;
	const struct xlp_hook *other;

	if (!hook_is_idle(hook))
		return true;
	if (batch->method->shrinks)
		return false;
	xlp_for_each_hook(batch, other)
		if (other->part == hook->part && !hook_is_idle(other))
			return true;
	return false;
}

/* They leave together, if at all. */
static bool hooks_are_bound(const struct xlp_hook *hook, const struct xlp_hook *other)
{
	return hook->batch == other->batch && hook->part == other->part &&
	       !hook->batch->method->shrinks;
}

/*
 * Its module may have gone: then it has no hook, or one of whatever came to the same place.
 * @staying is one that stays, or NULL. What is bound to it is not looked at again: to do so for
 * each of many functions takes long.
 */
static bool hook_is_on_its_way_out(const struct xlp_live_func *func,
				   const struct xlp_hook **staying)
{
	const struct xlp_hook *hook = func->site ? hook_find(func->site) : NULL;

	if (!hook || hook->batch->stuck || (*staying && hooks_are_bound(hook, *staying)))
		return false;
	if (hook->state == XLP_HOOK_LEAVING || !hook_is_needed(hook))
		return true;
	*staying = hook;
	return false;
}

bool xlp_hooks_any_idle(const struct xlp_live_patch *patch)
{
	const struct xlp_hook *staying = NULL;
	const struct xlp_live_object *obj;
	const struct xlp_live_func *func;

	xlp_engine_assert();
	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, func)
			if (hook_is_on_its_way_out(func, &staying))
				return true;
	return false;
}

void xlp_hooks_show(struct seq_file *file)
{
	struct xlp_batch *batch;
	struct xlp_hook *hook;

	xlp_engine_assert();
	list_for_each_entry(batch, &batch_list, node)
		xlp_for_each_hook(batch, hook)
			if (hook->state == XLP_HOOK_ATTACHED || hook->state == XLP_HOOK_LEAVING)
				seq_printf(file, "%ps %s%s\n", (void *)hook->site,
					   batch->method->name,
					   list_empty(&hook->versions) ? " idle" : "");
}

/* ---- detaching ---- */

/* The hook behind those that can leave only together with this one, the first of them. */
static struct xlp_hook *hook_end_of_part(struct xlp_hook *hook)
{
	const struct xlp_batch *batch = hook->batch;
	unsigned int part = hook->part;

	do {
		hook++;
	} while (!batch->method->shrinks && hook < batch->hooks + batch->nr_hooks &&
		 hook->part == part);
	return hook;
}

/* Whether any hook of the batch leaves now. */
static bool batch_mark_leaving(struct xlp_batch *batch)
{
	struct xlp_hook *hook = batch->hooks, *end;
	bool any = false;

	while (hook < batch->hooks + batch->nr_hooks) {
		end = hook_end_of_part(hook);
		if (!hook_is_needed(hook)) {
			any = true;
			for (; hook < end; hook++)
				hook->state = XLP_HOOK_LEAVING;
		}
		hook = end;
	}
	return any;
}

struct xlp_batch *xlp_hooks_detach_next(void)
{
	struct xlp_batch *batch;

	xlp_engine_assert();
	list_for_each_entry(batch, &batch_list, node)
		if (!batch->stuck && batch_mark_leaving(batch))
			return batch;
	return NULL;
}

bool xlp_batch_detach(struct xlp_batch *batch)
{
	batch->waited = false;
	batch->err = batch->method->detach(batch);
	return batch->waited;
}

void xlp_hooks_detached(struct xlp_batch *batch)
{
	xlp_engine_assert();
	xlp_engine_changed();
	if (!batch->err) {
		batch_lose_hooks(batch, XLP_HOOK_LEAVING);
		return;
	}
	batch_set_state(batch, XLP_HOOK_LEAVING, XLP_HOOK_ATTACHED);
	/* Handlers still use the batch, and lie in xlp.ko. */
	batch->stuck = true;
	__module_get(THIS_MODULE);
}

/* ---- batches that were refused ---- */

/* Can the first @n functions of @batch be hooked by themselves? */
static int refused_try_first(const struct xlp_batch *batch, unsigned int n)
{
	struct xlp_batch *part = batch_alloc(n);
	const struct xlp_method *method = batch->method;
	unsigned int i;
	int err;

	if (!part)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		batch_add_hook(part, batch->hooks[i].site, batch->hooks[i].first);
	part->nr_attached = n;
	batch_set_state(part, XLP_HOOK_ATTACHING, XLP_HOOK_ATTACHED);
	err = method->prepare(part);
	if (err) {
		batch_free(part);
		return err;
	}
	err = method->attach(part);
	if (err) {
		method->abandon(part);
	} else {
		batch_mark_leaving(part);
		/* If it cannot be detached, handlers use it for ever. */
		if (method->detach(part)) {
			__module_get(THIS_MODULE);
			return -EIO;
		}
	}
	batch_free(part);
	return err;
}

/*
 * How many functions of @batch, from its first on, it takes to be refused with
 * @err; 0 if trying that failed for another reason.
 */
static unsigned int refused_count(const struct xlp_batch *batch, int err)
{
	unsigned int good = 0, bad = batch->nr_hooks;

	/* Invariant: the first @good can be hooked, the first @bad cannot. */
	while (bad - good > 1) {
		unsigned int middle = good + (bad - good) / 2;
		int tried = refused_try_first(batch, middle);

		if (tried && tried != err)
			return 0;
		if (tried)
			bad = middle;
		else
			good = middle;
	}
	/* Whoever held one of them may have let go since. Then the last one is not to blame. */
	if (bad > 1 && bad == batch->nr_hooks && refused_try_first(batch, bad) != err)
		return 0;
	return bad;
}

/* Why is it refused, as far as can be told? */
static void refused_explain(const struct xlp_batch *batch, const struct xlp_hook *hook,
			    int err, char *text)
{
	if (err == -EBUSY)
		batch->method->holder(hook->site, text);
	else
		strscpy(text, err == -EAGAIN ? "who shares it stays busy" :
			err == -ENODEV ? "ftrace has switched itself off" : "ftrace refuses it",
			XLP_HOLDER_LEN);
}

/*
 * Which hook is it that @batch is refused for? To hook parts of it may take long: what can be
 * hooked has to be let go of again, which waits for other tasks. NULL: nobody can tell.
 */
static const struct xlp_hook *refused_hook(const struct xlp_batch *batch, int err)
{
	const struct xlp_hook *held = err == -EBUSY ? batch->method->find_held(batch) : NULL;
	unsigned int count;

	/* What is only busy may be so for one part of the batch and not for the next. */
	if (held || err == -EAGAIN)
		return held;
	count = refused_count(batch, err);
	return count ? &batch->hooks[count - 1] : NULL;
}

/* @found: whose fault that is; NULL: nobody can tell. */
static void refused_name(const struct xlp_batch *batch, const struct xlp_hook *found, int err)
{
	const struct xlp_hook *hook = found ?: batch->hooks;
	const struct xlp_live_func *func = hook->first;
	char why[XLP_HOLDER_LEN];

	refused_explain(batch, hook, err, why);
	if (!xlp_compat)
		xlp_func_err(func, "%s cannot be hooked (%d): %s",
			     found ? "it" : "it or another one of the patch", err, why);
	pr_err("failed to register ftrace handler for function '%s' (%d)\n",
	       func->decl->old_name, err);
	pr_warn("failed to patch object '%s'\n", xlp_object_name(func->object));
}

static const struct xlp_hook *batch_find_hindered(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;

	if (!batch->method->is_hindered)
		return NULL;
	xlp_for_each_hook(batch, hook)
		if (batch->method->is_hindered(hook->site))
			return hook;
	return NULL;
}

void xlp_batch_attach(struct xlp_batch *batch, bool patient)
{
	const struct xlp_hook *hindered = batch_find_hindered(batch);

	if (hindered) {
		batch->err = -EBUSY;
		refused_name(batch, hindered, batch->err);
		return;
	}
	batch->err = batch->method->attach(batch);
	if (!batch->err)
		return;
	batch->method->abandon(batch);
	/* Who has no room has said so. */
	if (batch->err != -ENOMEM && batch->err != -ENOSPC && !(patient && batch->err == -EAGAIN))
		refused_name(batch, refused_hook(batch, batch->err), batch->err);
}
