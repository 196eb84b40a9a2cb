/* SPDX-License-Identifier: GPL-2.0 */
/*
 * toc.S - keep r2 right across a replaced function (ELFv2), and r13 behind ftrace
 *
 * ftrace continues here, at the entry of the old function, with arguments in
 * r3-r10 and on the stack, the address to return to in r0, the caller's r2 or
 * one it does not mind in r2, the bytes of memory arguments to take along, a
 * multiple of 16 and most often few, in r11, and the new function in r12.
 *
 * The frame gives r2 a place, lets the new function find its memory arguments
 * where the ABI puts them, and lets a stack walk see stub and caller in turn:
 *
 *	r1 + 96		copy of the memory arguments
 *	r1 + 32		home of r3-r10, where a variadic callee puts them
 *	r1 + 24		r2
 *	r1		back chain
 */
#include <asm/ppc_asm.h>
#include <asm/reg.h>

#define FRAME_FIXED	96
#define FRAME_TOC	24
#define FRAME_LR	16

/*
 * A kernel that can be preempted may take a task to another CPU while ftrace has its
 * registers saved, and ftrace restores r13 with the others: the PACA of a CPU that the
 * task is no longer on. Everything per CPU is wrong then, "current" first of all.
 * Nobody mends that for a kprobe on another function, nor, for a moment, for a function
 * that xlp has just let go of and others still have all registers saved for.
 */
#ifdef CONFIG_PREEMPTION
#define RELOAD_R13	GET_PACA(r13)
#else
#define RELOAD_R13
#endif

	.balign	16
_GLOBAL(xlp_call_with_toc)
	RELOAD_R13
	std	r0, FRAME_LR(r1)
	srdi.	r0, r11, 4		/* cr0: anything to copy? */
	mtctr	r0
	subfic	r11, r11, -FRAME_FIXED
	stdux	r1, r1, r11
	std	r2, FRAME_TOC(r1)
	beq	.Lcall

	std	r12, FRAME_LR(r1)	/* parked where the callee's LR will go */
	ld	r2, 0(r1)
	addi	r2, r2, FRAME_FIXED - 8	/* from: the caller's frame */
	addi	r11, r1, FRAME_FIXED - 8	/* to: this one */
.Lcopy:
	ld	r0, 8(r2)
	ldu	r12, 16(r2)
	std	r0, 8(r11)
	stdu	r12, 16(r11)
	bdnz	.Lcopy
	ld	r12, FRAME_LR(r1)

.Lcall:
	mtctr	r12			/* a global entry derives its r2 from r12 */
	bctrl

	ld	r2, FRAME_TOC(r1)
	ld	r1, 0(r1)
	ld	r0, FRAME_LR(r1)
	mtlr	r0
	blr

#ifdef CONFIG_PREEMPTION
/* Call the direct caller at r12. */
_GLOBAL(xlp_call_direct_on_this_cpu)
	RELOAD_R13
	mtctr	r12
	bctr

/* Continue in the old function, at r12; the address to return to is in r0. */
_GLOBAL(xlp_continue_on_this_cpu)
	RELOAD_R13
	mtctr	r12
	mtlr	r0
	bctr
#endif
