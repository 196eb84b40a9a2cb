/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arch_none.h - an architecture that has no file of its own, and XLP_ARCH=none
 *
 * All that is absent is skipped by name: so this is also what a new arch_NAME.h begins as.
 */
#define XT_UNKNOWN			"nobody has told the suite of this architecture"

#define XT_NO_REGS			XT_UNKNOWN
#define XT_NO_COUNT			XT_UNKNOWN
#define XT_NO_TRAMPOLINE		XT_UNKNOWN
#define XT_NO_SLEEPING_TRAMPOLINE	XT_UNKNOWN
#define XT_NO_KLP_SYSCALL		XT_UNKNOWN
#define XT_NO_NMI			XT_UNKNOWN
#define XT_NO_LONG_INSTRUCTION		XT_UNKNOWN
#define XT_NO_LINK			XT_UNKNOWN
#define XT_NO_LAST_LINK			XT_UNKNOWN

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_RETURN_STUB			""
#define XT_SYSCALL(name)		sys_##name

#define XT_PROBE_OFFSET			0
#define XT_INSIDE_FROM			0
#define XT_INSIDE_TO			64
#define XT_PROBES_BY_STEPS		true
#define XT_ENTRY_CHANGES_CPU		false
#define XT_GRAPH_FILTERS_TARGET		false
#define XT_CALLERS_SHARE		true
#define XT_BPF_SHARES			true
#define XT_WALKS_PROBES			true
#define XT_WALKS_INTERRUPTS		false
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true
