/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on loongarch (64 bits)
 *
 * Entry: a move of the return address to t0 and ftrace's call are the function's
 * first two instructions, so nothing of the old function has run.
 */
#ifndef _ASM_LOONGARCH_XLP_H
#define _ASM_LOONGARCH_XLP_H

#include <linux/sched.h>

/*
 * The trampoline reloads the argument registers and the caller's return address, and
 * jumps to the saved era.
 */
#define xlp_arch_redirect xlp_redirect_by_ip

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
/* walk.c */
int xlp_walk_prologues(struct task_struct *task,
		       bool (*visit)(void *data, unsigned long addr), void *data);
bool xlp_walks_prologues(void);
#define xlp_arch_walk_stack xlp_walk_prologues

static inline const char *xlp_arch_walker_name(void)
{
	return xlp_walks_prologues() ? "prologues" : NULL;
}
#define xlp_arch_walker_name xlp_arch_walker_name
#endif

#endif /* _ASM_LOONGARCH_XLP_H */
