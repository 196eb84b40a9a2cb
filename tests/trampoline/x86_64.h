/* SPDX-License-Identifier: GPL-2.0 */
/* x86_64.h - what x86_64.S records, and what it should be */
#ifndef _TRAMPOLINE_X86_64_H
#define _TRAMPOLINE_X86_64_H

#define MACHINE	"x86_64"
/* Behind the call that a function begins with. */
#define xlp_arch_direct_return(site)	((site) + 5)
/* ftrace takes an odd address for something else. */
#define HAS_ODD_ADDRESSES
/* ptrace() says of each step where it is. */
#define HAS_SINGLE_STEPS
/* What doc/design.md says of a call that finds its function in the first slot. */
#define MOST_INSTRUCTIONS	14

struct registers {
	unsigned long rax, rdi, rsi, rdx, rcx, r8, r9, stacked[2], return_address;
};

static inline struct registers registers_wanted(unsigned long after_call)
{
	return (struct registers){
		0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, { 0x67, 0x68 }, after_call,
	};
}

/* rbx, rbp, r12 to r14, and by how much the stack has moved. */
#define NR_KEPT		6
static const unsigned long kept_wanted[NR_KEPT] = { 0x50, 0x51, 0x52, 0x53, 0x54, 0 };

/* All that C may change, but for what it returns. */
static inline void change_registers(void)
{
	asm volatile("mov $-1, %%rcx; mov $-1, %%rdx; mov $-1, %%rsi; mov $-1, %%rdi\n\t"
		     "mov $-1, %%r8; mov $-1, %%r9; mov $-1, %%r10; mov $-1, %%r11" :
		     : : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
}

#endif /* _TRAMPOLINE_X86_64_H */
