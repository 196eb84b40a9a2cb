/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what x86's kernels call what xlp looks for */
#ifndef _ASM_X86_XLP_NAMES_H
#define _ASM_X86_XLP_NAMES_H

/*
 * A function may end by a jump to one of these. ftrace's trampolines end so as well: then
 * the address on top of the stack is no return address but the handler's choice, a
 * function's entry, from which no frame can be told.
 */
#define XLP_ARCH_TRAMPOLINES			\
	XLP_CODE("__x86_return_thunk"),		\
	XLP_CODE("retbleed_return_thunk"),	\
	XLP_CODE("srso_safe_ret"),		\
	XLP_CODE("srso_return_thunk"),		\
	XLP_CODE("srso_alias_safe_ret"),	\
	XLP_CODE("srso_alias_return_thunk"),	\
	XLP_CODE("call_depth_return_thunk"),	\
	XLP_CODE("its_return_thunk"),

#endif /* _ASM_X86_XLP_NAMES_H */
