/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on 32-bit arm
 *
 * Entry: ftrace's call comes after the prologue, when the frame of the old function is on the
 * stack. So calls are caught by a branch at the very entry: common/branch.c.
 */
#ifndef _ASM_ARM_XLP_H
#define _ASM_ARM_XLP_H

#include <asm-generic/xlp/branch.h>
#include <asm-generic/xlp/prologue.h>
#include <compat/unexported.h>
#include <linux/sched.h>

#ifdef CONFIG_THUMB2_KERNEL	/* its instructions are of two sizes */
# define XLP_NO_METHOD	"a Thumb-2 kernel"
# define xlp_arch_method()	NULL
#else
# define XLP_NO_METHOD	"the kernel lacks __patch_text_real or get_kprobe"
# define xlp_arch_method	xlp_branch_method_if_any
#endif

/* In what ftrace knows nothing goes back to the entry but a call: loops come after its site. */
#define xlp_arch_entry_site	xlp_entry_before_site
#define xlp_arch_argument(regs, nr)	((regs)->uregs[nr])

static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task_thread_info((struct task_struct *)task)->cpu_context.sp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp

/* __switch_to() keeps r4 to r11, sp and the return address here, not in thread_struct. */
static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	const struct thread_info *info = task_thread_info((struct task_struct *)task);

	*words = sizeof(info->cpu_context) / sizeof(unsigned long);
	return (const unsigned long *)&info->cpu_context;
}
#define xlp_arch_saved_context xlp_arch_saved_context

#ifdef CONFIG_ARM_UNWIND
/* walk.c */
int xlp_walk_by_tables(struct task_struct *task,
		       bool (*visit)(void *data, unsigned long addr), void *data);
bool xlp_walks_by_tables(void);
#define xlp_arch_walk_stack xlp_walk_by_tables

static inline const char *xlp_arch_walker_name(void)
{
	return xlp_walks_by_tables() ? "unwind tables" : NULL;
}
#define xlp_arch_walker_name xlp_arch_walker_name
#endif

#endif /* _ASM_ARM_XLP_H */
