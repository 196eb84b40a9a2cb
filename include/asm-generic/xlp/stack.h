/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/stack.h - where a task that is not running may return to */
#ifndef _ASM_GENERIC_XLP_STACK_H
#define _ASM_GENERIC_XLP_STACK_H

#include <compat/stacktrace.h>
#include <linux/sched/task_stack.h>

/*
 * Whether a task may be inside a piece of code is found out in two stages. The
 * first, the scan (common/stack.c), takes every word of the live stack and of
 * the saved registers for a return address: it misses nothing and needs only
 * the three small items below. Where it says "maybe", the walker decides.
 */

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

#ifndef xlp_arch_walk_stack
/**
 * xlp_arch_walk_stack() - visit every address a task will return to, or fail
 * @task:	a task that is not running and cannot start to; its stack stays
 * @visit:	called for each address, innermost first, with what tracers have
 *		replaced on the stack put right; ends the walk by returning false
 * @data:	passed on
 *
 * The second stage. Never a guess: whatever an implementation cannot follow or
 * does not know, a frame of an exception or interrupt in the kernel unless it
 * knows all that the interrupted code keeps in registers, a trampoline that it
 * cannot resolve, a chain that does not end where a task's first frame is, makes
 * the whole walk fail. What has been visited by then tells where.
 *
 * A task interrupted while a handler of ftrace chooses where its call goes has
 * that choice in registers only, so a walker that follows interrupts must fail
 * on every address in ftrace's trampolines.
 *
 * The default is the kernel's own walker, which fulfils all this on kernels that
 * select HAVE_RELIABLE_STACKTRACE except for the paragraph above, of interest on
 * architectures where it follows interrupts.
 *
 * Context: any, interrupts in any state; must not sleep, lock or print.
 *
 * Return: 0 if all have been visited, -EINVAL if not, or -EOPNOTSUPP if there is
 * no walker: then the scan has the last word.
 */
static inline int xlp_arch_walk_stack(struct task_struct *task,
				      bool (*visit)(void *data, unsigned long addr),
				      void *data)
{
	return xlp_kernel_walk_stack(task, visit, data);
}
#endif

#ifndef xlp_arch_walker_name
/**
 * xlp_arch_walker_name() - for the line that says what xlp can do here
 *
 * Return: words for the walker, or NULL if there is none.
 */
static inline const char *xlp_arch_walker_name(void)
{
	return xlp_kernel_has_walker() ? "the kernel's walker" : NULL;
}
#endif

#endif /* _ASM_GENERIC_XLP_STACK_H */
