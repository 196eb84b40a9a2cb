/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Free at a function's entry are x9 to x17. ftrace's call site has put the link
 * register into x9 for its trampoline only. Leaves by a RET, which BTI does not
 * check.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include "count.h"

.macro stub number
SYM_FUNC_START(xc_stub_\number)
	adr_l	x16, xc_slots + XC_SLOT_SIZE * 0x\number
.Lagain_\number:
	ldxr	x17, [x16]
	add	x17, x17, #1
	stxr	w10, x17, [x16]
	cbnz	w10, .Lagain_\number
	ldr	x16, [x16, #XC_RESUME]
	ret	x16
SYM_FUNC_END(xc_stub_\number)
.endm

define_stubs
