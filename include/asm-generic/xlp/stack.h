/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/stack.h - where a task that is not running may return to */
#ifndef _ASM_GENERIC_XLP_STACK_H
#define _ASM_GENERIC_XLP_STACK_H

#include <linux/sched/task_stack.h>

#ifdef xlp_arch_saved_sp
# define XLP_STACK_SCOPE	"scan of live stacks"
#else
# define XLP_STACK_SCOPE	"scan of whole stacks, stale parts too (saved stack pointer unknown)"
/**
 * xlp_arch_saved_sp() - lowest live address of a stack
 * @task:	a task that is not running
 *
 * The default, the far end of the stack, is right everywhere and takes what
 * earlier calls left behind for live.
 *
 * Return: an address at or below the last word the task had pushed.
 */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return (unsigned long)task_stack_page(task);
}
#endif

/* For architectures whose context switch pushes all registers before saving sp. */
static inline const unsigned long *
xlp_saved_context_none(const struct task_struct *task, unsigned int *words)
{
	*words = 0;
	return NULL;
}

#ifndef xlp_arch_saved_context
/**
 * xlp_arch_saved_context() - registers a context switch keeps off the stack
 * @task:	a task that is not running
 * @words:	set to how many words there are
 *
 * The default is all of the architecture's thread_struct. Where everything is on
 * the stack, define it as xlp_saved_context_none.
 *
 * Return: the first of the words, or NULL if all is on the stack.
 */
static inline const unsigned long *
xlp_arch_saved_context(const struct task_struct *task, unsigned int *words)
{
	*words = sizeof(task->thread) / sizeof(unsigned long);
	return (const unsigned long *)&task->thread;
}
#endif

#ifndef xlp_arch_code_address
/**
 * xlp_arch_code_address() - the code address a word stands for
 * @word:	a word from a stack or a saved register
 *
 * The default, the word itself, is right wherever return addresses are stored
 * as they are. Architectures that sign them strip the signature.
 *
 * Return: the address.
 */
static inline unsigned long xlp_arch_code_address(unsigned long word)
{
	return word;
}
#endif

#endif /* _ASM_GENERIC_XLP_STACK_H */
