/* SPDX-License-Identifier: GPL-2.0 */
/* compat/text.h - is this code of the kernel or of a module that is there? */
#ifndef _BRANCH_COMPAT_TEXT_H
#define _BRANCH_COMPAT_TEXT_H

bool xlp_in_compiled_code(unsigned long addr);

#endif /* _BRANCH_COMPAT_TEXT_H */
