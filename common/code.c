// SPDX-License-Identifier: GPL-2.0
/*
 * code.c - sets of code that stacks are checked against
 *
 * A set is collected twice, first to count its ranges and then to fill them in,
 * in one event, so that both times the same is found.
 */
#include "log.h"

#include <compat/direct.h>
#include <compat/kallsyms.h>
#include <compat/module.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "alloc.h"
#include "code.h"
#include "cold.h"
#include "engine.h"
#include "hook.h"
#include "patch.h"

static bool is_entry(unsigned long addr, const struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, func)
			if ((unsigned long)func->decl->new_func == addr)
				return true;
	return false;
}

bool xlp_code_has_offset(const struct xlp_code *code, unsigned long offset)
{
	unsigned int low = 0, high = code->nr;

	/* Invariant: ranges before @low begin at or before @offset, those from @high on do not. */
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (code->ranges[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset - code->ranges[low - 1].offset <= code->ranges[low - 1].size;
}

bool xlp_code_has_but_entries(const struct xlp_code *code, unsigned long addr)
{
	return xlp_code_has(code, addr) && !is_entry(addr, code->entries_of);
}

bool xlp_code_equal(const struct xlp_code *one, const struct xlp_code *other)
{
	return one->negated_low == other->negated_low && one->nr == other->nr &&
	       one->entries_of == other->entries_of &&
	       !memcmp(one->ranges, other->ranges, array_size(one->nr, sizeof(*one->ranges)));
}

void xlp_code_free(struct xlp_code *code)
{
	xlp_free(code);
}

/* ---- collecting ---- */

/* Ranges being collected; offsets are addresses until finish() is through. */
struct collection {
	struct xlp_code *code;		/* NULL while they are only counted */
	unsigned int nr;
	unsigned int max;
};

static void collect_range(struct collection *all, unsigned long start, unsigned long size)
{
	if (all->code && all->nr < all->max)
		all->code->ranges[all->nr] = (struct xlp_code_range){ start, size };
	all->nr++;
}

/* The whole of the function at @addr. Without a size it is looked for, which takes long. */
static void collect_function(void *data, unsigned long addr, unsigned long size)
{
	struct collection *all = data;
	unsigned long offset = 0;

	if (all->code && !size &&
	    !unexported(kallsyms_lookup_size_offset)(addr, &size, &offset)) {
		size = 0;
		offset = 0;
	}
	collect_range(all, addr - offset, size);
}

static int compare_ranges(const void *a, const void *b)
{
	const struct xlp_code_range *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* One past the end of a range still counts as inside. */
static void find_widest_gap(struct xlp_code *code)
{
	const struct xlp_code_range *range;
	unsigned long start;

	for (range = code->ranges + 1; range < code->ranges + code->nr; range++) {
		start = range[-1].offset + range[-1].size + 1;
		if (range->offset > start && range->offset - start > code->gap_size) {
			code->gap = start;
			code->gap_size = range->offset - start;
		}
	}
}

/* Sort, merge what overlaps or touches, and make addresses offsets. */
static void finish(struct xlp_code *code, unsigned int nr)
{
	struct xlp_code_range *last = code->ranges, *range;
	unsigned long low;

	code->nr = 0;
	if (!nr)
		return;
	sort(code->ranges, nr, sizeof(*code->ranges), compare_ranges, NULL);
	low = code->ranges[0].offset;
	for (range = code->ranges; range < code->ranges + nr; range++) {
		range->offset -= low;
		if (range != last && range->offset <= last->offset + last->size) {
			last->size = max(last->size,
					 range->offset + range->size - last->offset);
			continue;
		}
		if (code->nr)
			*++last = *range;
		code->nr++;
	}
	code->negated_low = -low;
	code->span = last->offset + last->size;
	find_widest_gap(code);
}

static struct xlp_code *collect(void (*visit)(struct collection *all, const void *data),
				const void *data)
{
	struct collection all = { };

	visit(&all, data);
	all.max = all.nr;
	all.code = xlp_alloc(struct_size(all.code, ranges, max(all.max, 1U)));
	if (!all.code)
		return NULL;
	all.nr = 0;
	visit(&all, data);
	finish(all.code, min(all.nr, all.max));
	return all.code;
}

/* ---- a patch's module ---- */

static void visit_module(struct collection *all, const void *data)
{
	const struct xlp_live_patch *patch = data;
	struct xlp_range text = xlp_module_text(patch->decl->mod);

	collect_range(all, text.start, text.end - text.start);
}

struct xlp_code *xlp_code_of_module(const struct xlp_live_patch *patch)
{
	struct xlp_code *code = collect(visit_module, patch);

	if (code && !xlp_has_direct_callers())
		code->entries_of = patch;
	return code;
}

/* ---- functions in all their versions ---- */

static void collect_version(struct collection *all, const struct xlp_live_func *func)
{
	collect_function(all, (unsigned long)func->decl->new_func, 0);
}

static bool are_of_one_function(const struct xlp_live_func *a, const struct xlp_live_func *b)
{
	/* Or by an alias of its name. */
	if (a->addr == b->addr)
		return true;
	return !strcmp(a->decl->old_name, b->decl->old_name) &&
	       !strcmp(xlp_object_name(a->object), xlp_object_name(b->object)) &&
	       max(a->decl->old_sympos, 1UL) == max(b->decl->old_sympos, 1UL);
}

/*
 * A patch that is out of effect, but that tasks may be inside of still: it was of
 * the immediate model, or was forced. There is seldom one.
 */
static void add_left_over(struct collection *all, const struct xlp_live_func *func,
			  struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *other;

	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, other)
			if (are_of_one_function(func, other))
				collect_version(all, other);
}

/* A replaced function and what patches have made of it. */
static void add_versions(struct collection *all, const struct xlp_live_func *func)
{
	struct xlp_live_func *version;
	struct xlp_live_patch *patch;

	collect_function(all, func->addr, 0);
	list_for_each_entry(version, &func->hook->versions, node)
		collect_version(all, version);
	list_for_each_entry(patch, &xlp_patches, node)
		if (xlp_patch_is_left_over(patch))
			add_left_over(all, func, patch);
}

static void add_object(struct collection *all, struct xlp_live_object *obj)
{
	const struct xlp_cold *cold;
	struct xlp_live_func *func;

	if (!xlp_object_is_patched(obj))
		return;
	cold = xlp_cold_of(obj->decl->mod);
	xlp_for_each_func(obj, func) {
		add_versions(all, func);
		xlp_cold_parts_of(cold, func->addr, collect_function, all);
	}
}

struct patches {
	struct xlp_live_patch *const *patch;
	unsigned int nr;
};

static void visit_functions(struct collection *all, const void *data)
{
	const struct patches *patches = data;
	struct xlp_live_patch *patch;
	struct xlp_live_object *obj;
	unsigned int i;

	for (i = 0; i < patches->nr; i++)
		if (patches->patch[i])
			xlp_for_each_object(patches->patch[i], obj)
				add_object(all, obj);
	if (!all->nr)
		return;
	/* Of whatever patch made the versions; there are few such parts. */
	list_for_each_entry(patch, &xlp_patches, node)
		xlp_cold_parts(patch->cold, collect_function, all);
}

struct xlp_code *xlp_code_of_functions(struct xlp_live_patch *const *patches,
				       unsigned int nr)
{
	struct patches all = { patches, nr };

	xlp_engine_assert();
	return collect(visit_functions, &all);
}
