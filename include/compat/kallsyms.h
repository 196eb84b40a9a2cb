/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - walking the symbols of vmlinux or of one module */
#ifndef _XLP_COMPAT_KALLSYMS_H
#define _XLP_COMPAT_KALLSYMS_H

#include <compat/unexported.h>

typedef void (*xlp_symbol_visitor)(void *data, const char *name, unsigned long addr);

struct xlp_symbol_walk {
	const struct module *mod;
	xlp_symbol_visitor visit;
	void *data;
};

typedef int (*xlp_vmlinux_symbol_visitor)(void *data, const char *name, unsigned long addr);

struct xlp_vmlinux_walk {
	xlp_vmlinux_symbol_visitor visit;
	void *data;
};

#ifdef XLP_HAVE_KALLSYMS_OF_MODULE
static inline int xlp_walk_symbol(void *data, const char *name, unsigned long addr)
{
	struct xlp_symbol_walk *walk = data;

	walk->visit(walk->data, name, addr);
	return 0;
}
#else
static inline int xlp_walk_symbol(void *data, const char *name,
				  struct module *mod, unsigned long addr)
{
	struct xlp_symbol_walk *walk = data;

	if (mod == walk->mod)
		walk->visit(walk->data, name, addr);
	return 0;
}
#endif

/**
 * xlp_module_symbols() - visit every symbol of a module, in its table's order
 * @mod:	the module, in any state past formation
 * @visit:	called for each symbol; may not sleep
 * @data:	passed on
 */
static inline void xlp_module_symbols(const struct module *mod,
				      xlp_symbol_visitor visit, void *data)
{
	struct xlp_symbol_walk walk = { mod, visit, data };

#ifdef XLP_HAVE_KALLSYMS_OF_MODULE
	unexported(module_kallsyms_on_each_symbol)(mod->name, xlp_walk_symbol, &walk);
#else
	unexported(module_kallsyms_on_each_symbol)(xlp_walk_symbol, &walk);
#endif
}

#ifdef XLP_HAVE_KALLSYMS_WITHOUT_MODULE
static inline int xlp_walk_vmlinux_symbol(void *data, const char *name, unsigned long addr)
#else
static inline int xlp_walk_vmlinux_symbol(void *data, const char *name,
					  struct module *mod, unsigned long addr)
#endif
{
	struct xlp_vmlinux_walk *walk = data;

	return walk->visit(walk->data, name, addr);
}

/**
 * xlp_vmlinux_symbols() - visit every symbol of vmlinux
 * @visit:	called for each symbol, until it returns something else than 0; may sleep
 * @data:	passed on
 *
 * There are a hundred thousand and more.
 *
 * Context: process context.
 */
static inline void xlp_vmlinux_symbols(xlp_vmlinux_symbol_visitor visit, void *data)
{
	struct xlp_vmlinux_walk walk = { visit, data };

	unexported(kallsyms_on_each_symbol)(xlp_walk_vmlinux_symbol, &walk);
}

#endif /* _XLP_COMPAT_KALLSYMS_H */
