/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - the kernel's symbols, as text.c of this directory has them */
#ifndef _TEXT_COMPAT_KALLSYMS_H
#define _TEXT_COMPAT_KALLSYMS_H

#include <compat/module.h>

unsigned long xlp_symbol_address(const char *name);
struct xlp_range xlp_symbol_around(unsigned long addr);

#endif /* _TEXT_COMPAT_KALLSYMS_H */
