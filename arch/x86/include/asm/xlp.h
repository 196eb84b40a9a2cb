/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface of xlp on x86, its reference
 *
 * Entry: ftrace's call is the function's first instruction, or the second after
 * ENDBR64, so nothing of the old function has run. The generic items serve.
 */
#ifndef _ASM_X86_XLP_H
#define _ASM_X86_XLP_H

#include <linux/sched.h>

/*
 * Both ftrace trampolines leave by a RET to the saved instruction pointer with
 * the caller's return address on top of the stack and every argument register
 * as it was. A RET needs no ENDBR at its target.
 */
#define xlp_arch_redirect xlp_redirect_by_ip

/* __switch_to_asm() pushes the callee-saved registers and then saves sp. */
static inline unsigned long xlp_arch_saved_sp(const struct task_struct *task)
{
	return READ_ONCE(task->thread.sp);
}
#define xlp_arch_saved_sp xlp_arch_saved_sp
#define xlp_arch_saved_context xlp_saved_context_none

#endif /* _ASM_X86_XLP_H */
