/* SPDX-License-Identifier: GPL-2.0 */
/* arch_loongarch.h - what the suite knows about loongarch (64 bit): see arch.h */
#ifndef CONFIG_64BIT
#include "arch_none.h"
#else
/* regs_loongarch.S, count_loongarch.S */
#define XT_REGS
#define XT_COUNT

#define XT_SYSCALL(name)		sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"

/* ---- what ftrace and probes do at an entry ---- */

/* ftrace's call is the second instruction, and the kernel lets kprobes stand on that: it breaks. */
#define XT_PROBE_OFFSET			0
#define XT_INSIDE_FROM			8
#define XT_INSIDE_TO			64
/*
 * Any but those at entries, which are ftrace's: when one is written or taken away (7.2) the
 * page of a module becomes read-only, and what ftrace writes there next fails for good.
 */
#define XT_PROBES_BY_STEPS		false
#define XT_ENTRY_CHANGES_CPU		false
#define XT_GRAPH_FILTERS_TARGET		false
#define XT_CALLERS_SHARE		true
#define XT_BPF_SHARES			false

/* The way back is in $ra, and that of the function in $t0. */
#define XT_TRAMPOLINE							\
	"la.pcrel	$t1, xt_hits\n"					\
	"li.w		$t2, 1\n"					\
	"amadd.d	$zero, $t2, $t1\n"				\
	"move		$t1, $ra\n"					\
	"move		$ra, $t0\n"					\
	"jr		$t1\n"
#define XT_NO_SLEEPING_TRAMPOLINE	"no direct caller whose way back a walk shows"

/* ---- stacks ---- */

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_RETURN_STUB			""
#define XT_WALKS_PROBES			true
#define XT_WALKS_INTERRUPTS		false
#define XT_NO_LINK			"frames have no links here: the code says how long they are"
#define XT_NO_LAST_LINK			XT_NO_LINK

/* ---- what there is not ---- */

#define XT_NO_LONG_INSTRUCTION		"this architecture does not optimize kprobes"
#define XT_NO_NMI			"this architecture has no NMI"
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true
#endif
