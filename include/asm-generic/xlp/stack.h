/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/stack.h - where a task that is not running may return to */
#ifndef _ASM_GENERIC_XLP_STACK_H
#define _ASM_GENERIC_XLP_STACK_H

#include <asm-generic/xlp/frames.h>
#include <compat/sections.h>
#include <compat/stacktrace.h>
#include <compat/text.h>
#include <linux/sched.h>
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

/**
 * struct xlp_walk - a walk, as every walker of xlp's sees its caller
 * @task:	whose stack it is
 * @visit:	see xlp_arch_walk_stack()
 * @data:	passed on
 */
struct xlp_walk {
	const struct task_struct *task;
	bool (*visit)(void *data, unsigned long addr);
	void *data;
};

/**
 * xlp_visit_frame() - show an address to the caller of a walk, and judge it
 * @data:	the &struct xlp_walk
 * @addr:	an address that the task will return to or has been interrupted at
 *
 * Every walker, the kernel's too, shows its addresses through this function. It
 * ends the walk, which thereby has failed, where the stack does not tell where
 * the task goes on:
 *
 * - In ftrace's code between a call and a function, be it interrupted or
 *   preempted by itself when a handler enables preemption. The handler's choice
 *   is in registers or in what the code has saved, not in a frame. What ftrace
 *   generates per handler on x86, and BPF's trampolines, are no compiled code.
 * - In the code that tracers and probes return to: either nobody has resolved the
 *   address, or its handler runs, and has taken the true one off its list.
 * - In code generated at run time, whose frames are not like the compiler's, and
 *   which may stand in for compiled code: a probed instruction's copy.
 * - Outside any code: the stack is corrupt, or the walker is. What was code while
 *   the kernel booted counts for idle tasks, as the first one has its outermost frames
 *   there; any other task may have its stack in that memory by now.
 *
 * Return: false to end the walk.
 */
static inline bool xlp_visit_frame(void *data, unsigned long addr)
{
	const struct xlp_walk *walk = data;

	return walk->visit(walk->data, addr) &&
	       (xlp_in_compiled_code(addr) ||
		(is_idle_task(walk->task) && xlp_in_init_text(addr))) &&
	       !xlp_in_trampoline(addr);
}

#ifndef xlp_arch_walk_stack
/**
 * xlp_arch_walk_stack() - visit every address a task will return to, or fail
 * @task:	a task that is not running and cannot start to, and whose stack stays;
 *		or the running one
 * @visit:	called for each address, innermost first, with what tracers have
 *		replaced on the stack put right; ends the walk by returning false
 * @data:	passed on
 *
 * The second stage. Never a guess: whatever an implementation cannot follow or
 * does not know, a frame of an exception or interrupt in the kernel unless it
 * knows all that the interrupted code keeps in registers, a trampoline that it
 * cannot resolve, a chain that does not end where a task's first frame is, makes
 * the whole walk fail. What has been visited by then tells where. It shows each
 * address through xlp_visit_frame().
 *
 * The default is the kernel's own walker on kernels that select
 * HAVE_RELIABLE_STACKTRACE. By reading 6.1, 6.12 and 7.2:
 *
 * - x86 follows interrupts, by tables that hold for every instruction; without
 *   the tables, with frame pointers, it fails on them. powerpc, s390 and arm64
 *   (7.2) fail on every frame of registers, since the link register of the
 *   interrupted code may or may not be live. So there an interrupted function's
 *   entry, return or xlp's stub on powerpc never passes.
 * - Not interrupted, that stub has an ordinary frame, in a module's code.
 * - What the graph tracer replaced is resolved by all, by its place on the stack.
 *   powerpc and s390 let it pass if they cannot: xlp_visit_frame() does not.
 *   x86, arm64 and s390 resolve return probes, powerpc fails on them.
 * - x86 of 6.1 takes the graph tracer's return code for a stack's end:
 *   xlp_visit_frame() sees it first.
 * - A task that never ran has one frame, where new tasks begin, or none at all
 *   (powerpc; 6.1 fails there).
 * - Chains are followed upwards only, within the task's stack, to its very end,
 *   and have no length. arm64 does not look whether addresses are code.
 *
 * On other kernels it is common/frames.c, if the architecture describes its frame records
 * to it (frames.h).
 *
 * A zombie has no stack, and running tasks are none of this function's business:
 * the caller has seen to both.
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
	struct xlp_walk walk = { task, visit, data };

	if (!IS_ENABLED(CONFIG_HAVE_RELIABLE_STACKTRACE))
		return xlp_walk_frames(task, visit, data);
	return xlp_kernel_walk_stack(task, xlp_visit_frame, &walk);
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
	if (!IS_ENABLED(CONFIG_HAVE_RELIABLE_STACKTRACE))
		return xlp_frames_walkable() ? "frame records" : NULL;
	return xlp_kernel_has_walker() ? "the kernel's walker" : NULL;
}
#endif

#endif /* _ASM_GENERIC_XLP_STACK_H */
