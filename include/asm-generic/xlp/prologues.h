/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm-generic/xlp/prologues.h - stacks whose frames only the code tells about
 *
 * For an architecture whose kernels have no frame records and no walker to be trusted. It
 * includes this in its asm/xlp.h, lists common/layout.o and common/prologues.o in its Kbuild
 * and its entry code and what that calls in asm/xlp-names.h, has asm/xlp-steps.h (see
 * steps.h) and defines
 *
 *	xlp_arch_saved_registers(task)		of a task that does not run
 *	xlp_arch_own_registers()		of the function that this is a part of, whose
 *						frame stays while it walks; __always_inline
 *	xlp_arch_graph_retp_below(sp)		which place the graph tracer takes a return
 *						address to be from, if its function was called
 *						with this stack pointer
 *
 * which run in any context, with interrupts in any state, and may not sleep, lock or print.
 * What is promised by that:
 *
 * - Stacks grow downwards, and entry code calls with the stack pointer at task_pt_regs().
 * - A task that does not run has been switched out in a call, for which its functions have
 *   their frames. What an exception has interrupted may have none yet: the code that
 *   catches it has no frame of this kind, or is listed, and walks fail there.
 * - A task's return probes are in the order of its frames.
 */
#ifndef _ASM_GENERIC_XLP_PROLOGUES_H
#define _ASM_GENERIC_XLP_PROLOGUES_H

#include <linux/types.h>

struct task_struct;

/**
 * struct xlp_registers - where a function goes on
 * @pc:		the address
 * @sp:		the stack pointer there
 * @fp:		and the frame pointer, which may be any value
 */
struct xlp_registers {
	unsigned long pc;
	unsigned long sp;
	unsigned long fp;
};

/* common/prologues.c */
int xlp_walk_prologues(struct task_struct *task,
		       bool (*visit)(void *data, unsigned long addr), void *data);
#define xlp_arch_walk_stack xlp_walk_prologues

/* Return: true if this kernel has told where all the code is that walks depend on. */
bool xlp_prologues_walkable(void);

static inline const char *xlp_arch_walker_name(void)
{
	return xlp_prologues_walkable() ? "prologues" : NULL;
}
#define xlp_arch_walker_name xlp_arch_walker_name

#endif /* _ASM_GENERIC_XLP_PROLOGUES_H */
