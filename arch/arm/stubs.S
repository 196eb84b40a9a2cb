/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stubs.S - what branches at the entries of functions lead to
 *
 * A stub gets a call as the caller has made it: arguments in r0 to r3 and on the stack,
 * the return address in lr. ip and the flags are free there. All of that but those two is
 * the same when it goes on, in the new function or in the old one. They are code
 * of xlp.ko, and so near enough to the kernel's text for a branch, unless the region
 * of modules was full.
 */
#include <asm/xlp-branch.h>

	.text
	.arm
	.balign	4
	.globl	xlp_stubs
xlp_stubs:
	.fnstart
	.cantunwind
	.rept	XLP_NR_STUBS
0:	push	{r0-r3, ip, lr}		@ six words: sp stays aligned to 8
	ldr	r0, 1f
	bl	xlp_stub_choose
	cmp	r0, #0
	str	r0, [sp, #16]		@ what ip is to be
	pop	{r0-r3, ip, lr}
	bxne	ip
	nop				@ the displaced instruction
	ldr	pc, 2f
1:	.word	0			@ the hook
2:	.word	0			@ where the function goes on
	.if	. - 0b != XLP_STUB_SIZE
	.error	"struct xlp_stub is not what it says"
	.endif
	.endr
	.fnend
