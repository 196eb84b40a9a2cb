/* SPDX-License-Identifier: GPL-2.0 */
/*
 * riscv.S - functions that call the trampoline, one in their place, and who calls them
 *
 * Each records what it has been given and returns a number of its own.
 */
	.text
	/* A call is two instructions, as ftrace makes it. */
	.option norelax
.macro save first, at, nrs:vararg
	.irp	nr, \nrs
	sd	\first\nr, \at + \nr * 8(t1)
	.endr
.endm

.macro RECORD result
	la	t1, given
	save	a, 0, 0, 1, 2, 3, 4, 5, 6, 7
	ld	t2, (sp)
	ld	t3, 8(sp)
	sd	t2, 64(t1)
	sd	t3, 72(t1)
	sd	ra, 80(t1)
	li	a0, \result
	ret
.endm
	.globl old_one, old_two, new_one, call_with_all, find_returns
	.balign	8
old_one:
	call	t0, xlp_direct_trampoline
	RECORD	1
	.balign	8
old_two:
	call	t0, xlp_direct_trampoline
	RECORD	2
new_one:
	RECORD	3

call_with_all:
	addi	sp, sp, -112
	sd	ra, 96(sp)
	mv	t1, sp
	save	s, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	sd	sp, sp_before, t1
	mv	t2, a0
	la	t1, 1f
	sd	t1, after_call, t3
	addi	sp, sp, -16
	li	t1, 0x68
	sd	t1, (sp)
	li	t1, 0x69
	sd	t1, 8(sp)
	.irp	nr, 0, 1, 2, 3, 4, 5, 6, 7
	li	a\nr, 0x60 + \nr
	.endr
	.irp	nr, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	li	s\nr, 0x50 + \nr
	.endr
	jalr	t2
1:	addi	sp, sp, 16
	la	t1, kept
	save	s, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	ld	t2, sp_before
	sub	t3, sp, t2
	sd	t3, 96(t1)
	mv	sp, t2
	.irp	nr, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	ld	s\nr, \nr * 8(sp)
	.endr
	ld	ra, 96(sp)
	addi	sp, sp, 112
	ret

find_returns:
	mv	t1, s0
0:	ld	t2, -8(t1)
	sd	t2, (a0)
	addi	a0, a0, 8
	ld	t1, -16(t1)
	addi	a1, a1, -1
	bnez	a1, 0b
	ret

	.local	sp_before
	.comm	sp_before, 8, 8
	.section .note.GNU-stack, "", %progbits
