/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask are register numbers: 4 to 11, 13 the stack pointer. A value of 64 bits
 * is in two registers, the pointer in the third.
 */
#include <linux/linkage.h>

	.syntax	unified
	.arm

.macro check reg
	movw	r3, #(0x5b00 + \reg)
	cmp	r\reg, r3
	orrne	ip, ip, #(1 << \reg)
.endm

ENTRY(xt_regs_probe)
	push	{r2, r4-r11, lr}
	sub	r3, sp, #8
	push	{r3, r4}		@ where sp is to be
	.irp	reg, 4, 5, 6, 7, 8, 9, 10, 11
	movw	r\reg, #(0x5b00 + \reg)
	.endr
	bl	xt_leaf
	mov	ip, #0
	.irp	reg, 4, 5, 6, 7, 8, 9, 10, 11
	check	\reg
	.endr
	ldr	r3, [sp]
	cmp	sp, r3
	orrne	ip, ip, #(1 << 13)
	add	sp, sp, #8
	ldr	r2, [sp]
	strd	r0, r1, [r2]
	mov	r0, ip
	pop	{r2, r4-r11, pc}
ENDPROC(xt_regs_probe)
