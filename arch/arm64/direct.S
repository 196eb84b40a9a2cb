/* SPDX-License-Identifier: GPL-2.0 */
/*
 * direct.S - what ftrace calls in place of what it would trace
 *
 * x30 is the return address in the function, behind ftrace's call, and x9 the caller's. x10 to
 * x17 are free there. ftrace calls it (BL) where that reaches, and comes by BR X17 from
 * ftrace_caller where it does not or when it has called others first, with all registers as they
 * are here.
 *
 * It leaves by a RET, as ftrace_caller does: that needs no landing pad at the target, which a
 * function whose address the compiler has never seen taken has not, and the processor's own stack
 * of return addresses is right again behind it.
 *
 * An exception inside has all of these registers on the stack. Frame records begin with the call
 * of C, whose return address is in here, and no walk goes on from there or from an exception.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm-generic/xlp/direct.h>

/* Then a search takes the same step to the first slot as to the next ones. */
#if XLP_DIRECT_SLOTS != XLP_DIRECT_SLOT_SIZE
# error "slots begin behind as many bytes as they have"
#endif

	.text
	.balign	16
SYM_CODE_START(xlp_direct_trampoline)
	bti	c
	adrp	x10, xlp_direct_table
	mov	w11, #XLP_DIRECT_FACTOR & 0xffff
	ldr	x10, [x10, #:lo12:xlp_direct_table]
	movk	w11, #XLP_DIRECT_FACTOR >> 16, lsl #16
	mul	x11, x30, x11
	ldr	x12, [x10]
	and	x11, x12, x11, lsr #XLP_DIRECT_SHIFT
	add	x10, x10, x11
.Llook:
	ldr	x11, [x10, #XLP_DIRECT_SLOT_SIZE]!
	eor	x12, x11, x30
	cbnz	x12, .Lnext
	/* Adds 0: what is read there comes by this from the address, and so is not older. */
	add	x10, x10, x12
	ldr	x10, [x10, #XLP_DIRECT_SLOT_TARGETS]
	/* Acquires, as xlp_target_now() does: the new function sees what its module wrote. */
	ldar	x16, [x10]
	cmp	x16, #XLP_DIRECT_ASK
	b.ls	.Lno_target
	mov	x30, x9
	ret	x16

.Lnext:
	cbnz	x11, .Llook
.Lgo:
	mov	x10, x30
	mov	x30, x9
	ret	x10

.Lno_target:
	b.lo	.Lgo
	/* The function's record, as if it had begun, and the trampoline's. */
	stp	x29, x9, [sp, #-16]!
	mov	x29, sp
	stp	x29, x30, [sp, #-96]!
	mov	x29, sp
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	stp	x6, x7, [sp, #64]
	str	x8, [sp, #80]
	mov	x0, x10
	bl	xlp_target_of_task
	mov	x16, x0
	ldr	x8, [sp, #80]
	ldp	x6, x7, [sp, #64]
	ldp	x4, x5, [sp, #48]
	ldp	x2, x3, [sp, #32]
	ldp	x0, x1, [sp, #16]
	ldp	x29, x30, [sp], #96
	ldp	x29, x9, [sp], #16
	cbz	x16, .Lgo
	mov	x30, x9
	ret	x16
SYM_CODE_END(xlp_direct_trampoline)

SYM_CODE_START(xlp_direct_trampoline_end)
	brk	#0
SYM_CODE_END(xlp_direct_trampoline_end)
	NOKPROBE(xlp_direct_trampoline)
