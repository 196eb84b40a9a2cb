/* SPDX-License-Identifier: GPL-2.0 */
/* compat/text.h - is the trampoline known to those who walk stacks? */
#ifndef _DIRECT_COMPAT_TEXT_H
#define _DIRECT_COMPAT_TEXT_H

bool xlp_in_trampoline(unsigned long addr);

#endif /* _DIRECT_COMPAT_TEXT_H */
