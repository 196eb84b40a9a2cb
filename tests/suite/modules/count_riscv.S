/* SPDX-License-Identifier: GPL-2.0 */
/* Free at a function's entry are t0 to t6. ftrace's call site links by t0. */
#include <linux/linkage.h>
#include "count.h"

#ifdef CONFIG_64BIT
.macro stub number
SYM_FUNC_START(xc_stub_\number)
	la	t1, xc_slots + XC_SLOT_SIZE * 0x\number
	li	t2, 1
	amoadd.d zero, t2, (t1)
	ld	t1, XC_RESUME(t1)
	jr	t1
SYM_FUNC_END(xc_stub_\number)
.endm

define_stubs
#endif
