/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - the one place where symbols of vmlinux and of modules are asked for */
#ifndef _XLP_COMPAT_KALLSYMS_H
#define _XLP_COMPAT_KALLSYMS_H

#include <compat/module.h>
#include <compat/unexported.h>
#include <linux/compiler.h>
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

/* @size: in bytes; 0 if the table does not say. */
typedef void (*xlp_symbol_visitor)(void *data, const char *name, unsigned long addr,
				   unsigned long size);

struct xlp_vmlinux_walk {
	xlp_symbol_visitor visit;
	void *data;
};

/*
 * A module's symbols as of now. With those of its init, while it comes: that table goes
 * when the module has been announced as live. The other one is as old as the module.
 */
static inline const struct mod_kallsyms *xlp_symbol_table(const struct module *mod)
{
	if (READ_ONCE(mod->state) == MODULE_STATE_COMING)
		return rcu_dereference_protected(mod->kallsyms, true);
	return &mod->core_kallsyms;
}

/**
 * xlp_module_symbols() - visit every symbol of a module, in its table's order
 * @mod:	the module, in any state past formation
 * @visit:	called for each symbol; may sleep
 * @data:	passed on
 *
 * The kernel's own walk passes all other modules on the way, and does not tell sizes.
 *
 * Context: process context. The module does not go away, and if its init runs, that does
 * not come to an end: because the caller is called by it, or by xlp_mutex, which a module
 * that is announced as live waits for.
 */
static inline void xlp_module_symbols(const struct module *mod,
				      xlp_symbol_visitor visit, void *data)
{
	const struct mod_kallsyms *table = xlp_symbol_table(mod);
	unsigned int i;

	for (i = 1; i < table->num_symtab; i++)
		if (table->symtab[i].st_shndx != SHN_UNDEF)
			visit(data, table->strtab + table->symtab[i].st_name,
			      kallsyms_symbol_value(&table->symtab[i]),
			      table->symtab[i].st_size);
}

#ifdef XLP_HAVE_KALLSYMS_WITHOUT_MODULE
static inline int xlp_walk_vmlinux_symbol(void *data, const char *name, unsigned long addr)
#else
static inline int xlp_walk_vmlinux_symbol(void *data, const char *name,
					  struct module *mod, unsigned long addr)
#endif
{
	struct xlp_vmlinux_walk *walk = data;

	walk->visit(walk->data, name, addr, 0);
	return 0;
}

/**
 * xlp_vmlinux_symbols() - visit every symbol of vmlinux
 * @visit:	called for each symbol; may sleep
 * @data:	passed on
 *
 * There are a hundred thousand and more.
 *
 * Context: process context.
 */
static inline void xlp_vmlinux_symbols(xlp_symbol_visitor visit, void *data)
{
	struct xlp_vmlinux_walk walk = { visit, data };

	unexported(kallsyms_on_each_symbol)(xlp_walk_vmlinux_symbol, &walk);
}

/**
 * xlp_matching_symbols() - visit every symbol of vmlinux that has a name
 * @name:	the name
 * @visit:	called for each; ends the search by an answer other than 0
 * @data:	passed on
 *
 * Context: process context.
 */
static inline void xlp_matching_symbols(const char *name,
					int (*visit)(void *data, unsigned long addr), void *data)
{
	unexported(kallsyms_on_each_match_symbol)(visit, name, data);
}

/**
 * xlp_symbol_address() - the first symbol of vmlinux that has a name, or else of a module
 * @name:	the name
 *
 * Without KALLSYMS_ALL only those of code are listed.
 *
 * Return: its address, or 0 if there is none.
 */
static inline unsigned long xlp_symbol_address(const char *name)
{
	return unexported(kallsyms_lookup_name)(name);
}

/**
 * xlp_symbol_around() - from the symbol before an address to the next
 * @addr:	an address in vmlinux or in any module
 *
 * Symbols of a module are looked for from one end of its table to the other.
 *
 * Context: any, interrupts in any state.
 *
 * Return: where that is; empty if no symbol is there.
 */
static inline struct xlp_range xlp_symbol_around(unsigned long addr)
{
	unsigned long size, offset;

	if (!addr || !unexported(kallsyms_lookup_size_offset)(addr, &size, &offset))
		return (struct xlp_range){ };
	return (struct xlp_range){ addr - offset, addr - offset + size };
}

/**
 * xlp_symbol_begins_with() - how does the name of the symbol before an address begin?
 * @addr:	an address in vmlinux or in any module
 * @beginning:	the beginning of a name
 *
 * Context: any.
 *
 * Return: true if it begins like that; false if not, or if no symbol is there.
 */
static inline bool xlp_symbol_begins_with(unsigned long addr, const char *beginning)
{
	char name[KSYM_SYMBOL_LEN];

	sprint_symbol_no_offset(name, addr);
	return !strncmp(name, beginning, strlen(beginning));
}

/**
 * xlp_symbol_size() - how far it is from a symbol of vmlinux or of any module to the next
 * @addr:	of the symbol
 *
 * Context: process context.
 *
 * Return: bytes, or 0 if no symbol is there.
 */
static inline unsigned long xlp_symbol_size(unsigned long addr)
{
	struct xlp_range around = xlp_symbol_around(addr);

	return around.start == addr ? around.end - addr : 0;
}

#endif /* _XLP_COMPAT_KALLSYMS_H */
