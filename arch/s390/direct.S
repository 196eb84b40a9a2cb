/* SPDX-License-Identifier: GPL-2.0 */
/*
 * direct.S - what ftrace calls in place of what it would trace
 *
 * r0 is the return address in the function, behind ftrace's call, and r14 the caller's. Only r0
 * and r1 are free there, but so is the area that the caller has left for a function to save r6 to
 * r15 in, and this is that function as far as the caller knows. ftrace's call leads here by its
 * pieces of code for each function (hotpatch trampolines) or at once (BRASL), and from
 * ftrace_caller when it has called others first, with all registers as they are here.
 *
 * It leaves by r1, as ftrace_caller does, through the kernel's thunk where it has such (expolines).
 * r0 is kept until then: with r1 it has all that an exception puts on the stack of a task that is
 * on its way.
 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/nospec-insn.h>
#include <asm-generic/xlp/direct.h>

/* Where a function saves what its caller has in r14, and four others that need not be saved. */
#define SAVED_R14	(__SF_GPRS + 8 * 8)
#define SAVED_R2	__SF_GPRS

	GEN_BR_THUNK %r1

	.section .kprobes.text, "ax"
	.balign	16
SYM_CODE_START(xlp_direct_trampoline)
	stg	%r2, SAVED_R2(%r15)
	lgr	%r1, %r0
	lgrl	%r2, xlp_direct_table
	msgfi	%r1, XLP_DIRECT_FACTOR
	srlg	%r1, %r1, XLP_DIRECT_SHIFT
	ng	%r1, 0(%r2)
	la	%r1, XLP_DIRECT_SLOTS(%r1, %r2)
.Llook:
	lg	%r2, 0(%r1)
	cgrjne	%r2, %r0, .Lnext
	lg	%r2, XLP_DIRECT_SLOT_TARGETS(%r1)
	lg	%r1, 0(%r2)
	clgijnh	%r1, XLP_DIRECT_ASK, .Lno_target
	lg	%r2, SAVED_R2(%r15)
	BR_EX	%r1

.Lnext:
	aghi	%r1, XLP_DIRECT_SLOT_SIZE
	cgijne	%r2, 0, .Llook
.Lgo:
	lg	%r2, SAVED_R2(%r15)
	lgr	%r1, %r0
	BR_EX	%r1

.Lno_target:
	clgijl	%r1, XLP_DIRECT_ASK, .Lgo
	stmg	%r3, %r5, SAVED_R2 + 8(%r15)
	stg	%r14, SAVED_R14(%r15)
	/* The function's frame, as if it had begun, and the trampoline's. r6 is C's to keep. */
	lgr	%r1, %r15
	aghi	%r15, -STACK_FRAME_OVERHEAD
	stg	%r1, __SF_BACKCHAIN(%r15)
	stg	%r0, SAVED_R14(%r15)
	lgr	%r1, %r15
	aghi	%r15, -STACK_FRAME_OVERHEAD
	stg	%r1, __SF_BACKCHAIN(%r15)
	brasl	%r14, xlp_target_of_task
	lgr	%r1, %r2
	lg	%r0, STACK_FRAME_OVERHEAD + SAVED_R14(%r15)
	aghi	%r15, 2 * STACK_FRAME_OVERHEAD
	lg	%r14, SAVED_R14(%r15)
	lmg	%r3, %r5, SAVED_R2 + 8(%r15)
	cgije	%r1, 0, .Lgo
	lg	%r2, SAVED_R2(%r15)
	BR_EX	%r1
SYM_CODE_END(xlp_direct_trampoline)

SYM_CODE_START(xlp_direct_trampoline_end)
	.insn	e, 0
SYM_CODE_END(xlp_direct_trampoline_end)
