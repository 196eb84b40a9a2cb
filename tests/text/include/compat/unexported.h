/* SPDX-License-Identifier: GPL-2.0 */
/* compat/unexported.h - the functions of the kernel, as text.c of this directory has them */
#ifndef _TEXT_COMPAT_UNEXPORTED_H
#define _TEXT_COMPAT_UNEXPORTED_H

#include <stdbool.h>

#define unexported(name) text_##name

int text_core_kernel_text(unsigned long addr);
bool text_is_module_text_address(unsigned long addr);
int text_kernel_text_address(unsigned long addr);

#endif /* _TEXT_COMPAT_UNEXPORTED_H */
