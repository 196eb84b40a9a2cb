/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls are caught by a branch in place of a function's first instruction, so a stub has
 * that, too. Free at a function's entry are ip and the flags, but that instruction may set ip.
 */
#include <linux/linkage.h>
#include "arch_arm.h"
#include "count.h"

	.syntax	unified
	.arm

.macro stub number
SYM_FUNC_START(xc_stub_\number)
	.fnstart
	.cantunwind
	push	{r0-r3}
	movw	r0, #:lower16:(xc_slots + XC_SLOT_SIZE * 0x\number)
	movt	r0, #:upper16:(xc_slots + XC_SLOT_SIZE * 0x\number)
.Lagain_\number:
	ldrexd	r2, r3, [r0]
	adds	r2, r2, #1
	adc	r3, r3, #0
	strexd	r1, r2, r3, [r0]
	teq	r1, #0
	bne	.Lagain_\number
	pop	{r0-r3}
	.if	. - xc_stub_\number != XT_COUNT_DISPLACED
	.error	"XT_COUNT_DISPLACED is wrong"
	.endif
	nop
	ldr	pc, .Lresume_\number
	.if	. - xc_stub_\number != XT_COUNT_RESUME
	.error	"XT_COUNT_RESUME is wrong"
	.endif
.Lresume_\number:
	.word	0
	.fnend
SYM_FUNC_END(xc_stub_\number)
.endm

define_stubs
