/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TEXT_LINUX_KALLSYMS_H
#define _TEXT_LINUX_KALLSYMS_H

#define KSYM_SYMBOL_LEN	512

int sprint_symbol_no_offset(char *buffer, unsigned long addr);

#endif /* _TEXT_LINUX_KALLSYMS_H */
