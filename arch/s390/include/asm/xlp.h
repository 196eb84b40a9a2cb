/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on s390
 *
 * Entry: ftrace's brcl is the function's first instruction.
 */
#ifndef _ASM_S390_XLP_H
#define _ASM_S390_XLP_H

#include <compat/ftrace.h>
#include <linux/sched.h>

/*
 * The trampoline branches to orig_gpr2 if that is not zero and to the saved
 * psw address otherwise. kprobes on ftrace sites rewrite the psw address and
 * would undo the redirection if they ran after it; orig_gpr2 they leave alone.
 * A direct caller has set it already, and finds the psw address in r0.
 */
static __always_inline void xlp_arch_redirect(struct ftrace_regs *fregs,
					      unsigned long target,
					      const unsigned int *stack_args)
{
	struct pt_regs *regs = xlp_ftrace_pt_regs(fregs);

	xlp_ftrace_continue_at(fregs, target);
	if (!regs->orig_gpr2)
		regs->orig_gpr2 = target;
}
#define xlp_arch_redirect xlp_arch_redirect

#if defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && defined(XLP_HAVE_DIRECT_OPS)
/* See direct.S: behind the call. */
static inline unsigned long xlp_arch_direct_return(unsigned long site)
{
	return site + MCOUNT_INSN_SIZE;
}
#define xlp_arch_direct_return xlp_arch_direct_return
#endif

/* Until 7.0 the kernel's own calls what modules may not link to. */
#define xlp_arch_argument(regs, nr)	((regs)->gprs[2 + (nr)])

/* __switch_to() stores r6 to r15 in the frame that ksp points at. */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.ksp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp
#define xlp_arch_saved_context xlp_saved_context_none

#endif /* _ASM_S390_XLP_H */
