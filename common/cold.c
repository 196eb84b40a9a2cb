// SPDX-License-Identifier: GPL-2.0
/* cold.c - parts of functions that the compiler has moved away from them */

#include <compat/kallsyms.h>
#include <linux/bsearch.h>
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "alloc.h"
#include "cold.h"
#include "engine.h"
#include "patch.h"

/* Room for so many parts at first. */
#define FIRST_ROOM	8

/**
 * struct cold_search - the search for the parts of one object
 * @obj:	the object
 * @funcs:	addresses of its functions, ascending
 * @room:	how many parts @obj->cold has room for
 * @names:	of a module's symbols at these addresses, ascending, aliases among them
 * @nr_names:	how many there are
 * @max_names:	how many were counted
 * @err:	no memory
 */
struct cold_search {
	struct xlp_live_object *obj;
	unsigned long *funcs;
	unsigned int room;
	const char **names;
	unsigned int nr_names;
	unsigned int max_names;
	int err;
};

/* ---- what both searches do ---- */

static int compare_addresses(const void *a, const void *b)
{
	const unsigned long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int list_functions(struct cold_search *search)
{
	struct xlp_live_object *obj = search->obj;
	unsigned int i;

	search->funcs = xlp_alloc_array(obj->nr_funcs, sizeof(*search->funcs));
	if (!search->funcs)
		return -ENOMEM;
	for (i = 0; i < obj->nr_funcs; i++)
		search->funcs[i] = obj->funcs[i].addr;
	sort(search->funcs, obj->nr_funcs, sizeof(*search->funcs), compare_addresses, NULL);
	return 0;
}

static bool is_function(const struct cold_search *search, unsigned long addr)
{
	return bsearch(&addr, search->funcs, search->obj->nr_funcs, sizeof(*search->funcs),
		       compare_addresses);
}

static void note_part(struct cold_search *search, unsigned long addr)
{
	search->obj->cold[search->obj->nr_cold++] = addr;
}

/* ---- vmlinux ---- */

static int make_room(struct cold_search *search)
{
	struct xlp_live_object *obj = search->obj;
	unsigned int room = search->room ? 2 * search->room : FIRST_ROOM;
	unsigned long *cold;

	if (obj->nr_cold < search->room)
		return 0;
	cold = xlp_alloc_array(room, sizeof(*cold));
	if (!cold)
		return -ENOMEM;
	if (obj->cold)
		memcpy(cold, obj->cold, array_size(obj->nr_cold, sizeof(*cold)));
	xlp_free(obj->cold);
	obj->cold = cold;
	search->room = room;
	return 0;
}

static int found_part(void *data, unsigned long addr)
{
	struct cold_search *search = data;

	search->err = make_room(search);
	if (!search->err)
		note_part(search, addr);
	return search->err;
}

/* Its parts, whichever of the function's names this is. */
static int found_in_vmlinux(void *data, const char *name, unsigned long addr)
{
	struct cold_search *search = data;
	char part[KSYM_NAME_LEN];

	if (is_function(search, addr) &&
	    snprintf(part, sizeof(part), "%s" XLP_COLD_SUFFIX, name) < sizeof(part))
		unexported(kallsyms_on_each_match_symbol)(found_part, part, search);
	return search->err;
}

static int find_in_vmlinux(struct cold_search *search)
{
	xlp_vmlinux_symbols(found_in_vmlinux, search);
	return search->err;
}

/* ---- modules, whose symbols' names stay where they are ---- */

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Nothing can be allocated on the way, so first it is counted. */
static void count_symbol(void *data, const char *name, unsigned long addr)
{
	struct cold_search *search = data;

	search->room += !!strstr(name, XLP_COLD_SUFFIX);
	search->max_names += is_function(search, addr);
}

static void note_name(void *data, const char *name, unsigned long addr)
{
	struct cold_search *search = data;

	if (is_function(search, addr) && search->nr_names < search->max_names)
		search->names[search->nr_names++] = name;
}

/* A function's name, and a part's up to the suffix, behind which some compilers put a number. */
static int compare_part(const void *part, const void *name)
{
	const char *const *function = name;
	size_t length = strstr(part, XLP_COLD_SUFFIX) - (const char *)part;

	return strncmp(part, *function, length) ?: -(*function)[length];
}

static void found_in_module(void *data, const char *name, unsigned long addr)
{
	struct cold_search *search = data;

	if (strstr(name, XLP_COLD_SUFFIX) && search->obj->nr_cold < search->room &&
	    bsearch(name, search->names, search->nr_names, sizeof(*search->names), compare_part))
		note_part(search, addr);
}

static int find_in_module(struct cold_search *search, const struct module *mod)
{
	struct xlp_live_object *obj = search->obj;

	xlp_module_symbols(mod, count_symbol, search);
	if (!search->room)
		return 0;
	search->names = xlp_alloc_array(search->max_names, sizeof(*search->names));
	obj->cold = xlp_alloc_array(search->room, sizeof(*obj->cold));
	if (!search->names || !obj->cold)
		return -ENOMEM;
	xlp_module_symbols(mod, note_name, search);
	sort(search->names, search->nr_names, sizeof(*search->names), compare_names, NULL);
	xlp_module_symbols(mod, found_in_module, search);
	return 0;
}

/* ---- for others ---- */

void xlp_cold_forget(struct xlp_live_object *obj)
{
	xlp_free(obj->cold);
	obj->cold = NULL;
	obj->nr_cold = 0;
	obj->cold_found = false;
}

int xlp_cold_find(struct xlp_live_object *obj, const struct module *mod)
{
	struct cold_search search = { .obj = obj };
	int err;

	xlp_engine_assert();
	if (obj->cold_found && !mod)
		return 0;
	xlp_cold_forget(obj);
	if (!obj->nr_funcs)
		return 0;
	err = list_functions(&search);
	if (!err)
		err = mod ? find_in_module(&search, mod) : find_in_vmlinux(&search);
	xlp_free(search.funcs);
	xlp_free(search.names);
	obj->cold_found = !err;
	return err;
}
