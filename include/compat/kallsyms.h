/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - walking the symbols of vmlinux or of one module */
#ifndef _XLP_COMPAT_KALLSYMS_H
#define _XLP_COMPAT_KALLSYMS_H

#include <compat/unexported.h>
#include <linux/compiler.h>
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

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
 * xlp_symbol_size() - how far it is from a symbol of vmlinux or of any module to the next
 * @addr:	of the symbol
 *
 * That of a module is looked for from one end of its table to the other.
 *
 * Context: process context.
 *
 * Return: bytes, or 0 if no symbol is there.
 */
static inline unsigned long xlp_symbol_size(unsigned long addr)
{
	unsigned long size, offset;

	if (!unexported(kallsyms_lookup_size_offset)(addr, &size, &offset) || offset)
		return 0;
	return size;
}

#endif /* _XLP_COMPAT_KALLSYMS_H */
