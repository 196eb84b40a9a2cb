/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what arm64's kernels call what xlp looks for */
#ifndef _ASM_ARM64_XLP_NAMES_H
#define _ASM_ARM64_XLP_NAMES_H

/* What ftrace calls directly: see arch/arm64/direct.S. */
#define XLP_ARCH_TRAMPOLINES	XLP_CODE("xlp_direct_trampoline"),

/* Where exceptions enter is said by the linker; where new tasks begin lies elsewhere. */
#define XLP_ARCH_ENTRY_CODE						\
	XLP_CODE_BETWEEN("__entry_text_start", "__entry_text_end"),	\
	XLP_CODE_NEEDED("ret_from_fork"),

/* Entry code, which has a record of its own, and where idle tasks have begun at boot. */
#define XLP_ARCH_OUTERMOST						\
	XLP_ARCH_ENTRY_CODE						\
	XLP_CODE("__primary_switched"),					\
	XLP_CODE("__secondary_switched"),

#endif /* _ASM_ARM64_XLP_NAMES_H */
