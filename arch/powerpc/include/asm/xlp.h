/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on powerpc (ELFv2, ppc64le)
 *
 * Entry: ftrace's call stands at or right behind the local entry point, so r2 holds the TOC pointer
 * of the old function's object, which is the caller's own when the call stayed within one object.
 */
#ifndef _ASM_POWERPC_XLP_H
#define _ASM_POWERPC_XLP_H

#include <compat/direct.h>
#include <compat/ftrace.h>
#include <linux/minmax.h>
#include <linux/sched.h>

/* r11 and r12, which the stub needs, are saved by this flag only. */
#define xlp_arch_ftrace_flags	FTRACE_OPS_FL_SAVE_REGS

/*
 * Where ftrace has direct callers (7.2) they continue with the stub's address in LR but
 * without its registers. One that comes after the patch runs before its handler, and is
 * passed over by clearing orig_gpr3 below; one that is there already would run behind it.
 */
#define xlp_arch_ftrace_register	xlp_register_without_direct_callers

extern const struct xlp_method xlp_ftrace_method;

#if defined(CONFIG_LIVEPATCH_64) && defined(CONFIG_PREEMPTION)	/* see toc.S */
# define XLP_NO_METHOD	"ftrace may go on with the r13 of another CPU"
# define xlp_arch_method()	NULL
#else
/*
 * On a kernel that cannot be asked for direct callers each function might have one, so
 * none is patched, whether its module is there by then or comes later.
 */
static inline const struct xlp_method *xlp_arch_method(void)
{
	return xlp_excludes_direct_callers() ? &xlp_ftrace_method : NULL;
}
# define xlp_arch_method xlp_arch_method
#endif

/*
 * How many bytes of memory arguments, which begin at 96(r1), the stub copies. All have their place
 * in the caller's frame, which ends where its back chain points. Most frames have room for few. A
 * stack's first frame may have 0 there, or another stack: then the end of this one is the limit.
 */
static __always_inline unsigned long xlp_args_to_copy(unsigned long r1, unsigned int wanted)
{
	unsigned long frame = *(unsigned long *)r1 - r1;
	unsigned long above = THREAD_SIZE - (r1 & (THREAD_SIZE - 1));
	unsigned long room = min(frame, above);

	return min(round_up(wanted, 16UL), round_down(room - min(room, 96UL), 16UL));
}

/*
 * The new function loads an r2 of its own, and a caller that called locally does not restore
 * its own. So the call goes through a stub with a frame that does, which finds the new function
 * in r12 and the bytes of arguments to take along in r11; both are free at a function's entry.
 * A kernel with live patching of its own restores r2 after every changed instruction pointer.
 */
asmlinkage void xlp_call_with_toc(void);

static __always_inline void xlp_arch_redirect(struct ftrace_regs *fregs,
					      unsigned long target,
					      const unsigned int *stack_args)
{
#ifdef CONFIG_LIVEPATCH_64
	xlp_ftrace_continue_at(fregs, target);
#else
	struct pt_regs *regs = xlp_ftrace_pt_regs(fregs);

	regs->gpr[11] = xlp_args_to_copy(regs->gpr[1], READ_ONCE(*stack_args));
	regs->gpr[12] = target;
	regs->orig_gpr3 = 0;
	xlp_ftrace_continue_at(fregs, (unsigned long)xlp_call_with_toc);
#endif
}
#define xlp_arch_redirect xlp_arch_redirect

/*
 * toc.S says why a preemptible kernel needs that. A direct caller gets the call next, with
 * LR and r0 as ftrace has prepared them.
 */
asmlinkage void xlp_continue_on_this_cpu(void);
asmlinkage void xlp_call_direct_on_this_cpu(void);

static __always_inline void xlp_arch_continue(struct ftrace_regs *fregs)
{
#if defined(CONFIG_PREEMPTION) && !defined(CONFIG_LIVEPATCH_64)
	struct pt_regs *regs = xlp_ftrace_pt_regs(fregs);

	/* Without direct callers nobody has cleared it. */
	if (xlp_has_direct_callers() && regs->orig_gpr3) {
		regs->gpr[12] = regs->orig_gpr3;
		regs->orig_gpr3 = (unsigned long)xlp_call_direct_on_this_cpu;
		return;
	}
	regs->gpr[12] = regs->nip;
	xlp_ftrace_continue_at(fregs, (unsigned long)xlp_continue_on_this_cpu);
#endif
}
#define xlp_arch_continue xlp_arch_continue

#define xlp_arch_argument(regs, nr)	((regs)->gpr[3 + (nr)])

/* _switch() pushes the non-volatile registers and then saves r1. */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.ksp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp
#define xlp_arch_saved_context xlp_saved_context_none

#endif /* _ASM_POWERPC_XLP_H */
