/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on powerpc (ELFv2, ppc64le)
 *
 * Entry: ftrace's call stands at or right behind the local entry point, so r2
 * holds the TOC pointer of the old function's object, which is the caller's own
 * when the call stayed within one object.
 */
#ifndef _ASM_POWERPC_XLP_H
#define _ASM_POWERPC_XLP_H

#include <compat/ftrace.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/thread_info.h>

/* r11 and r12, which the stub needs, are saved by this flag only. */
#define xlp_arch_ftrace_flags	FTRACE_OPS_FL_SAVE_REGS

/* Where the ABI puts the first argument that has no register. */
#define XLP_MEMORY_ARGS_OFFSET	96UL

asmlinkage void xlp_call_with_toc(void);

/*
 * How much of the caller's memory arguments the stub copies. It does not reach
 * beyond the caller's stack, whose first frames may be smaller than that.
 */
static __always_inline unsigned long xlp_args_to_copy(unsigned long caller_sp,
						      unsigned int stack_args)
{
	unsigned long above = THREAD_SIZE - (caller_sp & (THREAD_SIZE - 1));
	unsigned long room = above - min(above, XLP_MEMORY_ARGS_OFFSET);

	return min(round_up(stack_args, 16UL), round_down(room, 16UL));
}

/*
 * The new function belongs to another object, so it loads an r2 of its own, and
 * a caller that called locally does not restore its r2. The call therefore
 * goes through a stub with a stack frame that does: r12 tells it where to go
 * on and r11 how many bytes of arguments to take along. Both are free at a
 * function's entry.
 *
 * A kernel with live patching of its own restores r2 for every changed
 * instruction pointer and needs no stub.
 */
static __always_inline void xlp_arch_redirect(struct ftrace_regs *fregs,
					      unsigned long target,
					      unsigned int stack_args)
{
#ifdef CONFIG_LIVEPATCH_64
	xlp_ftrace_continue_at(fregs, target);
#else
	struct pt_regs *regs = xlp_ftrace_pt_regs(fregs);

	regs->gpr[11] = xlp_args_to_copy(regs->gpr[1], stack_args);
	regs->gpr[12] = target;
	xlp_ftrace_continue_at(fregs, (unsigned long)xlp_call_with_toc);
#endif
}
#define xlp_arch_redirect xlp_arch_redirect

/* _switch() pushes the non-volatile registers and then saves r1. */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.ksp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp

static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	*words = 0;
	return NULL;
}
#define xlp_arch_saved_context xlp_arch_saved_context

#endif /* _ASM_POWERPC_XLP_H */
