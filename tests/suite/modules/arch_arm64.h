/* SPDX-License-Identifier: GPL-2.0 */
/* arch_arm64.h - what the suite knows about arm64: see arch.h */
#include <linux/bits.h>
#include <linux/sched/task_stack.h>
#include <asm/memory.h>
#include <asm/ptrace.h>

/* regs_arm64.S, count_arm64.S */
#define XT_REGS
#define XT_COUNT

#define XT_SYSCALL(name)		__arm64_sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"

/* ---- what ftrace and probes do at an entry ---- */

/* ftrace's call is behind the entry, where a probe is none of its business. */
#define XT_PROBE_OFFSET			0
#define XT_INSIDE_FROM			0
#define XT_INSIDE_TO			64
#define XT_PROBES_BY_STEPS		true
#define XT_ENTRY_CHANGES_CPU		false
#define XT_GRAPH_FILTERS_TARGET		false
#define XT_CALLERS_SHARE		true
#define XT_BPF_SHARES			true

/* The way back is in x30, and that of the function in x9. */
#define XT_TRAMPOLINE							\
	"hint	34\n"							\
	"adrp	x16, xt_hits\n"						\
	"ldr	x17, [x16, #:lo12:xt_hits]\n"				\
	"add	x17, x17, #1\n"						\
	"str	x17, [x16, #:lo12:xt_hits]\n"				\
	"mov	x10, x9\n"						\
	"mov	x9, x30\n"						\
	"mov	x30, x10\n"						\
	"ret	x9\n"

#define XT_SLEEPING_TRAMPOLINE						\
	"hint	34\n"							\
	"stp	x29, x9, [sp, #-16]!\n"					\
	"mov	x29, sp\n"						\
	"stp	x29, x30, [sp, #-96]!\n"					\
	"mov	x29, sp\n"						\
	"stp	x0, x1, [sp, #16]\n"					\
	"stp	x2, x3, [sp, #32]\n"					\
	"stp	x4, x5, [sp, #48]\n"					\
	"stp	x6, x7, [sp, #64]\n"					\
	"str	x8, [sp, #80]\n"					\
	"bl	xt_stay\n"						\
	"ldp	x0, x1, [sp, #16]\n"					\
	"ldp	x2, x3, [sp, #32]\n"					\
	"ldp	x4, x5, [sp, #48]\n"					\
	"ldp	x6, x7, [sp, #64]\n"					\
	"ldr	x8, [sp, #80]\n"					\
	"ldp	x29, x9, [sp], #96\n"					\
	"ldp	x29, x30, [sp], #16\n"					\
	"ret	x9\n"

/* ---- stacks ---- */

/* Without the bits of a signature. */
#define XT_RETURN_ADDRESS(word)		((word) | GENMASK(63, VA_BITS_MIN))
#define XT_RETURN_STUB			""
#define XT_WALKS_PROBES			true
#define XT_WALKS_INTERRUPTS		false

/* A frame record: a link to the next one, and the return address. */
#define XT_LINK_AT			(-1)
#define XT_LINK_OFFSET			0

/* The kernel's own walker does not know that frames are missing before the last one. */
#ifdef CONFIG_HAVE_RELIABLE_STACKTRACE
#define XT_NO_LAST_LINK			"the kernel's own walker does not know that frames are missing"
#else
#define XT_LAST_LINK(task)		((unsigned long)task_pt_regs(task)->stackframe)
#endif

/* ---- what there is not ---- */

#define XT_NO_LONG_INSTRUCTION		"this architecture does not optimize kprobes"
#define XT_NO_NMI			"this architecture has no NMI that a test could raise"
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true
