/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on x86, its reference
 *
 * Entry: ftrace's call is the function's first instruction, or the second after
 * ENDBR64, so nothing of the old function has run. The generic items serve.
 */
#ifndef _ASM_X86_XLP_H
#define _ASM_X86_XLP_H

#include <compat/ftrace.h>
#include <linux/sched.h>

/*
 * Both ftrace trampolines leave by a RET to the saved instruction pointer with
 * the caller's return address on top of the stack and every argument register
 * as it was. A RET needs no ENDBR at its target.
 */
static __always_inline void xlp_arch_redirect(struct ftrace_regs *fregs,
					      unsigned long target,
					      unsigned int stack_args)
{
	xlp_ftrace_continue_at(fregs, target);
}
#define xlp_arch_redirect xlp_arch_redirect

/* __switch_to_asm() pushes the callee-saved registers and then saves sp. */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.sp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp

static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	*words = 0;
	return NULL;
}
#define xlp_arch_saved_context xlp_arch_saved_context

#endif /* _ASM_X86_XLP_H */
