/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - riscv, whose frame pointers point behind records: xlp's own description
 *
 * Entry code has no record, so the last one is that of what it calls, or of what a thread of
 * the kernel is there for.
 */
#ifndef _FRAMES_RISCV_XLP_H
#define _FRAMES_RISCV_XLP_H

#define CONFIG_FRAME_POINTER
#define CONFIG_DYNAMIC_FTRACE_WITH_ARGS

/* As Linux 6.12 has it. */
struct __arch_ftrace_regs {
	unsigned long epc;
	unsigned long ra;
	unsigned long sp;
	unsigned long s0;
	unsigned long t1;
	unsigned long args[8];
};

#include "../../../../arch/riscv/include/asm/xlp.h"

/*
 * For the test. ftrace's call makes room for 112 bytes on the stack of whoever called the
 * function, and keeps the return address in the second word.
 */
#define ENTRY_CODE_HAS_RECORD		false
#define THREADS_BEGIN_ANYWHERE		true
#define STACK_ALIGN			16
#define TRACED_PLACE(fp, callers_fp)	((fp) - 112 + 8)
#define PROBED_FRAME(fp, callers_fp)	(callers_fp)
#define SAVED_PC(task)			((task)->thread.ra)
#define SAVED_FP(task)			((task)->thread.s[0])

#endif /* _FRAMES_RISCV_XLP_H */
