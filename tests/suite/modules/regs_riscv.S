/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask are register numbers: 9 and 18 to 27 are s1 to s11, 8 is the
 * frame pointer, 2 the stack pointer.
 */
#include <linux/linkage.h>

#ifdef CONFIG_64BIT
#define FRAME	128

.macro check reg
	li	t1, 0x5b00 + \reg
	beq	x\reg, t1, .Lkept_\@
	li	t1, 1 << \reg
	or	a0, a0, t1
.Lkept_\@:
.endm

SYM_FUNC_START(xt_regs_probe)
	addi	sp, sp, -FRAME
	sd	ra, FRAME - 8(sp)
	sd	s0, FRAME - 16(sp)
	addi	s0, sp, FRAME
	sd	s1, 0(sp)
	sd	s2, 8(sp)
	sd	s3, 16(sp)
	sd	s4, 24(sp)
	sd	s5, 32(sp)
	sd	s6, 40(sp)
	sd	s7, 48(sp)
	sd	s8, 56(sp)
	sd	s9, 64(sp)
	sd	s10, 72(sp)
	sd	s11, 80(sp)
	sd	a1, 88(sp)
	sd	sp, 96(sp)
	.irp	reg, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	li	x\reg, 0x5b00 + \reg
	.endr
	call	xt_leaf
	ld	a1, 88(sp)
	sd	a0, 0(a1)
	li	a0, 0
	.irp	reg, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	check	\reg
	.endr
	ld	t1, 96(sp)
	beq	sp, t1, 1f
	ori	a0, a0, 1 << 2
1:	addi	t1, t1, FRAME
	beq	s0, t1, 1f
	ori	a0, a0, 1 << 8
1:	ld	s1, 0(sp)
	ld	s2, 8(sp)
	ld	s3, 16(sp)
	ld	s4, 24(sp)
	ld	s5, 32(sp)
	ld	s6, 40(sp)
	ld	s7, 48(sp)
	ld	s8, 56(sp)
	ld	s9, 64(sp)
	ld	s10, 72(sp)
	ld	s11, 80(sp)
	ld	ra, FRAME - 8(sp)
	ld	s0, FRAME - 16(sp)
	addi	sp, sp, FRAME
	ret
SYM_FUNC_END(xt_regs_probe)
#endif
