/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - the kernel's symbols, as code.c of this directory has them */
#ifndef _CODE_COMPAT_KALLSYMS_H
#define _CODE_COMPAT_KALLSYMS_H

#include <compat/module.h>

#define unexported(name)	code_##name

struct xlp_range xlp_symbol_around(unsigned long addr);
int code_core_kernel_text(unsigned long addr);

typedef void (*xlp_symbol_visitor)(void *data, const char *name, unsigned long addr,
				   unsigned long size);

void xlp_vmlinux_symbols(xlp_symbol_visitor visit, void *data);
void xlp_module_symbols(const struct module *mod, xlp_symbol_visitor visit, void *data);

#endif /* _CODE_COMPAT_KALLSYMS_H */
