/* SPDX-License-Identifier: GPL-2.0 */
/* arch_riscv.h - what the suite knows about riscv (64 bit): see arch.h */
#ifndef CONFIG_64BIT
#include "arch_none.h"
#else
#include <linux/ftrace.h>
#include <linux/sched/task_stack.h>
#include <asm/processor.h>

/* regs_riscv.S, count_riscv.S */
#define XT_REGS
#define XT_COUNT

#define XT_SYSCALL(name)		__riscv_sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"

/* ---- what ftrace and probes do at an entry ---- */

/* ftrace's call is the first two instructions, and no kprobe may stand on it. */
#define XT_PROBE_OFFSET			8
#define XT_INSIDE_FROM			8
#define XT_INSIDE_TO			64
#define XT_PROBES_BY_STEPS		true
#define XT_ENTRY_CHANGES_CPU		false
#define XT_GRAPH_FILTERS_TARGET		false
/* Where ftrace writes two instructions, and not one: nobody may be between them. */
#define XT_FTRACE_STOPS			(MCOUNT_INSN_SIZE > 4)
#define XT_CALLERS_SHARE		true
#define XT_BPF_SHARES			false

/* The way back is in t0. */
#define XT_TRAMPOLINE							\
	"la	t1, xt_hits\n"						\
	"li	t2, 1\n"						\
	"amoadd.d zero, t2, (t1)\n"					\
	"jr	t0\n"

#define XT_SLEEPING_TRAMPOLINE						\
	"addi	sp, sp, -16\n"						\
	"sd	ra, 8(sp)\n"						\
	"sd	s0, 0(sp)\n"						\
	"addi	s0, sp, 16\n"						\
	"addi	sp, sp, -80\n"						\
	"sd	t0, 72(sp)\n"						\
	"sd	s0, 64(sp)\n"						\
	"addi	s0, sp, 80\n"						\
	"sd	a0, 0(sp)\n"						\
	"sd	a1, 8(sp)\n"						\
	"sd	a2, 16(sp)\n"						\
	"sd	a3, 24(sp)\n"						\
	"sd	a4, 32(sp)\n"						\
	"sd	a5, 40(sp)\n"						\
	"sd	a6, 48(sp)\n"						\
	"sd	a7, 56(sp)\n"						\
	"call	xt_stay\n"						\
	"ld	a0, 0(sp)\n"						\
	"ld	a1, 8(sp)\n"						\
	"ld	a2, 16(sp)\n"						\
	"ld	a3, 24(sp)\n"						\
	"ld	a4, 32(sp)\n"						\
	"ld	a5, 40(sp)\n"						\
	"ld	a6, 48(sp)\n"						\
	"ld	a7, 56(sp)\n"						\
	"ld	s0, 64(sp)\n"						\
	"ld	t0, 72(sp)\n"						\
	"addi	sp, sp, 80\n"						\
	"ld	s0, 0(sp)\n"						\
	"ld	ra, 8(sp)\n"						\
	"addi	sp, sp, 16\n"						\
	"jr	t0\n"

/* ---- stacks ---- */

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_RETURN_STUB			""
#define XT_WALKS_PROBES			true
#define XT_WALKS_INTERRUPTS		false

/* s0 points behind a record: a link, which is the caller's s0, and the return address. */
#define XT_LINK_AT			(-1)
#define XT_LINK_OFFSET			(-16L)
#define XT_LAST_LINK(task)		((unsigned long)task_pt_regs(task))

/* ---- what there is not ---- */

#define XT_NO_LONG_INSTRUCTION		"this architecture does not optimize kprobes"
#define XT_NO_NMI			"this architecture has no NMI that a test could raise"
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true
#endif
