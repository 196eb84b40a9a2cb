/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask are register numbers: 22 is fp, 23 to 31 are s0 to s8.
 */
#include <linux/linkage.h>
#include <asm/regdef.h>

#define FRAME	112

.macro check reg
	li.w	t0, 0x5b00 + \reg
	beq	$r\reg, t0, .Lkept_\@
	li.w	t1, 1
	slli.d	t1, t1, \reg
	or	a0, a0, t1
.Lkept_\@:
.endm

SYM_FUNC_START(xt_regs_probe)
	addi.d	sp, sp, -FRAME
	st.d	ra, sp, 104
	.irp	reg, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	st.d	$r\reg, sp, (\reg - 22) * 8
	.endr
	st.d	a1, sp, 96
	.irp	reg, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	li.w	$r\reg, 0x5b00 + \reg
	.endr
	bl	xt_leaf
	ld.d	a1, sp, 96
	st.d	a0, a1, 0
	move	a0, zero
	.irp	reg, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	check	\reg
	.endr
	.irp	reg, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld.d	$r\reg, sp, (\reg - 22) * 8
	.endr
	ld.d	ra, sp, 104
	addi.d	sp, sp, FRAME
	jr	ra
SYM_FUNC_END(xt_regs_probe)
