// SPDX-License-Identifier: GPL-2.0
/* symbol.c - one symbol of an object, by name and position */

#include <compat/kallsyms.h>
#include <linux/errno.h>
#include <linux/kconfig.h>
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

struct symbol_alike {
	const char *name;
	size_t len;
	char *flaw;
	bool found;
};

/* What compilers put behind a name, with a number. Assembly, files and data have others. */
static const char * const symbol_endings[] = {
	".llvm.", ".lto_priv.", ".isra.", ".constprop.", ".part.",
};

/* A cold part is none to name in its place. */
static bool symbol_is_made_of(const char *rest)
{
	unsigned int i;

	if (strstr(rest, ".cold"))
		return false;
	for (i = 0; i < ARRAY_SIZE(symbol_endings); i++)
		if (!strncmp(rest, symbol_endings[i], strlen(symbol_endings[i])))
			return true;
	return !*rest;
}

static void symbol_visit_alike(void *data, const char *name, unsigned long addr,
			       unsigned long size)
{
	static const char said[] = "not found; there is '%s'";
	struct symbol_alike *alike = data;

	/* One that does not fit is not said, as half a name is none. */
	if (alike->found || strncmp(name, alike->name, alike->len) ||
	    !symbol_is_made_of(name + alike->len) ||
	    strlen(said) + strlen(name) >= XLP_SYMBOL_FLAW_LEN)
		return;
	alike->found = true;
	scnprintf(alike->flaw, XLP_SYMBOL_FLAW_LEN, said, name);
}

/* Return: whether @flaw has it. This takes a walk over all of the object's symbols. */
static bool symbol_say_alike(const char *name, const struct module *mod, char *flaw)
{
	struct symbol_alike alike = {
		.name = name,
		.len = strcspn(name, "."),
		.flaw = flaw,
	};

	if (!alike.len)
		return false;
	if (mod)
		xlp_module_symbols(mod, symbol_visit_alike, &alike);
	else
		xlp_vmlinux_symbols(symbol_visit_alike, &alike);
	return alike.found;
}

static void symbol_say_absent(const struct xlp_symbol_search *search, const struct module *mod,
			      char *flaw)
{
	if (symbol_say_alike(search->name, mod, flaw))
		return;
	scnprintf(flaw, XLP_SYMBOL_FLAW_LEN, "not found%s",
		  search->may_be_data && !IS_ENABLED(CONFIG_KALLSYMS_ALL) ?
		  "; this kernel does not list data (CONFIG_KALLSYMS_ALL)" : "");
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

int xlp_symbol_judge(const struct xlp_symbol_search *search, const struct module *mod, char *flaw)
{
	if (!search->count) {
		symbol_say_absent(search, mod, flaw);
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
