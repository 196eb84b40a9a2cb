/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask are register numbers: 19 to 28, 29 the frame pointer.
 */
#include <linux/linkage.h>

#define FRAME	112

.macro check reg
	mov	x10, #(0x5b00 + \reg)
	cmp	x\reg, x10
	b.eq	.Lkept_\@
	orr	x0, x0, #(1 << \reg)
.Lkept_\@:
.endm

SYM_FUNC_START(xt_regs_probe)
	stp	x29, x30, [sp, #-FRAME]!
	mov	x29, sp
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x1, [sp, #96]
	.irp	reg, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
	mov	x\reg, #(0x5b00 + \reg)
	.endr
	bl	xt_leaf
	ldr	x1, [sp, #96]
	str	x0, [x1]
	mov	x0, #0
	.irp	reg, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
	check	\reg
	.endr
	mov	x10, sp
	cmp	x29, x10
	b.eq	1f
	orr	x0, x0, #(1 << 29)
1:	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #FRAME
	ret
SYM_FUNC_END(xt_regs_probe)
