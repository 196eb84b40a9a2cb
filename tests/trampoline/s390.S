/* SPDX-License-Identifier: GPL-2.0 */
/*
 * s390.S - functions that call the trampoline, one in their place, and who calls them
 *
 * Each records what it has been given and returns a number of its own.
 */
	.text
.macro RECORD result
	larl	%r1, given
	stmg	%r2, %r6, 0(%r1)
	mvc	40(16, %r1), 160(%r15)
	stg	%r14, 56(%r1)
	lghi	%r2, \result
	br	%r14
.endm
	.globl old_one, old_two, new_one, call_with_all, find_returns
	.balign	8
old_one:
	brasl	%r0, xlp_direct_trampoline
	RECORD	1
	.balign	8
old_two:
	brasl	%r0, xlp_direct_trampoline
	RECORD	2
new_one:
	RECORD	3

call_with_all:
	stmg	%r6, %r15, 48(%r15)
	lgr	%r1, %r15
	aghi	%r15, -184
	stg	%r1, 0(%r15)
	mvghi	160(%r15), 0x65
	mvghi	168(%r15), 0x66
	lgr	%r1, %r2
	larl	%r2, 1f
	larl	%r3, after_call
	stg	%r2, 0(%r3)
	larl	%r3, sp_before
	stg	%r15, 0(%r3)
	lghi	%r2, 0x60
	lghi	%r3, 0x61
	lghi	%r4, 0x62
	lghi	%r5, 0x63
	lghi	%r6, 0x64
	lghi	%r7, 0x51
	lghi	%r8, 0x52
	lghi	%r9, 0x53
	lghi	%r10, 0x54
	lghi	%r11, 0x55
	lghi	%r12, 0x56
	lghi	%r13, 0x57
	basr	%r14, %r1
1:	larl	%r1, kept
	stmg	%r6, %r13, 0(%r1)
	larl	%r3, sp_before
	lg	%r3, 0(%r3)
	lgr	%r4, %r15
	sgr	%r4, %r3
	stg	%r4, 64(%r1)
	lgr	%r15, %r3
	lmg	%r6, %r15, 232(%r15)
	br	%r14

find_returns:
	lg	%r1, 0(%r15)
0:	mvc	0(8, %r2), 112(%r1)
	la	%r2, 8(%r2)
	lg	%r1, 0(%r1)
	brctg	%r3, 0b
	br	%r14

	.local	sp_before
	.comm	sp_before, 8, 8
	.section .note.GNU-stack, "", %progbits
