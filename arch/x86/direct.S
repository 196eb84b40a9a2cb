/* SPDX-License-Identifier: GPL-2.0 */
/*
 * direct.S - what ftrace calls in place of what it would trace
 *
 * The return address is that in the function, behind ftrace's call, and the caller's lies above
 * it. r10, r11 and the flags are free there. ftrace may also come by a jump, when it has called
 * others first, with the stack as it is here.
 *
 * It leaves by a RET at the end, as ftrace's own trampolines do: that needs no ENDBR at the
 * target, and the processor's own stack of return addresses is right again behind it.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/alternative.h>
#include <asm/asm.h>
#include <asm/cpufeatures.h>
#include <asm/frame.h>
#include <asm/nospec-branch.h>
#include <asm-generic/xlp/direct.h>

/* Nobody has counted the call that led here, so where calls are counted this is not either. */
.macro GO
#ifdef X86_FEATURE_CALL_DEPTH
	ALTERNATIVE __stringify(RET), \
		    __stringify(ANNOTATE_UNRET_SAFE; ret; int3), \
		    X86_FEATURE_CALL_DEPTH
#else
	RET
#endif
.endm

	.text
	.balign	16
SYM_START(xlp_direct_trampoline, SYM_L_GLOBAL, SYM_A_NONE)
	ANNOTATE_NOENDBR
	imul	$XLP_DIRECT_FACTOR, (%rsp), %r11
	mov	xlp_direct_table(%rip), %r10
	shr	$XLP_DIRECT_SHIFT, %r11
	and	(%r10), %r11
	add	%r10, %r11
.Llook:
	mov	XLP_DIRECT_SLOTS(%r11), %r10
	cmp	%r10, (%rsp)
	jne	.Lnext
	mov	XLP_DIRECT_SLOTS + XLP_DIRECT_SLOT_TARGETS(%r11), %r10
	mov	(%r10), %r11
	cmp	$XLP_DIRECT_ASK, %r11
	jbe	.Lno_target
	mov	%r11, (%rsp)
	GO

.Lnext:
	add	$XLP_DIRECT_SLOT_SIZE, %r11
	test	%r10, %r10
	jnz	.Llook
	jmp	.Lgo

.Lno_target:
	jb	.Lgo
	FRAME_BEGIN
	push	%rax
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%r8
	push	%r9
	mov	%r10, %rdi
	call	xlp_target_of_task
	mov	%rax, %r11
	pop	%r9
	pop	%r8
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rax
	FRAME_END
	test	%r11, %r11
	jz	.Lgo
	mov	%r11, (%rsp)
.Lgo:
	GO
SYM_FUNC_END(xlp_direct_trampoline)

	.globl	xlp_direct_trampoline_end
xlp_direct_trampoline_end:
	ANNOTATE_NOENDBR
	int3
_ASM_NOKPROBE(xlp_direct_trampoline)
