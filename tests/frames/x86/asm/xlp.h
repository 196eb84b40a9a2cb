/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - 32-bit x86, whose stacks are aligned to a word: xlp's own description
 *
 * Entry code has no record, so the last one is that of what it calls. What a switch saves is
 * on the stack. Tracers and probes note where the return address is.
 */
#ifndef _FRAMES_X86_XLP_H
#define _FRAMES_X86_XLP_H

#define CONFIG_X86_32
#define CONFIG_FRAME_POINTER

struct ftrace_regs;

#include "../../../../arch/x86/include/asm/xlp.h"

/* For the test. */
#define ENTRY_CODE_HAS_RECORD		false
#define THREADS_BEGIN_ANYWHERE		false
#define STACK_ALIGN			8
#define TRACED_PLACE(fp, callers_fp)	((fp) + sizeof(long))
#define PROBED_FRAME(fp, callers_fp)	((fp) + sizeof(long))

static inline struct inactive_task_frame *switched_out(const struct task_struct *task)
{
	return (struct inactive_task_frame *)task->thread.sp;
}

#define SAVED_PC(task)			(switched_out(task)->ret_addr)
#define SAVED_FP(task)			(switched_out(task)->bp)

#endif /* _FRAMES_X86_XLP_H */
