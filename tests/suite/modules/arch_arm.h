/* SPDX-License-Identifier: GPL-2.0 */
/* arch_arm.h - what the suite knows about 32-bit arm: see arch.h */

/* regs_arm.S, count_arm.S */
#define XT_REGS
#define XT_COUNT

/* Stubs that count have a function's first instruction, and where it goes on, as xlp's have. */
#define XT_COUNT_DISPLACED		40
#define XT_COUNT_RESUME			48
#define XT_COUNT_WRITER			__patch_text_real
#ifndef __ASSEMBLY__
/* Where the branch at an address leads to. */
#define XT_BRANCH_TARGET(addr)		((addr) + 8 + ((s32)(*(u32 *)(addr) << 8) >> 6))
void XT_COUNT_WRITER(void *addr, unsigned int word, bool remap);
#endif

#define XT_SYSCALL(name)		sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"

/* ---- what ftrace and probes do at an entry ---- */

/* ftrace's call is behind the prologue, and xlp's branch at the entry. */
#define XT_PROBE_OFFSET			0
#define XT_INSIDE_FROM			8
#define XT_INSIDE_TO			64
#define XT_PROBES_BY_STEPS		true
#define XT_ENTRY_CHANGES_CPU		false
#define XT_GRAPH_FILTERS_TARGET		false
#define XT_CALLERS_SHARE		false
#define XT_BPF_SHARES			false

/* ---- stacks ---- */

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_RETURN_STUB			""
#define XT_WALKS_PROBES			true
#define XT_WALKS_INTERRUPTS		false

/* Who asks for his return address has it from before the graph tracer has replaced it. */
#define XT_SEES_GRAPH			false
/* It looks for the return address by a step to the caller, which takes a frame. */
#define XT_GRAPH_NEEDS_FRAME		true

/* ---- what there is not ---- */

#define XT_NO_TRAMPOLINE		"this architecture has no direct callers"
#define XT_NO_SLEEPING_TRAMPOLINE	"this architecture has no direct callers"
#define XT_NO_LONG_INSTRUCTION		"no instruction takes as long as one likes"
#define XT_NO_LINK			"frames are found by tables, not by links"
#define XT_NO_LAST_LINK			"frames are found by tables, not by links"
#define XT_NO_NMI			"this architecture has no NMI that a test could raise"
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true
