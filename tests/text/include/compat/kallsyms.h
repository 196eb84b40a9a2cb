/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - the kernel's symbols, as text.c of this directory has them */
#ifndef _TEXT_COMPAT_KALLSYMS_H
#define _TEXT_COMPAT_KALLSYMS_H

#include <compat/module.h>

unsigned long xlp_symbol_address(const char *name);
struct xlp_range xlp_symbol_around(unsigned long addr);
bool xlp_symbol_begins_with(unsigned long addr, const char *beginning);

#endif /* _TEXT_COMPAT_KALLSYMS_H */
