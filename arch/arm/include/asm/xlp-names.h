/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what arm's kernels call what xlp looks for */
#ifndef _ASM_ARM_XLP_NAMES_H
#define _ASM_ARM_XLP_NAMES_H

/* New tasks begin there, too. */
#define XLP_ARCH_ENTRY_CODE	XLP_CODE_BETWEEN("__entry_text_start", "__entry_text_end"),

#endif /* _ASM_ARM_XLP_NAMES_H */
