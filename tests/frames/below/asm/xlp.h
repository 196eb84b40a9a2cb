/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - an architecture whose frame pointers point behind records
 *
 * Entry code has no record, so the last one is that of what it calls. The graph tracer notes
 * a place in the frame of ftrace's call. That is as on riscv.
 */
#ifndef _FRAMES_BELOW_XLP_H
#define _FRAMES_BELOW_XLP_H

#define xlp_arch_frame_record	(-16)

/* For the test. */
#define ENTRY_CODE_HAS_RECORD	false

static inline unsigned long xlp_arch_saved_pc(const struct task_struct *task)
{
	return task->pc;
}

static inline unsigned long xlp_arch_saved_fp(const struct task_struct *task)
{
	return is_in(NEWBORN_CODE, task->pc) && task->sp == task_pt_regs(task) ?
	       task->sp : task->fp;
}
#define xlp_arch_saved_fp xlp_arch_saved_fp

static inline unsigned long xlp_arch_last_fp(struct task_struct *task)
{
	return task_pt_regs(task);
}

static inline unsigned long *xlp_arch_graph_retp(unsigned long fp, unsigned long callers_fp)
{
	return (unsigned long *)(fp - 120);
}

#endif /* _FRAMES_BELOW_XLP_H */
