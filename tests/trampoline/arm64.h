/* SPDX-License-Identifier: GPL-2.0 */
/* arm64.h - what arm64.S records, and what it should be */
#ifndef _TRAMPOLINE_ARM64_H
#define _TRAMPOLINE_ARM64_H

#define MACHINE	"arm64"
/* Behind the move to x9 and the call that a function begins with. */
#define xlp_arch_direct_return(site)	((site) + 8)
/* An indirect branch needs one, in pages where the processor is told to look for them. */
#define HAS_LANDING_PADS

struct registers {
	unsigned long x[9], stacked[2], return_address;
};

static inline struct registers registers_wanted(unsigned long after_call)
{
	return (struct registers){
		{ 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68 }, { 0x69, 0x6a },
		after_call,
	};
}

/* x19 to x29, and by how much the stack has moved. */
#define NR_KEPT		12
static const unsigned long kept_wanted[NR_KEPT] = {
	0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0,
};

/* All that C may change, but for x18, which is not C's. */
static inline void change_registers(void)
{
	asm volatile("mov x0, #-1; mov x1, #-1; mov x2, #-1; mov x3, #-1; mov x4, #-1\n\t"
		     "mov x5, #-1; mov x6, #-1; mov x7, #-1; mov x8, #-1; mov x9, #-1\n\t"
		     "mov x10, #-1; mov x11, #-1; mov x12, #-1; mov x13, #-1\n\t"
		     "mov x14, #-1; mov x15, #-1; mov x16, #-1; mov x17, #-1" :
		     : : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10",
		     "x11", "x12", "x13", "x14", "x15", "x16", "x17");
}

#endif /* _TRAMPOLINE_ARM64_H */
