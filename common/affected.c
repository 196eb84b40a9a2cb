// SPDX-License-Identifier: GPL-2.0
/* affected.c - the code that tasks must be outside of when patches change */

#include <compat/direct.h>
#include <compat/module.h>
#include "affected.h"
#include "alloc.h"
#include "code.h"
#include "cold.h"
#include "engine.h"
#include "hook.h"
#include "method.h"
#include "patch.h"

/* ---- a patch's module ---- */

static void affected_visit_module(struct xlp_code_collection *all, const void *data)
{
	const struct xlp_live_patch *patch = data;
	struct xlp_range text = xlp_module_text(patch->decl->mod);

	xlp_code_add(all, text.start, text.end - text.start);
}

/* Return: @code, or NULL: out of memory, and it has been freed. */
static struct xlp_code *affected_pass_over_entries(struct xlp_code *code,
						   const struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;
	unsigned long *entries;
	unsigned int nr = 0;

	xlp_for_each_object(patch, obj)
		nr += obj->nr_funcs;
	if (!nr)
		return code;
	entries = xlp_alloc_array(nr, sizeof(*entries));
	if (!entries) {
		xlp_code_free(code);
		return NULL;
	}
	nr = 0;
	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, func)
			entries[nr++] = (unsigned long)func->decl->new_func;
	xlp_code_pass_over(code, entries, nr);
	return code;
}

struct xlp_code *xlp_affected_module(const struct xlp_live_patch *patch)
{
	struct xlp_code *code = xlp_code_collect(affected_visit_module, patch);

	return code && !xlp_has_direct_callers() ? affected_pass_over_entries(code, patch) : code;
}

/* ---- functions in all their versions ---- */

static void affected_add_version(struct xlp_code_collection *all, const struct xlp_live_func *func)
{
	xlp_code_add_function(all, (unsigned long)func->decl->new_func, func->new_size);
}

static bool affected_is_same(const struct xlp_live_func *a, const struct xlp_live_func *b)
{
	/* Or by an alias of its name. */
	return a->addr == b->addr || xlp_patch_same_function(a, b);
}

/*
 * A patch that is out of effect, but that tasks may be inside of still: it was of
 * the immediate model, or was forced. There is seldom one.
 */
static void affected_add_left_over(struct xlp_code_collection *all,
				   const struct xlp_live_func *func,
				   struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *other;

	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, other)
			if (affected_is_same(func, other))
				affected_add_version(all, other);
}

/* What stands between a call and the function. */
static void affected_add_way_in(struct xlp_code_collection *all, const struct xlp_hook *hook)
{
	const struct xlp_method *method = hook->batch->method;
	unsigned long start, size;

	if (!method->code)
		return;
	start = method->code(hook, &size);
	xlp_code_add(all, start, size);
}

/* A replaced function and what patches have made of it. */
static void affected_add_versions(struct xlp_code_collection *all, const struct xlp_live_func *func)
{
	struct xlp_live_func *version;
	struct xlp_live_patch *patch;

	xlp_code_add_function(all, func->addr, func->size);
	affected_add_way_in(all, func->hook);
	list_for_each_entry(version, &func->hook->versions, node)
		affected_add_version(all, version);
	list_for_each_entry(patch, &xlp_patches, node)
		if (xlp_patch_is_left_over(patch))
			affected_add_left_over(all, func, patch);
}

static void affected_add_object(struct xlp_code_collection *all, struct xlp_live_object *obj)
{
	const struct xlp_cold *cold;
	struct xlp_live_func *func;

	if (!xlp_object_is_patched(obj))
		return;
	cold = xlp_cold_of(obj->decl->mod);
	xlp_for_each_func(obj, func) {
		affected_add_versions(all, func);
		xlp_cold_parts_of(cold, func->addr, xlp_code_add_function, all);
	}
}

struct affected_patches {
	struct xlp_live_patch *const *patch;
	unsigned int nr;
};

static void affected_visit_functions(struct xlp_code_collection *all, const void *data)
{
	const struct affected_patches *patches = data;
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;
	unsigned int i;

	for (i = 0; i < patches->nr; i++)
		if (patches->patch[i])
			xlp_for_each_object(patches->patch[i], obj)
				affected_add_object(all, obj);
	if (xlp_code_is_empty(all))
		return;
	/* Of whatever patch made the versions; there are few such parts. */
	list_for_each_entry(patch, &xlp_patches, node)
		xlp_cold_parts(patch->cold, xlp_code_add_function, all);
}

struct xlp_code *xlp_affected_functions(struct xlp_live_patch *const *patches, unsigned int nr)
{
	const struct affected_patches all = { patches, nr };

	xlp_engine_assert();
	return xlp_code_collect(affected_visit_functions, &all);
}
