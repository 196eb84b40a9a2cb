/* SPDX-License-Identifier: GPL-2.0 */
/* compat/module.h - what <linux/module.h> lays out differently */
#ifndef _XLP_COMPAT_MODULE_H
#define _XLP_COMPAT_MODULE_H

#include <linux/module.h>

/**
 * struct xlp_range - a piece of memory
 * @start:	its first byte
 * @end:	the byte behind its last
 */
struct xlp_range {
	unsigned long start;
	unsigned long end;
};

/**
 * xlp_module_text() - where the code of a module lies
 * @mod:	the module, which must not go away meanwhile
 *
 * Return: the code that stays after init.
 */
static inline struct xlp_range xlp_module_text(const struct module *mod)
{
#ifdef XLP_HAVE_MODULE_MEMORY
	unsigned long start = (unsigned long)mod->mem[MOD_TEXT].base;

	return (struct xlp_range){ start, start + mod->mem[MOD_TEXT].size };
#else
	unsigned long start = (unsigned long)mod->core_layout.base;

	return (struct xlp_range){ start, start + mod->core_layout.text_size };
#endif
}

#endif /* _XLP_COMPAT_MODULE_H */
