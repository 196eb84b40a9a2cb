/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what loongarch's kernels call what xlp looks for */
#ifndef _ASM_LOONGARCH_XLP_NAMES_H
#define _ASM_LOONGARCH_XLP_NAMES_H

/* What exceptions enter by is copied elsewhere first, but for these. */
#define XLP_ARCH_ENTRY_CODE				\
	XLP_CODE_NEEDED("handle_syscall"),		\
	XLP_CODE_NEEDED("ret_from_fork_asm"),		\
	XLP_CODE_NEEDED("ret_from_kernel_thread_asm"),	\
	XLP_CODE("tlb_do_page_fault_0"),		\
	XLP_CODE("tlb_do_page_fault_1"),

/* What is called by that, by the copies, and where other CPUs start. */
#define XLP_ARCH_OUTERMOST				\
	XLP_CODE_NEEDED("do_syscall"),			\
	XLP_CODE_NEEDED("ret_from_fork"),		\
	XLP_CODE_NEEDED("ret_from_kernel_thread"),	\
	XLP_CODE("start_secondary"),			\
	XLP_CODE("do_page_fault"),			\
	XLP_CODE("do_vint"),				\
	XLP_CODE("do_ade"),				\
	XLP_CODE("do_ale"),				\
	XLP_CODE("do_bce"),				\
	XLP_CODE("do_bp"),				\
	XLP_CODE("do_fpe"),				\
	XLP_CODE("do_fpu"),				\
	XLP_CODE("do_lsx"),				\
	XLP_CODE("do_lasx"),				\
	XLP_CODE("do_lbt"),				\
	XLP_CODE("do_ri"),				\
	XLP_CODE("do_watch"),

#endif /* _ASM_LOONGARCH_XLP_NAMES_H */
