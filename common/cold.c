// SPDX-License-Identifier: GPL-2.0
/*
 * cold.c - parts of functions that the compiler has moved away from them
 *
 * The compiler names a part after one of the names that the function's address has,
 * which is often not the one that a patch declares. So all symbols of an object are
 * gone through once: which are parts, and where are the names that these were named
 * after? What is kept leads from addresses to addresses.
 */
#include <compat/kallsyms.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/overflow.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include "alloc.h"
#include "cold.h"
#include "engine.h"

/* Behind the function's name. Some compilers put a number behind it. */
#define COLD_SUFFIX	".cold"

/* Room for so many parts at first. */
#define FIRST_ROOM	64

/**
 * struct cold_symbol - a function or a part of one
 * @key:	a hash of the function's name; when a part's function has been found, where
 *		that is
 * @addr:	where it is
 * @size:	in bytes; 0: kallsyms has to be asked
 *
 * Where something is: from &xlp_cold.base. 32 bits are enough within one object, and
 * halve what is kept.
 */
struct cold_symbol {
	u32 key;
	u32 addr;
	u32 size;
};

/**
 * struct cold_list - symbols that are being collected
 * @symbols:	the symbols
 * @nr:		how many
 * @room:	for how many
 */
struct cold_list {
	struct cold_symbol *symbols;
	unsigned int nr;
	unsigned int room;
};

/**
 * struct xlp_cold - the parts of all functions of one object
 * @mod:	the object's module, if it is kept for a target
 * @node:	in cold_targets
 * @base:	an address in the object
 * @nr:		how many parts
 * @parts:	the parts, by their functions' addresses, ascending; what is the part of two
 *		functions is there twice, and one whose function has no symbol is its own
 */
struct xlp_cold {
	const struct module *mod;
	struct list_head node;
	unsigned long base;
	unsigned int nr;
	struct cold_symbol parts[];
};

/**
 * struct cold_search - the search for the parts of one object
 * @base:	an address in the object
 * @functions:	symbols that are no parts, @key being a hash of their names
 * @named:	the parts, @key being one of the names before the suffix
 * @is_matched:	which of them have found their functions
 * @found:	parts by function
 * @err:	no memory
 */
struct cold_search {
	unsigned long base;
	struct cold_list functions;
	struct cold_list named;
	bool *is_matched;
	struct cold_list found;
	int err;
};

static struct xlp_cold *cold_vmlinux;

/* Of modules that are present and were patched, or were to be [E] */
static LIST_HEAD(cold_targets);

/* ---- lists of symbols ---- */

static int cold_make_room(struct cold_list *list)
{
	unsigned int room = list->room ? 2 * list->room : FIRST_ROOM;
	struct cold_symbol *symbols;

	if (list->nr < list->room)
		return 0;
	symbols = xlp_alloc_array(room, sizeof(*symbols));
	if (!symbols)
		return -ENOMEM;
	if (list->symbols)
		memcpy(symbols, list->symbols, array_size(list->nr, sizeof(*symbols)));
	xlp_free(list->symbols);
	list->symbols = symbols;
	list->room = room;
	return 0;
}

static int cold_add(struct cold_list *list, struct cold_symbol symbol)
{
	int err = cold_make_room(list);

	if (!err)
		list->symbols[list->nr++] = symbol;
	return err;
}

