/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unsigned long xt_regs_probe(u64 arg, u64 *ret)
 *
 * Bits of the mask are register numbers: 6 to 13, 15 the stack pointer.
 */
#include <linux/linkage.h>

#define FRAME	176

.macro check reg
	cghi	%r\reg, 0x5b00 + \reg
	je	.Lkept_\@
	oill	%r2, 1 << \reg
.Lkept_\@:
.endm

SYM_FUNC_START(xt_regs_probe)
	stmg	%r6, %r15, 48(%r15)
	lgr	%r1, %r15
	aghi	%r15, -FRAME
	stg	%r1, 0(%r15)
	stg	%r3, 160(%r15)
	stg	%r15, 168(%r15)
	.irp	reg, 6, 7, 8, 9, 10, 11, 12, 13
	lghi	%r\reg, 0x5b00 + \reg
	.endr
	brasl	%r14, xt_leaf
	lg	%r3, 160(%r15)
	stg	%r2, 0(%r3)
	lghi	%r2, 0
	.irp	reg, 6, 7, 8, 9, 10, 11, 12, 13
	check	\reg
	.endr
	cg	%r15, 168(%r15)
	je	1f
	oill	%r2, 1 << 15
1:	lmg	%r6, %r15, FRAME + 48(%r15)
	br	%r14
SYM_FUNC_END(xt_regs_probe)
