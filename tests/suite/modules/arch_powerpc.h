/* SPDX-License-Identifier: GPL-2.0 */
/* arch_powerpc.h - what the suite knows about powerpc (64 bit): see arch.h */
#ifndef CONFIG_PPC64
#include "arch_none.h"
#else
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/stop_machine.h>
#include <asm/debug.h>

/* regs_powerpc.S, count_powerpc.S */
#define XT_REGS
#define XT_COUNT

#define XT_SYSCALL(name)		sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"

/* ---- what ftrace and probes do at an entry ---- */

#define XT_PROBE_OFFSET			0
/*
 * The kernel takes the entry of a name for the place of ftrace's call, behind it. By its address
 * a probe stands before that, and 6.1 does not survive it when ftrace takes the call away:
 * "Unexpected instruction 7fe00008 around bl _mcount", and ftrace is dead.
 */
#define XT_PROBE_WANTS_NAME		true
/* Bytes: an entry with ftrace's call, and the shortest function that is probed, xa_leaf(). */
#define XT_INSIDE_FROM			16
#define XT_INSIDE_TO			40
#define XT_PROBES_BY_STEPS		true
#define XT_GRAPH_FILTERS_TARGET		false

/*
 * A handler that gets all registers costs a preemptible kernel its life, without xlp, too:
 * ftrace restores r13, which says what CPU this is, and a task that has come to another
 * one in the handler goes on with the data of the first. xlp's handler has r13 loaded anew;
 * a probe at a function's entry, say, does not.
 */
#define XT_ENTRY_CHANGES_CPU		IS_ENABLED(CONFIG_PREEMPTION)

/* ftrace's way out goes on with either the patch or the direct caller. */
#define XT_CALLERS_SHARE		false
#define XT_BPF_SHARES			false

/* The way back is in the link register, and that of the function in r0. */
#ifdef CONFIG_PPC_FTRACE_OUT_OF_LINE
#define XT_TRAMPOLINE							\
	"mflr	%r11\n"							\
	"bcl	20, 31, 1f\n"						\
"1:	mflr	%r12\n"							\
	"mtlr	%r11\n"							\
	"addis	%r12, %r12, (xt_hits - 1b)@ha\n"				\
	"addi	%r12, %r12, (xt_hits - 1b)@l\n"				\
	"ld	%r11, 0(%r12)\n"					\
	"addi	%r11, %r11, 1\n"					\
	"std	%r11, 0(%r12)\n"					\
	"blr\n"
#else
#define XT_NO_TRAMPOLINE		"this kernel has no direct callers"
#endif
#define XT_NO_SLEEPING_TRAMPOLINE	"no direct caller whose way back a walk shows"

/* ---- stacks ---- */

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_WALKS_PROBES			false
#define XT_WALKS_INTERRUPTS		false

/* A replacement returns through it, unless the kernel has live patching of its own. */
#ifdef CONFIG_LIVEPATCH_64
#define XT_RETURN_STUB			""
#else
#define XT_RETURN_STUB			"xlp_call_with_toc"
#endif

/* The back chain; the return address is two words above. */
#define XT_LINK_AT			(-2)
#define XT_LINK_OFFSET			0
#define XT_NO_LAST_LINK			"the kernel's own walker does not know that frames are missing"

/* ---- what there is not ---- */

#define XT_NO_LONG_INSTRUCTION		"no instruction takes as long as one likes"

/*
 * ---- NMIs: somebody outside has to inject one ----
 *
 * The system reset interrupt then claims it through the hook for debuggers instead of
 * dumping core. Its entry turns ftrace off for the CPU, so the originals are called, patch or
 * not. One that comes while another interrupt is being entered is fatal, so all CPUs wait
 * for it in stop_machine(), where none is.
 */
#define XT_NMI_FROM_OUTSIDE		true
#define XT_NMI_TRACED			false

#ifdef CONFIG_KEXEC_CORE
#define XT_NMI

static __maybe_unused int (*xt_debugger_before)(struct pt_regs *regs);
static __maybe_unused atomic_t xt_cpus_hit;

/* Every CPU gets the NMI, and none may go on to the crash dump. */
static inline int xt_handle_nmi(struct pt_regs *regs)
{
	xt_answer_nmi();
	atomic_inc(&xt_cpus_hit);
	return 1;
}

static inline void xt_claim_nmi(void)
{
	xt_debugger_before = __debugger;
	__debugger = xt_handle_nmi;
}

static inline int xt_wait_stopped(void *unused)
{
	unsigned int ms;

	for (ms = 0; ms < 5000; ms++) {
		if (atomic_read(&xt_cpus_hit) >= num_online_cpus())
			break;
		mdelay(1);
	}
	return 0;
}

/* The test has asked whoever runs the guest; it comes in a second. */
static inline void xt_raise_nmi(void)
{
	atomic_set(&xt_cpus_hit, 0);
	stop_machine(xt_wait_stopped, NULL, NULL);
}

static inline void xt_release_nmi(void)
{
	__debugger = xt_debugger_before;
}
#else
#define XT_NO_NMI			"this kernel has no hook for debuggers (CONFIG_KEXEC_CORE)"
#endif
#endif
