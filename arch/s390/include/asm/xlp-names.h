/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what xlp looks for on s390 besides, by name */
#ifndef _ASM_S390_XLP_NAMES_H
#define _ASM_S390_XLP_NAMES_H

/* What ftrace calls directly: see arch/s390/direct.S. */
#define XLP_ARCH_TRAMPOLINES	XLP_CODE("xlp_direct_trampoline"),

#endif /* _ASM_S390_XLP_NAMES_H */
