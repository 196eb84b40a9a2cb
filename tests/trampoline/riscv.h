/* SPDX-License-Identifier: GPL-2.0 */
/* riscv.h - what riscv.S records, and what it should be */
#ifndef _TRAMPOLINE_RISCV_H
#define _TRAMPOLINE_RISCV_H

#define MACHINE	"riscv"
/* Behind the two instructions that call it, which a function begins with. */
#define xlp_arch_direct_return(site)	((site) + 8)
/* Whoever follows the frame records finds the function and its caller. */
#define HAS_BACK_CHAIN

struct registers {
	unsigned long a[8], stacked[2], return_address;
};

static inline struct registers registers_wanted(unsigned long after_call)
{
	return (struct registers){
		{ 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67 }, { 0x68, 0x69 }, after_call,
	};
}

/* s0 to s11, and by how much the stack has moved. */
#define NR_KEPT		13
static const unsigned long kept_wanted[NR_KEPT] = {
	0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x5b, 0,
};

/* All that C may change. */
static inline void change_registers(void)
{
	asm volatile("li t0, -1; li t1, -1; li t2, -1; li t3, -1; li t4, -1; li t5, -1\n\t"
		     "li t6, -1; li a0, -1; li a1, -1; li a2, -1; li a3, -1; li a4, -1\n\t"
		     "li a5, -1; li a6, -1; li a7, -1; li ra, -1" :
		     : : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3",
		     "a4", "a5", "a6", "a7", "ra");
}

/* What functions have saved of ra, beginning with whoever calls this. */
void find_returns(unsigned long *returns, unsigned long nr);

#endif /* _TRAMPOLINE_RISCV_H */
