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
#include <linux/sched.h>

/*
 * The trampoline reloads the argument registers and the link register and
 * returns to the saved pc through x9: a RET, which BTI does not check.
 */
#define xlp_arch_redirect xlp_redirect_by_ip

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
/* walk.c */
int xlp_walk_frame_records(struct task_struct *task,
			   bool (*visit)(void *data, unsigned long addr), void *data);
bool xlp_walks_frame_records(void);
#define xlp_arch_walk_stack xlp_walk_frame_records

static inline const char *xlp_arch_walker_name(void)
{
	return xlp_walks_frame_records() ? "frame records" : NULL;
}
#define xlp_arch_walker_name xlp_arch_walker_name
#endif

#endif /* _ASM_ARM64_XLP_H */
