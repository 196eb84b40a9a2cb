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
#include <linux/sort.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "patch.h"
#include "resolve.h"

/* So many symbols of one name are told apart in an error message. */
#define MAX_LISTED	8

/* The symbols of one name in one object. */
struct lookup {
	struct xlp_live_func *func;
	unsigned long count;
	unsigned long addr;			/* of the symbol asked for */
	unsigned long listed[MAX_LISTED];	/* of the first ones */
};

static void found_symbol(struct lookup *lookup, unsigned long addr)
{
	if (lookup->count < MAX_LISTED)
		lookup->listed[lookup->count] = addr;
	lookup->count++;
	if (lookup->count == max(lookup->func->decl->old_sympos, 1UL))
		lookup->addr = addr;
}

static void refuse_ambiguous(const struct lookup *lookup)
{
	unsigned long i, size, offset;
	char positions[160];
	int len = 0;

	for (i = 0; i < min_t(unsigned long, lookup->count, MAX_LISTED); i++) {
		if (!unexported(kallsyms_lookup_size_offset)(lookup->listed[i], &size, &offset))
			size = 0;
		len += scnprintf(positions + len, sizeof(positions) - len,
				 "%s%lu (%lu bytes)", i ? ", " : "", i + 1, size);
	}
	xlp_func_err(lookup->func, "ambiguous, %lu symbols have this name; set old_sympos to one of the positions %s%s",
		     lookup->count, positions, lookup->count > MAX_LISTED ? ", ..." : "");
}

/* A module's init code goes after init, and ftrace's record of it too. */
static bool stays(unsigned long addr, const struct module *mod)
{
	struct xlp_range text;

	if (!mod)
		return true;
	text = xlp_module_text(mod);
	return addr >= text.start && addr < text.end;
}

static int judge(struct lookup *lookup, const struct module *mod)
{
	struct xlp_live_func *func = lookup->func;
	unsigned long pos = func->decl->old_sympos;

	if (!lookup->count) {
		xlp_func_err(func, "not found");
		return -ENOENT;
	}
	if (!pos && lookup->count > 1) {
		refuse_ambiguous(lookup);
		return -EINVAL;
	}
	if (pos > lookup->count) {
		xlp_func_err(func, "position %lu is past the end, %lu symbol%s this name",
			     pos, lookup->count, lookup->count == 1 ? " has" : "s have");
		return -EINVAL;
	}
	func->addr = lookup->addr;
	func->site = stays(lookup->addr, mod) ? xlp_arch_entry_site(lookup->addr) : 0;
	if (!func->site) {
		xlp_func_err(func, "its calls cannot be caught (notrace, init or assembly code, or not a function)");
		return -EINVAL;
	}
	if (IS_ERR_VALUE(func->site)) {
		xlp_func_err(func, "its calls are caught by a direct caller such as a BPF trampoline");
		return (int)func->site;
	}
	return 0;
}

static int found_in_vmlinux(void *data, unsigned long addr)
{
	found_symbol(data, addr);
	return 0;
}

static int resolve_in_vmlinux(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;
	int err;

	xlp_for_each_func(obj, func) {
		struct lookup lookup = { .func = func };

		unexported(kallsyms_on_each_match_symbol)(found_in_vmlinux,
							  func->decl->old_name, &lookup);
		err = judge(&lookup, NULL);
		if (err)
			return err;
	}
	return 0;
}

/* Lookups of a module's functions, sorted by name. */
struct lookups {
	struct lookup *lookup;
	unsigned int nr;
};

static const char *lookup_name(const struct lookup *lookup)
{
	return lookup->func->decl->old_name;
}

static int compare_lookups(const void *a, const void *b)
{
	return strcmp(lookup_name(a), lookup_name(b));
}

static void found_in_module(void *data, const char *name, unsigned long addr)
{
	struct lookups *all = data;
	unsigned int low = 0, high = all->nr;

	/* The first of perhaps several functions declared with this name. */
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (strcmp(lookup_name(&all->lookup[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < all->nr && !strcmp(lookup_name(&all->lookup[low]), name); low++)
		found_symbol(&all->lookup[low], addr);
}

static int resolve_in_module(struct xlp_live_object *obj, struct module *mod)
{
	struct lookups all = { .nr = obj->nr_funcs };
	unsigned int i;
	int err = 0;

	if (!all.nr)
		return 0;
	all.lookup = xlp_alloc_array(all.nr, sizeof(*all.lookup));
	if (!all.lookup)
		return -ENOMEM;
	for (i = 0; i < all.nr; i++)
		all.lookup[i].func = &obj->funcs[i];
	sort(all.lookup, all.nr, sizeof(*all.lookup), compare_lookups, NULL);
	xlp_module_symbols(mod, found_in_module, &all);
	for (i = 0; i < all.nr && !err; i++)
		err = judge(&all.lookup[i], mod);
	xlp_free(all.lookup);
	return err;
}

int xlp_resolve_object(struct xlp_live_object *obj, struct module *mod)
{
	return mod ? resolve_in_module(obj, mod) : resolve_in_vmlinux(obj);
}
