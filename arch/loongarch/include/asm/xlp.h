/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on loongarch (64 bits)
 *
 * Entry: a move of the return address to t0 and ftrace's call are the function's
 * first two instructions, so nothing of the old function has run.
 */
#ifndef _ASM_LOONGARCH_XLP_H
#define _ASM_LOONGARCH_XLP_H

#include <asm/ptrace.h>
#include <linux/sched.h>

/*
 * The trampoline reloads the argument registers and the caller's return address, and
 * jumps to the saved era.
 */
#define xlp_arch_redirect xlp_redirect_by_ip

/* ftrace's address is that of the move, and MCOUNT_INSN_SIZE the size of one of the two. */
#define xlp_arch_call_size	8

#define xlp_arch_argument(at, nr)	((at)->regs[4 + (nr)])

static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.reg03);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp

/* __switch_to() keeps the return address, sp, fp and s0 to s8 here. */
static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	*words = offsetofend(struct thread_struct, reg31) / sizeof(unsigned long);
	return &task->thread.reg01;
}
#define xlp_arch_saved_context xlp_arch_saved_context

#ifndef CONFIG_HAVE_RELIABLE_STACKTRACE
/*
 * Kernels without UNWINDER_ORC. Their own walker goes by prologues, too, but takes the first
 * instruction that looks right and does not tell an end from being lost.
 */
# include <asm-generic/xlp/prologues.h>

/* __switch_to() returns there. */
static inline struct xlp_registers xlp_arch_saved_registers(const struct task_struct *task)
{
	return (struct xlp_registers){
		.pc = READ_ONCE(task->thread.reg01),
		.sp = READ_ONCE(task->thread.reg03),
		.fp = READ_ONCE(task->thread.reg22),
	};
}

static __always_inline struct xlp_registers xlp_arch_own_registers(void)
{
	struct xlp_registers own;

	asm volatile("pcaddi %0, 0\n\tmove %1, $sp\n\tmove %2, $fp"
		     : "=&r" (own.pc), "=&r" (own.sp), "=&r" (own.fp));
	return own;
}

/* Where ftrace had the address for the time of its call, right below the function's frame. */
static inline unsigned long *xlp_arch_graph_retp_below(unsigned long sp)
{
	return &((struct pt_regs *)sp)[-1].regs[1];
}
#endif

#endif /* _ASM_LOONGARCH_XLP_H */
