/* SPDX-License-Identifier: GPL-2.0 */
/*
 * direct.S - what ftrace calls in place of what it would trace
 *
 * t0 is the return address in the function, behind ftrace's call, and ra the caller's. t1 to t6 are
 * free there, where gcc has compiled the kernel: clang hands on arguments in them. ftrace calls it
 * (AUIPC, JALR), or comes by JR from ftrace_caller, as 7.2 does always, with all registers as here.
 *
 * It leaves by JR T0, as ftrace_caller does: t0 is a link register, so this takes the call of the
 * trampoline off the processor's own stack of return addresses.
 *
 * An exception inside has all of these registers on the stack. Frame records begin with the call
 * of C, whose return address is in here, and no walk goes on from there or from an exception.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm-generic/xlp/direct.h>

#define FRAME	96
.macro arguments instruction
	.irp	nr, 0, 1, 2, 3, 4, 5, 6, 7
	\instruction a\nr, \nr * 8(sp)
	.endr
.endm

	.text
	.balign	16
SYM_CODE_START(xlp_direct_trampoline)
	li	t1, XLP_DIRECT_FACTOR
	ld	t2, xlp_direct_table
	mul	t1, t0, t1
	ld	t3, (t2)
	srli	t1, t1, XLP_DIRECT_SHIFT
	and	t1, t1, t3
	add	t1, t1, t2
.Llook:
	ld	t2, XLP_DIRECT_SLOTS(t1)
	xor	t3, t2, t0
	bnez	t3, .Lnext
	/* Adds 0: what is read there comes by this from the address, and so is not older. */
	add	t1, t1, t3
	ld	t1, XLP_DIRECT_SLOTS + XLP_DIRECT_SLOT_TARGETS(t1)
	li	t3, XLP_DIRECT_ASK
	ld	t2, (t1)
	bgeu	t3, t2, .Lno_target
	/* Acquires, as xlp_target_now() does: the new function sees what its module wrote. */
	fence	r, rw
	mv	t0, t2
.Lgo:
	jr	t0

.Lnext:
	addi	t1, t1, XLP_DIRECT_SLOT_SIZE
	bnez	t2, .Llook
	jr	t0

.Lno_target:
	bne	t2, t3, .Lgo
	/* The function's record, as if it had begun, and the trampoline's. */
	addi	sp, sp, -FRAME
	sd	ra, FRAME - 8(sp)
	sd	s0, FRAME - 16(sp)
	addi	s0, sp, FRAME
	sd	t0, FRAME - 24(sp)
	sd	s0, FRAME - 32(sp)
	addi	s0, sp, FRAME - 16
	arguments sd
	mv	a0, t1
	call	xlp_target_of_task
	mv	t1, a0
	arguments ld
	ld	t0, FRAME - 24(sp)
	ld	s0, FRAME - 16(sp)
	ld	ra, FRAME - 8(sp)
	addi	sp, sp, FRAME
	beqz	t1, .Lgo
	mv	t0, t1
	jr	t0
SYM_CODE_END(xlp_direct_trampoline)

SYM_CODE_START(xlp_direct_trampoline_end)
	ebreak
SYM_CODE_END(xlp_direct_trampoline_end)
ASM_NOKPROBE(xlp_direct_trampoline)
