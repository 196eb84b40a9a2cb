/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm-generic/xlp/frames.h - what an architecture's stacks by frame records look like
 *
 * For common/frames.c, which walks where the kernel has no walker to be trusted. A frame
 * record is two words: the caller's frame pointer and the address in the caller. The
 * functions below describe the rest. They run in any context, with interrupts in any state,
 * and may not sleep, lock or print.
 *
 * An architecture that defines xlp_arch_saved_fp() has its stacks walked so. It must then
 * define xlp_arch_saved_pc(), xlp_arch_saved_sp(), xlp_arch_last_fp() and
 * xlp_arch_graph_retp() as well, and list its entry code in asm/xlp-names.h. What is
 * promised by that:
 *
 * - Every function that calls another keeps a record, at xlp_arch_frame_record bytes from
 *   its frame pointer, which is a multiple of xlp_arch_frame_align. (Not so where the kernel
 *   was configured without frame pointers: then define none.) Assembly that calls without one
 *   is in XLP_ARCH_TRAMPOLINES, as its caller would be passed over.
 * - A task that does not run has been switched out in a call, so its innermost record is
 *   complete. What an exception has interrupted may have no record, or a stale one; walks
 *   fail there, by XLP_ARCH_ENTRY_CODE.
 * - Return probes note xlp_arch_probed_frame().
 */
#ifndef _ASM_GENERIC_XLP_FRAMES_H
#define _ASM_GENERIC_XLP_FRAMES_H

#include <compat/text.h>
#include <linux/sched.h>

/* From a frame pointer to the record of its function, in bytes. */
#ifndef xlp_arch_frame_record
# define xlp_arch_frame_record	0
#endif

/* What frame pointers are multiples of, as stack pointers are. */
#ifndef xlp_arch_frame_align
# define xlp_arch_frame_align	(2 * sizeof(long))
#endif

#ifndef xlp_arch_probed_frame
/**
 * xlp_arch_probed_frame() - which frame a return probe says its function has
 * @fp:		of the function that is probed
 * @callers_fp:	of the function it returns to
 *
 * What arch_rethook_prepare() or arch_prepare_kretprobe() keeps. The default is the frame
 * pointer that the function was called with; others keep where the return address is.
 *
 * Return: the same, from what a walk knows.
 */
static inline unsigned long xlp_arch_probed_frame(unsigned long fp, unsigned long callers_fp)
{
	return callers_fp;
}
#endif

#ifdef xlp_arch_saved_fp
# define XLP_FRAMES_DESCRIBED	true
#else
# define XLP_FRAMES_DESCRIBED	false
/**
 * xlp_arch_saved_pc() - where a task goes on when it is switched to
 * @task:	a task that is not running
 *
 * Return: the address that the context switch returns to.
 */
static inline unsigned long xlp_arch_saved_pc(const struct task_struct *task)
{
	return 0;
}

/**
 * xlp_arch_saved_fp() - the frame pointer of the function that xlp_arch_saved_pc() is in
 * @task:	a task that is not running
 *
 * For a task that never ran this is xlp_arch_last_fp(), whatever the register will be.
 *
 * Return: the frame pointer.
 */
static inline unsigned long xlp_arch_saved_fp(const struct task_struct *task)
{
	return 0;
}

/**
 * xlp_arch_last_fp() - the frame pointer of a task's last frame
 * @task:	the task
 *
 * The record that belongs to it is not read.
 *
 * Return: the one value that the frame pointer has there.
 */
static inline unsigned long xlp_arch_last_fp(struct task_struct *task)
{
	return 0;
}

/**
 * xlp_arch_graph_retp() - which place the graph tracer takes a return address to be from
 * @fp:		of the function that was traced
 * @callers_fp:	of the function it returns to
 *
 * What ftrace_graph_func() passes to function_graph_enter() as the last argument, and so
 * what ftrace_graph_ret_addr() compares. It need not be where the function keeps the
 * address: where the tracer replaces what is saved for the duration of ftrace's call, the
 * place is in that frame.
 *
 * Return: the place.
 */
static inline unsigned long *xlp_arch_graph_retp(unsigned long fp, unsigned long callers_fp)
{
	return NULL;
}
#endif

#ifndef xlp_arch_ends_right
/**
 * xlp_arch_ends_right() - may this be a task's last frame?
 * @task:	the task
 * @pc:		an address in the function whose frame pointer is xlp_arch_last_fp()
 *
 * A chain that lost its upper part, because a link is overwritten, may end there as well;
 * then @pc is in whatever function. That of an idle task is one that has run at boot.
 *
 * Return: true if only last frames have such a @pc.
 */
static inline bool xlp_arch_ends_right(const struct task_struct *task, unsigned long pc)
{
	return xlp_in_outermost_code(pc);
}
#endif

/* common/frames.c: xlp_arch_walk_stack() by frame records; -EOPNOTSUPP if that cannot be. */
int xlp_walk_frames(struct task_struct *task,
		    bool (*visit)(void *data, unsigned long addr), void *data);

/**
 * xlp_frames_walkable() - can xlp_walk_frames() walk?
 *
 * Return: true if this architecture's stacks are described, and this kernel has told where
 * all the code is that walks depend on.
 */
static inline bool xlp_frames_walkable(void)
{
	return XLP_FRAMES_DESCRIBED && xlp_text_found() && xlp_entry_code_found();
}

#endif /* _ASM_GENERIC_XLP_FRAMES_H */
