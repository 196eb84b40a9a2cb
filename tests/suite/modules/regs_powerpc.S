/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask are register numbers: 2 the TOC, 14 to 31; bit 0 the
 * condition fields 2 to 4. The call stays within the module, so nothing but
 * the callee itself can have kept r2 right.
 */
#ifdef CONFIG_PPC64
#include <linux/linkage.h>
#include <asm/ppc_asm.h>

#define SAVED_GPR	112
#define SAVED_RET	264
#define SAVED_TOC	272
#define FRAME		288

.macro check reg
	cmpdi	\reg, 0x5b00 + \reg
	beq	.Lkept_\@
	oris	3, 3, ((1 << \reg) >> 16)
	ori	3, 3, ((1 << \reg) & 0xffff)
.Lkept_\@:
.endm

_GLOBAL_TOC(xt_regs_probe)
	mflr	0
	std	0, 16(1)
	mfcr	0
	stw	0, 8(1)
	stdu	1, -FRAME(1)
	.irp	reg, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	std	\reg, (SAVED_GPR + 8 * (\reg - 14))(1)
	.endr
	std	4, SAVED_RET(1)
	std	2, SAVED_TOC(1)
	.irp	reg, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	li	\reg, 0x5b00 + \reg
	.endr
	lis	0, 0x005a
	ori	0, 0, 0x6000
	mtcrf	0x38, 0
	bl	xt_leaf
	nop
	ld	4, SAVED_RET(1)
	std	3, 0(4)
	li	3, 0
	mfcr	0
	rlwinm	0, 0, 0, 8, 19
	lis	5, 0x005a
	ori	5, 5, 0x6000
	cmpw	0, 5
	beq	1f
	ori	3, 3, 1
1:	.irp	reg, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	check	\reg
	.endr
	ld	5, SAVED_TOC(1)
	cmpd	2, 5
	beq	2f
	ori	3, 3, 4
	mr	2, 5
2:
	.irp	reg, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	\reg, (SAVED_GPR + 8 * (\reg - 14))(1)
	.endr
	addi	1, 1, FRAME
	lwz	0, 8(1)
	mtcrf	0x38, 0
	ld	0, 16(1)
	mtlr	0
	blr
#endif
