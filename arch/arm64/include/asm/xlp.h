/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on arm64
 *
 * Entry: ftrace's call follows only the landing pad (BTI) and the move of the
 * link register to x9, so nothing of the old function has run and the return
 * address is not signed yet.
 */
#ifndef _ASM_ARM64_XLP_H
#define _ASM_ARM64_XLP_H

#include <asm/memory.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <compat/ftrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

/*
 * The trampoline reloads the argument registers and the link register and
 * returns to the saved pc through x9: a RET, which BTI does not check.
 */
#define xlp_arch_redirect xlp_redirect_by_ip

#if defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && defined(XLP_HAVE_DIRECT_OPS)
/* See direct.S: behind the call. */
static inline unsigned long xlp_arch_direct_return(unsigned long site)
{
	return site + MCOUNT_INSN_SIZE;
}
#define xlp_arch_direct_return xlp_arch_direct_return
#endif

#define xlp_arch_argument(regs, nr)	regs_get_kernel_argument(regs, nr)

static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.cpu_context.sp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp

/* cpu_switch_to() keeps x19 to x28, fp, sp and the link register here. */
static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	*words = sizeof(task->thread.cpu_context) / sizeof(unsigned long);
	return (const unsigned long *)&task->thread.cpu_context;
}
#define xlp_arch_saved_context xlp_arch_saved_context

/*
 * Kernel and modules lie where bits 63 down to VA_BITS_MIN are ones, and those
 * are the bits a signature replaces. Setting them strips it from every address
 * of kernel code; a user address that becomes one of the kernel's this way can
 * only make a task look busy.
 */
static inline unsigned long xlp_arch_code_address(unsigned long word)
{
	return word | GENMASK(63, VA_BITS_MIN);
}
#define xlp_arch_code_address xlp_arch_code_address

#ifndef CONFIG_HAVE_RELIABLE_STACKTRACE
/* x29 points at records. cpu_switch_to() returns to its caller. */
static inline unsigned long xlp_arch_saved_pc(const struct task_struct *task)
{
	return READ_ONCE(task->thread.cpu_context.pc);
}

static inline unsigned long xlp_arch_saved_fp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.cpu_context.fp);
}
#define xlp_arch_saved_fp xlp_arch_saved_fp

/*
 * Entry code has a record of its own, the last one: entry.S and fork leave it there;
 * head.S for the idle task of each CPU.
 */
static inline unsigned long xlp_arch_last_fp(struct task_struct *task)
{
	return (unsigned long)task_pt_regs(task)->stackframe;
}

/* The graph tracer notes x29 as the function found it. */
static inline unsigned long *xlp_arch_graph_retp(unsigned long fp, unsigned long callers_fp)
{
	return (unsigned long *)callers_fp;
}
#endif

#endif /* _ASM_ARM64_XLP_H */
