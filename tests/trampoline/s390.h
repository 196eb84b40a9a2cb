/* SPDX-License-Identifier: GPL-2.0 */
/* s390.h - what s390.S records, and what it should be */
#ifndef _TRAMPOLINE_S390_H
#define _TRAMPOLINE_S390_H

#define MACHINE	"s390"
/* Behind the call that a function begins with. */
#define xlp_arch_direct_return(site)	((site) + 6)
/* Whoever follows the links between frames finds the function and its caller. */
#define HAS_BACK_CHAIN

struct registers {
	unsigned long r[5], stacked[2], return_address;
};

static inline struct registers registers_wanted(unsigned long after_call)
{
	return (struct registers){
		{ 0x60, 0x61, 0x62, 0x63, 0x64 }, { 0x65, 0x66 }, after_call,
	};
}

/* r6 to r13, and by how much the stack has moved. */
#define NR_KEPT		9
static const unsigned long kept_wanted[NR_KEPT] = {
	0x64, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0,
};

/* All that C may change. */
static inline void change_registers(void)
{
	asm volatile("lghi %%r0, -1; lghi %%r1, -1; lghi %%r2, -1; lghi %%r3, -1\n\t"
		     "lghi %%r4, -1; lghi %%r5, -1; lghi %%r14, -1" :
		     : : "r0", "r1", "r2", "r3", "r4", "r5", "r14");
}

/* What functions have saved of r14, beginning with whoever calls this. */
void find_returns(unsigned long *returns, unsigned long nr);

#endif /* _TRAMPOLINE_S390_H */
