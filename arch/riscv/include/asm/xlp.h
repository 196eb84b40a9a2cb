/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on riscv (64 bits)
 *
 * Entry: ftrace's call is the function's first two instructions, of which Linux 7.2 takes
 * the second one for its site, so nothing of the old function has run. It links by t0 and
 * leaves the return address alone.
 */
#ifndef _ASM_RISCV_XLP_H
#define _ASM_RISCV_XLP_H

#include <compat/kallsyms.h>
#include <compat/text.h>
#include <linux/ftrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
/*
 * The trampoline reloads the argument registers and the return address, and jumps to
 * the saved pc by t0, which no function expects anything in.
 */
# define xlp_arch_redirect	xlp_redirect_by_ip
#else
/* Until 6.7, where the function itself puts the return address back after the call. */
# define XLP_NO_METHOD		"ftrace has to return to the function that it was called from"
#endif

#if defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && defined(CONFIG_64BIT) && \
	defined(CONFIG_CC_IS_GCC)
/* See direct.S: behind the call, of which the site may be the second instruction. */
static inline unsigned long xlp_arch_direct_return(unsigned long site)
{
	return site + MCOUNT_INSN_SIZE;
}
#define xlp_arch_direct_return xlp_arch_direct_return
#endif

/* The first eight are in a0 to a7, which stand one after another. */
#define xlp_arch_argument(regs, nr)	((&(regs)->a0)[nr])

static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.sp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp

/* __switch_to() keeps the return address, sp and s0 to s11 here. */
static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	*words = offsetof(struct thread_struct, fstate) / sizeof(unsigned long);
	return (const unsigned long *)&task->thread;
}
#define xlp_arch_saved_context xlp_arch_saved_context

#if defined(CONFIG_FRAME_POINTER) && defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
/* s0 is the stack pointer that its function was called with. The record lies below. */
#define xlp_arch_frame_record	(-16L)

/* __switch_to() returns to its caller, or to where new tasks begin. */
static inline unsigned long xlp_arch_saved_pc(const struct task_struct *task)
{
	return READ_ONCE(task->thread.ra);
}

/* Entry code and ret_from_fork call with nothing but the user's registers on the stack. */
static inline unsigned long xlp_arch_last_fp(const struct task_struct *task)
{
	return (unsigned long)task_pt_regs(task);
}

/* A new task finds in s0 what it is to call. */
static inline unsigned long xlp_arch_saved_fp(const struct task_struct *task)
{
	return xlp_in_entry_code(xlp_arch_saved_pc(task)) ? xlp_arch_last_fp(task) :
							     READ_ONCE(task->thread.s[0]);
}
#define xlp_arch_saved_fp xlp_arch_saved_fp

/*
 * Until 6.14 a thread of the kernel begins in whatever it is to call, which ret_from_fork has
 * in s0: so the last record has the function that it belongs to in place of a link.
 */
static inline bool xlp_begins_in(const unsigned long *last_record, unsigned long pc)
{
	struct xlp_range begin = xlp_symbol_around(last_record[0]);

	return xlp_in_entry_code(last_record[1]) && begin.start == last_record[0] &&
	       xlp_in_range(&begin, pc);
}

/*
 * A call is looked for where it was made: cpu_startup_entry(), for one, never returns, so who
 * calls it may end there. Only new tasks go on where they have called nothing.
 */
static inline bool xlp_arch_ends_right(const struct task_struct *task, unsigned long pc)
{
	unsigned long last_record = xlp_arch_last_fp(task) + xlp_arch_frame_record;

	return xlp_in_outermost_code(pc) || xlp_in_outermost_code(pc - 1) ||
	       xlp_begins_in((unsigned long *)last_record, pc - 1);
}
#define xlp_arch_ends_right xlp_arch_ends_right

/* The graph tracer replaces the return address that ftrace's call has saved, right below. */
static inline unsigned long *xlp_arch_graph_retp(unsigned long fp, unsigned long callers_fp)
{
	struct __arch_ftrace_regs *fregs =
		(void *)(fp - ALIGN(sizeof(struct __arch_ftrace_regs), 16));

	return &fregs->ra;
}
#endif

#endif /* _ASM_RISCV_XLP_H */
