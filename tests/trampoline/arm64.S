/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arm64.S - functions that call the trampoline, one in their place, and who calls them
 *
 * Each records what it has been given and returns a number of its own.
 */
	.text
.macro RECORD result
	adrp	x10, given
	add	x10, x10, #:lo12:given
	stp	x0, x1, [x10]
	stp	x2, x3, [x10, #16]
	stp	x4, x5, [x10, #32]
	stp	x6, x7, [x10, #48]
	str	x8, [x10, #64]
	ldp	x11, x12, [sp]
	stp	x11, x12, [x10, #72]
	str	x30, [x10, #88]
	mov	x0, #\result
	ret
.endm
	.globl old_one, old_two, old_far, new_one, call_with_all
old_one:
	mov	x9, x30
	bl	xlp_direct_trampoline
	RECORD	1
old_two:
	mov	x9, x30
	bl	xlp_direct_trampoline
	RECORD	2
old_far:
	mov	x9, x30
	bl	ftrace_caller
	RECORD	4
/* Where a BL does not reach the trampoline. */
ftrace_caller:
	adrp	x17, xlp_direct_trampoline
	add	x17, x17, #:lo12:xlp_direct_trampoline
	br	x17

/* A page of its own, without a landing pad. */
	.balign	4096
new_one:
	RECORD	3
	.balign	4096

call_with_all:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mov	x17, x0
	adr	x0, 1f
	adrp	x10, after_call
	str	x0, [x10, #:lo12:after_call]
	adrp	x10, sp_before
	mov	x11, sp
	str	x11, [x10, #:lo12:sp_before]
	mov	x19, #0x50
	mov	x20, #0x51
	mov	x21, #0x52
	mov	x22, #0x53
	mov	x23, #0x54
	mov	x24, #0x55
	mov	x25, #0x56
	mov	x26, #0x57
	mov	x27, #0x58
	mov	x28, #0x59
	mov	x29, #0x5a
	mov	x0, #0x69
	mov	x1, #0x6a
	stp	x0, x1, [sp, #-16]!
	mov	x0, #0x60
	mov	x1, #0x61
	mov	x2, #0x62
	mov	x3, #0x63
	mov	x4, #0x64
	mov	x5, #0x65
	mov	x6, #0x66
	mov	x7, #0x67
	mov	x8, #0x68
	blr	x17
1:	add	sp, sp, #16
	adrp	x10, kept
	add	x10, x10, #:lo12:kept
	stp	x19, x20, [x10]
	stp	x21, x22, [x10, #16]
	stp	x23, x24, [x10, #32]
	stp	x25, x26, [x10, #48]
	stp	x27, x28, [x10, #64]
	str	x29, [x10, #80]
	adrp	x11, sp_before
	ldr	x11, [x11, #:lo12:sp_before]
	mov	x12, sp
	sub	x12, x12, x11
	str	x12, [x10, #88]
	mov	sp, x11
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #96
	ret

	.local	sp_before
	.comm	sp_before, 8, 8
	.section .note.GNU-stack, "", %progbits
