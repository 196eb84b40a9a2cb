// SPDX-License-Identifier: GPL-2.0
/*
 * code.c - sets of code that stacks are checked against
 *
 * A set is collected twice, first to count its ranges and then to fill them in,
 * in one event, so that both times the same is found.
 */
#include <compat/kallsyms.h>
#include <linux/bsearch.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "alloc.h"
#include "code.h"

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

static int code_compare_addresses(const void *a, const void *b)
{
	const unsigned long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

bool xlp_code_has_but_entries(const struct xlp_code *code, unsigned long addr)
{
	return xlp_code_has(code, addr) &&
	       !bsearch(&addr, code->entries, code->nr_entries, sizeof(*code->entries),
			code_compare_addresses);
}

bool xlp_code_equal(const struct xlp_code *one, const struct xlp_code *other)
{
	return one->negated_low == other->negated_low && one->nr == other->nr &&
	       one->nr_entries == other->nr_entries &&
	       !memcmp(one->ranges, other->ranges, array_size(one->nr, sizeof(*one->ranges)));
}

void xlp_code_pass_over(struct xlp_code *code, unsigned long *entries, unsigned int nr)
{
	if (nr)
		sort(entries, nr, sizeof(*entries), code_compare_addresses, NULL);
	code->entries = entries;
	code->nr_entries = nr;
}

void xlp_code_free(struct xlp_code *code)
{
	if (code)
		xlp_free(code->entries);
	xlp_free(code);
}

/* ---- collecting ---- */

/**
 * struct xlp_code_collection - ranges being collected
 * @code:	the set; NULL while they are only counted. Offsets are addresses until
 *		code_finish() is through
 * @nr:		how many there are
 * @max:	for how many there is room
 */
struct xlp_code_collection {
	struct xlp_code *code;
	unsigned int nr;
	unsigned int max;
};

void xlp_code_add(struct xlp_code_collection *all, unsigned long start, unsigned long size)
{
	if (all->code && all->nr < all->max)
		all->code->ranges[all->nr] = (struct xlp_code_range){ start, size };
	all->nr++;
}

bool xlp_code_is_empty(const struct xlp_code_collection *all)
{
	return !all->nr;
}

/* The whole of the function at @addr. Without a size it is looked for, which takes long. */
void xlp_code_add_function(void *data, unsigned long addr, unsigned long size)
{
	struct xlp_code_collection *all = data;
	struct xlp_range around = { };

	if (all->code && !size)
		around = xlp_symbol_around(addr);
	if (around.end)
		xlp_code_add(all, around.start, around.end - around.start);
	else
		xlp_code_add(all, addr, size);
}

static int code_compare_ranges(const void *a, const void *b)
{
	const struct xlp_code_range *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* One past the end of a range still counts as inside. */
static void code_find_widest_gap(struct xlp_code *code)
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
static void code_finish(struct xlp_code *code, unsigned int nr)
{
	struct xlp_code_range *last = code->ranges, *range;
	unsigned long low;

	code->nr = 0;
	if (!nr)
		return;
	sort(code->ranges, nr, sizeof(*code->ranges), code_compare_ranges, NULL);
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
	code_find_widest_gap(code);
}

struct xlp_code *xlp_code_collect(void (*visit)(struct xlp_code_collection *all,
						const void *data),
				  const void *data)
{
	struct xlp_code_collection all = { };

	visit(&all, data);
	all.max = all.nr;
	all.code = xlp_alloc(struct_size(all.code, ranges, max(all.max, 1U)));
	if (!all.code)
		return NULL;
	all.nr = 0;
	visit(&all, data);
	code_finish(all.code, min(all.nr, all.max));
	return all.code;
}
