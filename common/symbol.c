// SPDX-License-Identifier: GPL-2.0
/* symbol.c - one symbol of an object, by name and position */

#include <compat/kallsyms.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "symbol.h"

void xlp_symbol_found(struct xlp_symbol_search *search, unsigned long addr, unsigned long size)
{
	if (search->count < XLP_SYMBOLS_LISTED)
		search->listed[search->count] = addr;
	search->count++;
	if (search->count == max(search->sympos, 1UL)) {
		search->addr = addr;
		search->size = size;
	}
}

static int symbol_visit_vmlinux(void *search, unsigned long addr)
{
	xlp_symbol_found(search, addr, 0);
	return 0;
}

static void symbol_visit_module(void *data, const char *name, unsigned long addr,
				unsigned long size)
{
	struct xlp_symbol_search *search = data;

	if (!strcmp(search->name, name))
		xlp_symbol_found(search, addr, size);
}

void xlp_symbol_search(struct xlp_symbol_search *search, const struct module *mod)
{
	if (mod)
		xlp_module_symbols(mod, symbol_visit_module, search);
	else
		xlp_matching_symbols(search->name, symbol_visit_vmlinux, search);
}

static void symbol_say_ambiguous(const struct xlp_symbol_search *search, char *flaw)
{
	unsigned long i;
	int len;

	len = scnprintf(flaw, XLP_SYMBOL_FLAW_LEN,
			"ambiguous, %lu symbols have this name; set its position: ",
			search->count);
	for (i = 0; i < min_t(unsigned long, search->count, XLP_SYMBOLS_LISTED); i++)
		len += scnprintf(flaw + len, XLP_SYMBOL_FLAW_LEN - len, "%s%lu (%lu bytes)",
				 i ? ", " : "", i + 1, xlp_symbol_size(search->listed[i]));
	if (search->count > XLP_SYMBOLS_LISTED)
		scnprintf(flaw + len, XLP_SYMBOL_FLAW_LEN - len, ", ...");
}

int xlp_symbol_judge(const struct xlp_symbol_search *search, char *flaw)
{
	if (!search->count) {
		strscpy(flaw, "not found", XLP_SYMBOL_FLAW_LEN);
		return -EINVAL;
	}
	if (!search->sympos && search->count > 1) {
		symbol_say_ambiguous(search, flaw);
		return -EINVAL;
	}
	if (search->sympos > search->count) {
		scnprintf(flaw, XLP_SYMBOL_FLAW_LEN,
			  "position %lu is past the end, %lu symbol%s this name",
			  search->sympos, search->count, search->count == 1 ? " has" : "s have");
		return -EINVAL;
	}
	return 0;
}

const char *xlp_object_name_flaw(const char *name)
{
	if (!name)
		return NULL;
	if (!*name)
		return "empty name";
	if (strlen(name) >= MODULE_NAME_LEN)
		return "name longer than a module's can be";
	if (strchr(name, '/'))
		return "no module's name has a slash";
	if (strchr(name, '-'))
		return "no module's name has a dash: it is '_' where the file has one";
	if (!strcmp(name, "vmlinux"))
		return "vmlinux is meant by leaving the name out";
	return NULL;
}
