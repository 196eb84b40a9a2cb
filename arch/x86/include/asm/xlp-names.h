/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what x86's kernels call what xlp looks for */
#ifndef _ASM_X86_XLP_NAMES_H
#define _ASM_X86_XLP_NAMES_H

/*
 * A function may end by a jump to one of these. ftrace's trampolines end so as well: then
 * the address on top of the stack is no return address but the handler's choice, a
 * function's entry, from which no frame can be told. So does the one of arch/x86/direct.S.
 */
#define XLP_X86_RETURNS				\
	XLP_CODE("__x86_return_thunk"),		\
	XLP_CODE("retbleed_return_thunk"),	\
	XLP_CODE("srso_safe_ret"),		\
	XLP_CODE("srso_return_thunk"),		\
	XLP_CODE("srso_alias_safe_ret"),	\
	XLP_CODE("srso_alias_return_thunk"),	\
	XLP_CODE("call_depth_return_thunk"),	\
	XLP_CODE("its_return_thunk"),		\
	XLP_CODE("xlp_direct_trampoline"),

#ifdef CONFIG_X86_32
/* These call without a record, so a walk by records would pass over who is preempted there. */
#define XLP_ARCH_TRAMPOLINES			\
	XLP_X86_RETURNS				\
	XLP_CODE("preempt_schedule_thunk"),	\
	XLP_CODE("preempt_schedule_notrace_thunk"),

/* Where exceptions enter is said by the linker; where new tasks begin lies elsewhere. */
#define XLP_ARCH_ENTRY_CODE						\
	XLP_CODE_BETWEEN("__entry_text_start", "__entry_text_end"),	\
	XLP_CODE_NEEDED("ret_from_fork"),

/*
 * What entry code calls may not be traced. ret_from_fork calls a wrapper, and what threads are
 * there for. Idle tasks have begun at boot.
 */
#define XLP_ARCH_OUTERMOST						\
	XLP_CODE_BETWEEN("__noinstr_text_start", "__noinstr_text_end"),	\
	XLP_CODE("ret_from_fork"),					\
	XLP_CODE("schedule_tail_wrapper"),				\
	XLP_CODE("kthread"),						\
	XLP_CODE("kthreadd"),						\
	XLP_CODE("call_usermodehelper_exec_async"),			\
	XLP_CODE("io_wqe_worker"),	/* until 6.3 */			\
	XLP_CODE("io_wq_worker"),					\
	XLP_CODE("io_sq_thread"),					\
	XLP_CODE("i386_start_kernel"),					\
	XLP_CODE("start_secondary"),
#else
#define XLP_ARCH_TRAMPOLINES	XLP_X86_RETURNS
#endif

#endif /* _ASM_X86_XLP_NAMES_H */
