/* SPDX-License-Identifier: GPL-2.0 */
/* arch_s390.h - what the suite knows about s390: see arch.h */
#include <linux/stddef.h>
#include <asm/stacktrace.h>

/* regs_s390.S, count_s390.S */
#define XT_REGS
#define XT_COUNT

#define XT_SYSCALL(name)		__s390x_sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"

/* ---- what ftrace and probes do at an entry ---- */

#define XT_PROBE_OFFSET			0
#define XT_INSIDE_FROM			0
#define XT_INSIDE_TO			64
#define XT_ENTRY_CHANGES_CPU		false
#define XT_CALLERS_SHARE		true
#define XT_BPF_SHARES			true

/*
 * QEMU is not right about single steps: in 10.0 and 11.1, those that were tried, one over a
 * compare-and-branch that is not taken takes the next halfword along, and whoever meets a
 * probe there goes on inside an instruction. Those at an entry go through ftrace.
 */
#define XT_PROBES_BY_STEPS		false

/* The filter is for where the call goes, not for where it was made. */
#define XT_GRAPH_FILTERS_TARGET		true

/* The way back is in %r0. */
#define XT_TRAMPOLINE							\
	"larl	%r1, xt_hits\n"						\
	"agsi	0(%r1), 1\n"						\
	"lgr	%r1, %r0\n"						\
	"br	%r1\n"
#define XT_NO_SLEEPING_TRAMPOLINE	"no direct caller whose way back a walk shows"

/* ---- stacks ---- */

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_RETURN_STUB			""
#define XT_WALKS_PROBES			true
#define XT_WALKS_INTERRUPTS		false

/* The back chain is at one end of a frame, the return address is kept in the place of %r14. */
#define XT_LINK_AT							\
	((long)(offsetof(struct stack_frame, back_chain) -		\
		offsetof(struct stack_frame, gprs[8])) / (long)sizeof(long))
#define XT_LINK_OFFSET			((long)offsetof(struct stack_frame, back_chain))
#define XT_NO_LAST_LINK			"the kernel's own walker does not know that frames are missing"

/* ---- what there is not ---- */

#define XT_NO_LONG_INSTRUCTION		"this architecture does not optimize kprobes"
#define XT_NO_NMI			"this architecture has no NMI that a test could raise"
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true
