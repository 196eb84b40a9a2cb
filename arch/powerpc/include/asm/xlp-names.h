/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what powerpc's kernels call what xlp looks for */
#ifndef _ASM_POWERPC_XLP_NAMES_H
#define _ASM_POWERPC_XLP_NAMES_H

/* A part of ftrace's call, in kernels with live patching of their own. */
#define XLP_ARCH_TRAMPOLINES	XLP_CODE("livepatch_handler"),

#endif /* _ASM_POWERPC_XLP_NAMES_H */
