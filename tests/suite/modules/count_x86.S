/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leaves by a return, which needs no ENDBR where it goes. As if the original had
 * called the stub, so a stack walk in between is right, too.
 */
#include <linux/linkage.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>
#include "count.h"

.macro stub number
SYM_FUNC_START(xc_stub_\number)
	ENDBR	/* there are pointers to it */
#ifdef CONFIG_X86_64
	lock incq	xc_slots + XC_SLOT_SIZE * 0x\number(%rip)
	pushq	xc_slots + XC_SLOT_SIZE * 0x\number + XC_RESUME(%rip)
#else
	lock incl	xc_slots + XC_SLOT_SIZE * 0x\number
	jnz	.Lcounted_\number
	lock incl	xc_slots + XC_SLOT_SIZE * 0x\number + 4
.Lcounted_\number:
	pushl	xc_slots + XC_SLOT_SIZE * 0x\number + XC_RESUME
#endif
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(xc_stub_\number)
.endm

define_stubs
