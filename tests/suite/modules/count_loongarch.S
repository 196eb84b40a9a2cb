/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Free at a function's entry are t0 to t8. ftrace's call is the second instruction, so what
 * comes behind the first one is not yet the function.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/regdef.h>
#include "count.h"

.macro stub number
SYM_FUNC_START(xc_stub_\number)
	la.pcrel t1, xc_slots
	addi.d	t1, t1, XC_SLOT_SIZE * 0x\number
	li.w	t2, 1
	amadd.d	zero, t2, t1
	ld.d	t1, t1, XC_RESUME
	addi.d	t1, t1, 4
	jr	t1
SYM_FUNC_END(xc_stub_\number)
.endm

define_stubs
