/* SPDX-License-Identifier: GPL-2.0 */
/* asm/switch_to.h - what a context switch leaves on the stack of 32-bit x86 */
#ifndef _FRAMES_X86_SWITCH_TO_H
#define _FRAMES_X86_SWITCH_TO_H

struct inactive_task_frame {
	unsigned long flags;
	unsigned long si;
	unsigned long di;
	unsigned long bx;
	unsigned long bp;
	unsigned long ret_addr;
};

#endif /* _FRAMES_X86_SWITCH_TO_H */
