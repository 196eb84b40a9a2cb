/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Free at a function's entry are r0, r11, r12 and ctr. r12 is the stub's own
 * address. The original expects the link register in r0, too, and in r2 the TOC of
 * its object, the kernel's: whoever called the stub may have used r2 by then.
 */
#ifdef CONFIG_PPC64
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/ppc_asm.h>
#include "count.h"

.macro stub number
_GLOBAL(xc_stub_\number)
	addis	r11, r12, (xc_slots + XC_SLOT_SIZE * 0x\number - xc_stub_\number)@ha
	addi	r11, r11, (xc_slots + XC_SLOT_SIZE * 0x\number - xc_stub_\number)@l
.Lagain_\number:
	ldarx	r12, 0, r11
	addi	r12, r12, 1
	stdcx.	r12, 0, r11
	bne-	.Lagain_\number
	ld	r12, XC_RESUME(r11)
	mtctr	r12
	ld	r2, PACATOC(r13)
	mflr	r0
	bctr
.endm

define_stubs
#endif
