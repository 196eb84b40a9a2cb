/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on x86 of 64 and of 32 bits, its reference
 *
 * Entry: ftrace's call is the function's first instruction, or the second after
 * ENDBR64, so nothing of the old function has run. The generic items serve.
 */
#ifndef _ASM_X86_XLP_H
#define _ASM_X86_XLP_H

#include <asm/ptrace.h>
#include <asm/switch_to.h>
#include <compat/ftrace.h>
#include <compat/text.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

/*
 * Both ftrace trampolines leave by a RET to the saved instruction pointer with
 * the caller's return address on top of the stack and every argument register
 * as it was. A RET needs no ENDBR at its target.
 */
#define xlp_arch_redirect xlp_redirect_by_ip

#if defined(CONFIG_X86_64) && defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && \
	defined(XLP_HAVE_DIRECT_OPS)
/* See direct.S: behind the call. */
static inline unsigned long xlp_arch_direct_return(unsigned long site)
{
	return site + MCOUNT_INSN_SIZE;
}
#define xlp_arch_direct_return xlp_arch_direct_return
#endif

/* __switch_to_asm() pushes the callee-saved registers and then saves sp. */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.sp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp
#define xlp_arch_saved_context xlp_saved_context_none

#define xlp_arch_argument(regs, nr)	regs_get_kernel_argument(regs, nr)

#if defined(CONFIG_X86_32) && defined(CONFIG_FRAME_POINTER)
/*
 * 32 bits have no ORC, and nobody proves that assembly keeps frame pointers, so the kernel
 * promises nothing. ebp points at records; what calls without one is in XLP_ARCH_TRAMPOLINES.
 * The stack is aligned to a word.
 */
#define xlp_arch_frame_align	sizeof(long)

/* What __switch_to_asm() leaves on the stack; its last two words are a record. */
static inline const struct inactive_task_frame *
xlp_switched_out(const struct task_struct *task)
{
	return (const struct inactive_task_frame *)xlp_arch_saved_sp(task);
}

static inline unsigned long xlp_arch_saved_pc(const struct task_struct *task)
{
	return READ_ONCE_NOCHECK(xlp_switched_out(task)->ret_addr);
}

/*
 * Entry code, ret_from_fork and what starts a CPU call with nothing but the user's registers,
 * or room for them, on the stack, and have no records.
 */
static inline unsigned long xlp_arch_last_fp(const struct task_struct *task)
{
	return (unsigned long)task_pt_regs(task) - 2 * sizeof(long);
}

/* A new task finds in ebp where the user's registers are, in disguise. */
static inline unsigned long xlp_arch_saved_fp(const struct task_struct *task)
{
	return xlp_in_entry_code(xlp_arch_saved_pc(task)) ? xlp_arch_last_fp(task) :
			READ_ONCE_NOCHECK(xlp_switched_out(task)->bp);
}
#define xlp_arch_saved_fp xlp_arch_saved_fp

/* What never returns may be called by the last instruction, so a call is looked for there. */
static inline bool xlp_arch_ends_right(const struct task_struct *task, unsigned long pc)
{
	return xlp_in_outermost_code(pc) || xlp_in_outermost_code(pc - 1);
}
#define xlp_arch_ends_right xlp_arch_ends_right

/* The graph tracer and return probes note where the return address is. */
static inline unsigned long *xlp_arch_graph_retp(unsigned long fp, unsigned long callers_fp)
{
	return (unsigned long *)fp + 1;
}

static inline unsigned long xlp_arch_probed_frame(unsigned long fp, unsigned long callers_fp)
{
	return fp + sizeof(long);
}
#define xlp_arch_probed_frame xlp_arch_probed_frame
#endif

#endif /* _ASM_X86_XLP_H */
