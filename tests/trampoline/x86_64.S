/* SPDX-License-Identifier: GPL-2.0 */
/*
 * x86_64.S - two functions that call the trampoline, one in their place, and who calls them
 *
 * Each records what it has been given and returns a number of its own.
 */
	.text
.macro RECORD result
	mov	%rax, given(%rip)
	mov	%rdi, given + 8(%rip)
	mov	%rsi, given + 16(%rip)
	mov	%rdx, given + 24(%rip)
	mov	%rcx, given + 32(%rip)
	mov	%r8, given + 40(%rip)
	mov	%r9, given + 48(%rip)
	mov	8(%rsp), %rax
	mov	%rax, given + 56(%rip)
	mov	16(%rsp), %rax
	mov	%rax, given + 64(%rip)
	mov	(%rsp), %rax
	mov	%rax, given + 72(%rip)
	mov	$\result, %eax
	ret
.endm
	.globl old_one, old_two, new_one, call_with_all
old_one:
	call	xlp_direct_trampoline
	RECORD	1
old_two:
	call	xlp_direct_trampoline
	RECORD	2
new_one:
	RECORD	3
call_with_all:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rdi, %r10
	lea	1f(%rip), %rax
	mov	%rax, after_call(%rip)
	mov	$0x50, %ebx
	mov	$0x51, %ebp
	mov	$0x52, %r12d
	mov	$0x53, %r13d
	mov	$0x54, %r14d
	mov	%rsp, %r15
	mov	$0x60, %eax
	mov	$0x61, %edi
	mov	$0x62, %esi
	mov	$0x63, %edx
	mov	$0x64, %ecx
	mov	$0x65, %r8d
	mov	$0x66, %r9d
	push	$0x68
	push	$0x67
	call	*%r10
1:	add	$16, %rsp
	mov	%rbx, kept(%rip)
	mov	%rbp, kept + 8(%rip)
	mov	%r12, kept + 16(%rip)
	mov	%r13, kept + 24(%rip)
	mov	%r14, kept + 32(%rip)
	sub	%rsp, %r15
	mov	%r15, kept + 40(%rip)
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

	.section .note.GNU-stack, "", @progbits
