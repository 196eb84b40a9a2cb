/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask: 0 rbx, 1 rbp, 2 r12, 3 r13, 4 r14, 6 r15 or rsp,
 * 7 direction flag. Of 32 bits: 0 ebx, 1 ebp, 2 esi, 3 edi, 6 esp, 7.
 */
#include <linux/linkage.h>
#include <asm/asm.h>

.macro check bit reg pattern
	cmp	$\pattern, \reg
	je	.Lkept_\@
	or	$(1 << \bit), %_ASM_AX
.Lkept_\@:
.endm

#ifdef CONFIG_X86_64
SYM_FUNC_START(xt_regs_probe)
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rsi
	mov	$0x5b00, %rbx
	mov	$0x5b01, %rbp
	mov	$0x5b02, %r12
	mov	$0x5b03, %r13
	mov	$0x5b04, %r14
	mov	%rsp, %r15
	call	xt_leaf
	mov	%rax, %rcx
	xor	%eax, %eax
	check	0 %rbx 0x5b00
	check	1 %rbp 0x5b01
	check	2 %r12 0x5b02
	check	3 %r13 0x5b03
	check	4 %r14 0x5b04
	cmp	%r15, %rsp
	je	1f
	or	$(1 << 6), %rax
1:	pushf
	pop	%rdx
	test	$(1 << 10), %edx
	jz	2f
	or	$(1 << 7), %rax
2:	pop	%rsi
	mov	%rcx, (%rsi)
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	RET
SYM_FUNC_END(xt_regs_probe)
#else
/* The argument is in eax and edx, the pointer in ecx. */
SYM_FUNC_START(xt_regs_probe)
	push	%ebx
	push	%ebp
	push	%esi
	push	%edi
	push	%ecx
	mov	$0x5b00, %ebx
	mov	$0x5b01, %ebp
	mov	$0x5b02, %esi
	mov	$0x5b03, %edi
	push	%esp
	call	xt_leaf
	push	%eax
	xor	%eax, %eax
	check	0 %ebx 0x5b00
	check	1 %ebp 0x5b01
	check	2 %esi 0x5b02
	check	3 %edi 0x5b03
	lea	8(%esp), %ecx
	cmp	4(%esp), %ecx
	je	1f
	or	$(1 << 6), %eax
1:	pushf
	pop	%ecx
	test	$(1 << 10), %ecx
	jz	2f
	or	$(1 << 7), %eax
2:	pop	%ebx
	pop	%ecx
	pop	%ecx
	mov	%ebx, (%ecx)
	mov	%edx, 4(%ecx)
	pop	%edi
	pop	%esi
	pop	%ebp
	pop	%ebx
	RET
SYM_FUNC_END(xt_regs_probe)
#endif
