/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what riscv's kernels call what xlp looks for */
#ifndef _ASM_RISCV_XLP_NAMES_H
#define _ASM_RISCV_XLP_NAMES_H

/* What ftrace calls directly: see arch/riscv/direct.S. */
#define XLP_ARCH_TRAMPOLINES	XLP_CODE("xlp_direct_trampoline"),

/* Exceptions, interrupts and system calls all come the same way. */
#define XLP_ARCH_ENTRY_CODE						\
	XLP_CODE_BETWEEN("handle_exception", "ret_from_exception_end"),	\
	XLP_CODE("ret_from_fork"),	/* until 6.14 */		\
	XLP_CODE("ret_from_fork_user_asm"),				\
	XLP_CODE("ret_from_fork_kernel_asm"),

/*
 * What entry code calls may not be traced, but for the first steps of a new task. Idle tasks
 * have begun at boot, in start_kernel() or, on CPUs that came later, in smp_callin().
 */
#define XLP_ARCH_OUTERMOST						\
	XLP_CODE_BETWEEN("__noinstr_text_start", "__noinstr_text_end"),	\
	XLP_CODE("ret_from_fork"),					\
	XLP_CODE("ret_from_fork_user_asm"),				\
	XLP_CODE("ret_from_fork_user"),					\
	XLP_CODE("ret_from_fork_kernel_asm"),				\
	XLP_CODE("ret_from_fork_kernel"),				\
	XLP_CODE("schedule_tail"),					\
	XLP_CODE("start_kernel"),					\
	XLP_CODE("smp_callin"),

#endif /* _ASM_RISCV_XLP_NAMES_H */
