/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - an architecture whose frame pointers point at records
 *
 * Entry code has a record of its own, the last one, in the registers of user space. The
 * graph tracer notes the caller's frame pointer. That is as on arm64.
 */
#ifndef _FRAMES_AT_XLP_H
#define _FRAMES_AT_XLP_H

/* For the test. */
#define ENTRY_CODE_HAS_RECORD	true
#define THREADS_BEGIN_ANYWHERE	false
#define STACK_ALIGN		16
#define TRACED_PLACE(fp, callers_fp)	(callers_fp)
#define PROBED_FRAME(fp, callers_fp)	(callers_fp)
#define SAVED_PC(task)		((task)->thread.ra)
#define SAVED_FP(task)		((task)->thread.s[0])

static inline unsigned long xlp_arch_saved_pc(const struct task_struct *task)
{
	return task->thread.ra;
}

static inline unsigned long xlp_arch_saved_fp(const struct task_struct *task)
{
	return task->thread.s[0];
}
#define xlp_arch_saved_fp xlp_arch_saved_fp

static inline unsigned long xlp_arch_last_fp(struct task_struct *task)
{
	return task_pt_regs(task) + 64;
}

static inline unsigned long *xlp_arch_graph_retp(unsigned long fp, unsigned long callers_fp)
{
	return (unsigned long *)callers_fp;
}

#endif /* _FRAMES_AT_XLP_H */
