/* SPDX-License-Identifier: GPL-2.0 */
/* Free at a function's entry are %r0 and %r1. To add to memory is atomic. */
#include <linux/linkage.h>
#include "count.h"

.macro stub number
SYM_FUNC_START(xc_stub_\number)
	larl	%r1, xc_slots + XC_SLOT_SIZE * 0x\number
	agsi	0(%r1), 1
	lg	%r1, XC_RESUME(%r1)
	br	%r1
SYM_FUNC_END(xc_stub_\number)
.endm

define_stubs
