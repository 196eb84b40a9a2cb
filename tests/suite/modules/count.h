/* SPDX-License-Identifier: GPL-2.0 */
/*
 * count.h - replacements that count a call and pass it on; also for assembly
 *
 * Each of a fixed pool of stubs has a slot: it adds one to the count and jumps to
 * the address beside it, in the original function behind ftrace's call. Nothing
 * has happened by then to what the caller passed, nor to where it returns to. Where calls
 * are not caught there but by a branch at the entry, the stub itself has the instruction
 * that stood there, and the address.
 */
#ifndef COUNT_H
#define COUNT_H

#define XC_STUBS	128	/* in the pool: see for_each_stub */
#define XC_SLOT_SIZE	16
#define XC_RESUME	8	/* offset of the address in a slot */

#ifndef __ASSEMBLY__
#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct xc_slot - what a stub works with
 * @count:	calls so far
 * @resume:	where it jumps to
 */
struct xc_slot {
	u64 count;
	unsigned long resume;
} __aligned(XC_SLOT_SIZE);	/* 32-bit x86 aligns u64 to 4 bytes, others to 8 */

/* count.c */
extern struct xc_slot xc_slots[XC_STUBS];

/* count_ARCH.S: the addresses of the stubs */
extern void * const xc_stubs[XC_STUBS];

#else /* __ASSEMBLY__ */

/* for_each_stub MACRO: MACRO NUMBER, for each number of the pool, in hexadecimal */
.macro for_each_stub macro
	.irp	high, 0, 1, 2, 3, 4, 5, 6, 7
	.irp	low, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, a, b, c, d, e, f
	\macro	\high\low
	.endr
	.endr
.endm

#ifdef CONFIG_64BIT
# define XC_ADDRESS	.quad
#else
# define XC_ADDRESS	.long
#endif

.macro address_of_stub number
	XC_ADDRESS	xc_stub_\number
.endm

/* define_stubs: by the macro "stub NUMBER", which defines xc_stub_NUMBER */
.macro define_stubs
	.text
	for_each_stub stub
	.section .rodata, "a"
	.balign	8
SYM_DATA_START(xc_stubs)
	for_each_stub address_of_stub
SYM_DATA_END(xc_stubs)
.endm

#endif /* __ASSEMBLY__ */

#endif /* COUNT_H */