static int cold_compare_keys(const void *a, const void *b)
{
	const struct cold_symbol *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static void cold_sort(struct cold_list *list)
{
	if (list->nr)
		sort(list->symbols, list->nr, sizeof(*list->symbols), cold_compare_keys, NULL);
}

/* The first one of a key, or where it would be. */
static unsigned int cold_first_of(const struct cold_symbol *symbols, unsigned int nr, u32 key)
{
	unsigned int low = 0, high = nr;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (symbols[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- collecting ---- */

/* Of a function's name, or of what comes before the suffix of a part. */
static u32 cold_hash(const char *name, bool *is_part)
{
	unsigned long hash = init_name_hash(NULL);

	for (; *name; name++) {
		if (*name == '.' && !strncmp(name, COLD_SUFFIX, strlen(COLD_SUFFIX))) {
			*is_part = true;
			break;
		}
		hash = partial_name_hash(*name, hash);
	}
	return end_name_hash(hash);
}

static void cold_note_symbol(struct cold_search *search, const char *name, unsigned long addr,
			     unsigned long size)
{
	struct cold_symbol symbol = { .size = size };
	bool is_part = false;

	if (!search->functions.nr && !search->named.nr)
		search->base = addr;
	symbol.key = cold_hash(name, &is_part);
	symbol.addr = addr - search->base;
	if (!search->err)
		search->err = cold_add(is_part ? &search->named : &search->functions, symbol);
}

/* All else is data or has gone after boot, and nobody is inside of either. */
static void cold_visit_in_vmlinux(void *search, const char *name, unsigned long addr,
				  unsigned long size)
{
	if (unexported(core_kernel_text)(addr))
		cold_note_symbol(search, name, addr, size);
}

static void cold_visit_in_module(void *search, const char *name, unsigned long addr,
				 unsigned long size)
{
	cold_note_symbol(search, name, addr, size);
}

/* Two names of one hash would make tasks wait outside of too much, seldom. */
static void cold_match_function(struct cold_search *search, const struct cold_symbol *function)
{
	struct cold_list *named = &search->named;
	unsigned int i = cold_first_of(named->symbols, named->nr, function->key);

	for (; i < named->nr && named->symbols[i].key == function->key && !search->err; i++) {
		struct cold_symbol part = named->symbols[i];

		part.key = function->addr;
		search->is_matched[i] = true;
		search->err = cold_add(&search->found, part);
	}
}

static void cold_add_unmatched(struct cold_search *search)
{
	unsigned int i;

	for (i = 0; i < search->named.nr && !search->err; i++) {
		struct cold_symbol part = search->named.symbols[i];

		part.key = part.addr;
		if (!search->is_matched[i])
			search->err = cold_add(&search->found, part);
	}
}

static void cold_match(struct cold_search *search)
{
	unsigned int i;

	if (search->err || !search->named.nr)
		return;
	search->is_matched = xlp_alloc_array(search->named.nr, sizeof(*search->is_matched));
	if (!search->is_matched) {
		search->err = -ENOMEM;
		return;
	}
	cold_sort(&search->named);
	for (i = 0; i < search->functions.nr; i++)
		cold_match_function(search, &search->functions.symbols[i]);
	cold_add_unmatched(search);
	cold_sort(&search->found);
}

static struct xlp_cold *cold_keep(const struct cold_search *search)
{
	struct xlp_cold *cold;

	if (search->err)
		return NULL;
	cold = xlp_alloc(struct_size(cold, parts, search->found.nr));
	if (!cold)
		return NULL;
	cold->base = search->base;
	cold->nr = search->found.nr;
	if (cold->nr)
		memcpy(cold->parts, search->found.symbols,
		       array_size(cold->nr, sizeof(*cold->parts)));
	return cold;
}

struct xlp_cold *xlp_cold_collect(const struct module *mod)
{
	struct cold_search search = { };
	struct xlp_cold *cold;

	if (mod)
		xlp_module_symbols(mod, cold_visit_in_module, &search);
	else
		xlp_vmlinux_symbols(cold_visit_in_vmlinux, &search);
	cold_match(&search);
	cold = cold_keep(&search);
	xlp_free(search.functions.symbols);
	xlp_free(search.named.symbols);
	xlp_free(search.is_matched);
	xlp_free(search.found.symbols);
	return cold;
}

void xlp_cold_free(struct xlp_cold *cold)
{
	xlp_free(cold);
}

/* ---- objects ---- */

const struct xlp_cold *xlp_cold_of(const struct module *mod)
{
	struct xlp_cold *cold;

	if (!mod)
		return cold_vmlinux;
	xlp_engine_assert();
	list_for_each_entry(cold, &cold_targets, node)
		if (cold->mod == mod)
			return cold;
	return NULL;
}

int xlp_cold_find(const struct module *mod)
{
	struct xlp_cold *cold;

	if (xlp_cold_of(mod))
		return 0;
	cold = xlp_cold_collect(mod);
	if (!cold)
		return -ENOMEM;
	cold->mod = mod;
	list_add(&cold->node, &cold_targets);
	return 0;
}

void xlp_cold_forget(const struct module *mod)
{
	struct xlp_cold *cold, *next;

	xlp_engine_assert();
	list_for_each_entry_safe(cold, next, &cold_targets, node) {
		if (cold->mod == mod) {
			list_del(&cold->node);
			xlp_cold_free(cold);
		}
	}
}

int xlp_cold_init(void)
{
	cold_vmlinux = xlp_cold_collect(NULL);
	return cold_vmlinux ? 0 : -ENOMEM;
}

void xlp_cold_exit(void)
{
	struct xlp_cold *cold, *next;

	list_for_each_entry_safe(cold, next, &cold_targets, node)
		xlp_cold_free(cold);
	xlp_cold_free(cold_vmlinux);
}

/* ---- questions ---- */

static void cold_visit_part(const struct xlp_cold *cold, unsigned int i,
			    xlp_cold_visitor visitor, void *data)
{
	const struct cold_symbol *part = &cold->parts[i];

	visitor(data, cold->base + (s32)part->addr, part->size);
}

void xlp_cold_parts_of(const struct xlp_cold *cold, unsigned long function,
		       xlp_cold_visitor visitor, void *data)
{
	u32 key = function - cold->base;
	unsigned int i;

	for (i = cold_first_of(cold->parts, cold->nr, key); i < cold->nr; i++) {
		if (cold->parts[i].key != key)
			break;
		cold_visit_part(cold, i, visitor, data);
	}
}

void xlp_cold_parts(const struct xlp_cold *cold, xlp_cold_visitor visitor, void *data)
{
	unsigned int i;

	for (i = 0; i < cold->nr; i++)
		cold_visit_part(cold, i, visitor, data);
}
