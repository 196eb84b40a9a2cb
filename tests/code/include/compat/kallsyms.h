/* SPDX-License-Identifier: GPL-2.0 */
/* compat/kallsyms.h - the kernel's symbols, as code.c of this directory has them */
#ifndef _CODE_COMPAT_KALLSYMS_H
#define _CODE_COMPAT_KALLSYMS_H

#define unexported(name)	code_##name

int code_kallsyms_lookup_size_offset(unsigned long addr, unsigned long *size,
				     unsigned long *offset);
int code_kallsyms_on_each_match_symbol(int (*visit)(void *data, unsigned long addr),
				       const char *name, void *data);
void xlp_vmlinux_symbols(int (*visit)(void *data, const char *name, unsigned long addr),
			 void *data);
void xlp_module_symbols(const struct module *mod,
			void (*visit)(void *data, const char *name, unsigned long addr),
			void *data);

#endif /* _CODE_COMPAT_KALLSYMS_H */
