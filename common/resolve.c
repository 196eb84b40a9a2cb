// SPDX-License-Identifier: GPL-2.0
/*
 * resolve.c - from (object, name, position) to where calls are caught
 *
 * vmlinux is searched by binary search for each name. A module's symbols can
 * only be walked, so that is done once for all functions of the object.
 */
#include "log.h"

#include <compat/kallsyms.h>
#include <compat/module.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "cold.h"
#include "engine.h"
#include "present.h"
#include "patch.h"
#include "resolve.h"
#include "symbol.h"

/* A function, and the search for it. */
struct resolve_lookup {
	struct xlp_live_func *func;
	struct xlp_symbol_search symbol;
};

static struct resolve_lookup resolve_lookup_of(struct xlp_live_func *func)
{
	return (struct resolve_lookup){
		.func = func,
		.symbol.name = func->decl->old_name,
		.symbol.sympos = func->decl->old_sympos,
	};
}

/* A module's init code goes after init, and ftrace's record of it too. */
static bool resolve_stays(unsigned long addr, const struct module *mod)
{
	struct xlp_range text;

	if (!mod)
		return true;
	text = xlp_module_text(mod);
	return xlp_in_range(&text, addr);
}

static int resolve_judge(const struct resolve_lookup *lookup, const struct module *mod)
{
	struct xlp_live_func *func = lookup->func;
	char flaw[XLP_SYMBOL_FLAW_LEN];
	int err;

	err = xlp_symbol_judge(&lookup->symbol, mod, flaw);
	if (err) {
		xlp_func_err(func, "%s", flaw);
		return err;
	}
	func->addr = lookup->symbol.addr;
	func->size = lookup->symbol.size ?: xlp_symbol_size(func->addr);
	func->site = resolve_stays(func->addr, mod) ?
		     xlp_arch_entry_site(func->addr, func->size) : 0;
	if (!func->site) {
		xlp_func_err(func, "its calls cannot be caught (notrace, init or assembly code, or not a function)");
		return -EINVAL;
	}
	return 0;
}

static int resolve_in_vmlinux(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;
	int err;

	xlp_for_each_func(obj, func) {
		struct resolve_lookup lookup = resolve_lookup_of(func);

		xlp_symbol_search(&lookup.symbol, NULL);
		err = resolve_judge(&lookup, NULL);
		if (err)
			return err;
	}
	return 0;
}

/* Lookups of a module's functions, sorted by name. */
struct resolve_lookups {
	struct resolve_lookup *lookup;
	unsigned int nr;
};

static int resolve_compare_lookups(const void *a, const void *b)
{
	const struct resolve_lookup *first = a, *second = b;

	return strcmp(first->symbol.name, second->symbol.name);
}

static void resolve_visit_module(void *data, const char *name, unsigned long addr,
				 unsigned long size)
{
	struct resolve_lookups *all = data;
	unsigned int low = 0, high = all->nr;

	/* The first of perhaps several functions declared with this name. */
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (strcmp(all->lookup[middle].symbol.name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < all->nr && !strcmp(all->lookup[low].symbol.name, name); low++)
		xlp_symbol_found(&all->lookup[low].symbol, addr, size);
}

static int resolve_in_module(struct xlp_live_object *obj, struct module *mod)
{
	struct resolve_lookups all = { .nr = obj->nr_funcs };
	unsigned int i;
	int err = 0;

	if (!all.nr)
		return 0;
	all.lookup = xlp_alloc_array(all.nr, sizeof(*all.lookup));
	if (!all.lookup)
		return -ENOMEM;
	for (i = 0; i < all.nr; i++)
		all.lookup[i] = resolve_lookup_of(&obj->funcs[i]);
	sort(all.lookup, all.nr, sizeof(*all.lookup), resolve_compare_lookups, NULL);
	xlp_module_symbols(mod, resolve_visit_module, &all);
	for (i = 0; i < all.nr && !err; i++)
		err = resolve_judge(&all.lookup[i], mod);
	xlp_free(all.lookup);
	return err;
}

/* ---- a patch's own functions ---- */

/* Live functions of a patch, by the addresses of the new ones. */
struct resolve_new_funcs {
	struct xlp_live_func **func;
	unsigned int nr;
};

static unsigned long resolve_new_address(const struct xlp_live_func *func)
{
	return (unsigned long)func->decl->new_func;
}

static int resolve_compare_new(const void *a, const void *b)
{
	unsigned long x = resolve_new_address(*(struct xlp_live_func *const *)a);
	unsigned long y = resolve_new_address(*(struct xlp_live_func *const *)b);

	return x < y ? -1 : x > y;
}

/* One new function may take the place of several. */
static void resolve_visit_new(void *data, const char *name, unsigned long addr, unsigned long size)
{
	struct resolve_new_funcs *all = data;
	unsigned int low = 0, high = all->nr;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (resolve_new_address(all->func[middle]) < addr)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < all->nr && resolve_new_address(all->func[low]) == addr; low++)
		all->func[low]->new_size = max(all->func[low]->new_size, size);
}

static void resolve_list_new(struct xlp_live_patch *patch, struct resolve_new_funcs *all)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, func)
			all->func[all->nr++] = func;
	sort(all->func, all->nr, sizeof(*all->func), resolve_compare_new, NULL);
}

static int resolve_new(struct xlp_live_patch *patch)
{
	struct resolve_new_funcs all = { };
	struct xlp_live_object *obj;
	unsigned int nr = 0;

	xlp_for_each_object(patch, obj)
		nr += obj->nr_funcs;
	if (!nr)
		return 0;
	all.func = xlp_alloc_array(nr, sizeof(*all.func));
	if (!all.func)
		return -ENOMEM;
	resolve_list_new(patch, &all);
	xlp_module_symbols(patch->decl->mod, resolve_visit_new, &all);
	xlp_free(all.func);
	return 0;
}

int xlp_resolve_patch(struct xlp_live_patch *patch)
{
	patch->cold = xlp_cold_collect(patch->decl->mod);
	return patch->cold ? resolve_new(patch) : -ENOMEM;
}

/* ---- an object ---- */

int xlp_resolve_object(struct xlp_live_object *obj, struct module *coming,
		       struct list_head *funcs)
{
	struct module *mod = coming;
	struct xlp_live_func *func;
	int err;

	xlp_engine_assert();
	if (!mod && obj->decl->name) {
		mod = xlp_present_find(obj->decl->name);
		if (IS_ERR_OR_NULL(mod))
			return PTR_ERR_OR_ZERO(mod);
	}
	err = mod ? resolve_in_module(obj, mod) : resolve_in_vmlinux(obj);
	if (!err)
		err = xlp_cold_find(mod);
	if (err)
		return err;
	xlp_object_step(obj, XLP_OBJECT_FOUND);
	obj->decl->mod = mod;
	xlp_for_each_func(obj, func)
		list_add_tail(&func->node, funcs);
	return 0;
}
