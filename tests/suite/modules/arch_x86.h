/* SPDX-License-Identifier: GPL-2.0 */
/* arch_x86.h - what the suite knows about x86, of 64 and of 32 bits: see arch.h */
#include <linux/cpumask.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <asm/apic.h>
#include <asm/ibt.h>
#include <asm/linkage.h>
#include <asm/nmi.h>

/* regs_x86.S, count_x86.S */
#define XT_REGS
#define XT_COUNT

#ifdef CONFIG_X86_64
#define XT_SYSCALL(name)		__x64_sys_##name
#define XT_KLP_SYSCALL
#else
#define XT_SYSCALL(name)		__ia32_sys_##name
#define XT_NO_KLP_SYSCALL		"the kernel's helpers for patches write no system calls here"
#endif

/* ---- what ftrace and probes do at an entry ---- */

#define XT_PROBE_OFFSET			0
#define XT_INSIDE_FROM			0
#define XT_INSIDE_TO			64
#define XT_PROBES_BY_STEPS		true
#define XT_ENTRY_CHANGES_CPU		false
#define XT_GRAPH_FILTERS_TARGET		!IS_ENABLED(CONFIG_X86_64)
#define XT_CALLERS_SHARE		true
/* Of 32 bits, ftrace's way out of an entry does not look whether there is one. */
#define XT_CALLERS_PASSED_OVER		!IS_ENABLED(CONFIG_X86_64)
#define XT_BPF_SHARES			true
#define XT_BPF_HAS_ONE_OPS		IS_ENABLED(CONFIG_X86_64)

/* The way back is on top of the stack. */
#ifdef CONFIG_X86_64
#define XT_TRAMPOLINE							\
	ASM_ENDBR							\
	"incq	xt_hits(%rip)\n"					\
	ASM_RET

#define XT_SLEEPING_TRAMPOLINE						\
	ASM_ENDBR							\
	"pushq	%rbp\n"							\
	"movq	%rsp, %rbp\n"						\
	"pushq	%rdi\n"							\
	"pushq	%rsi\n"							\
	"pushq	%rdx\n"							\
	"pushq	%rcx\n"							\
	"pushq	%r8\n"							\
	"pushq	%r9\n"							\
	"pushq	%rax\n"							\
	"call	xt_stay\n"						\
	"popq	%rax\n"							\
	"popq	%r9\n"							\
	"popq	%r8\n"							\
	"popq	%rcx\n"							\
	"popq	%rdx\n"							\
	"popq	%rsi\n"							\
	"popq	%rdi\n"							\
	"popq	%rbp\n"							\
	ASM_RET
#else
#define XT_TRAMPOLINE							\
	ASM_ENDBR							\
	"incl	xt_hits\n"						\
	ASM_RET

/* Nobody sleeps in one on the way into a patched function, as the patch is on it. */
#define XT_NO_SLEEPING_TRAMPOLINE	"ftrace passes over a direct caller while anybody else is on the function"
#endif

/* ---- stacks ---- */

#define XT_RETURN_ADDRESS(word)		(word)
#define XT_RETURN_STUB			""
#define XT_WALKS_PROBES			true
#ifdef CONFIG_X86_64
#define XT_WALKS_INTERRUPTS		true
#define XT_NO_LINK	"frames have no links here: the frame pointer is one among several registers"
#define XT_NO_LAST_LINK			XT_NO_LINK
#else
/* ebp points at a record: a link, which is the caller's ebp, and the return address. */
#define XT_WALKS_INTERRUPTS		false
#define XT_LINK_AT			(-1)
#define XT_LINK_OFFSET			0L
#define XT_LAST_LINK(task)		((unsigned long)task_pt_regs(task) - 2 * sizeof(long))
#endif

/* ---- one instruction that takes as long as one likes, and is interrupted meanwhile ---- */

#ifdef CONFIG_OPTPROBES
#define XT_LONG_INSTRUCTION		{ 0xf3, 0xaa }

/* A jump in place of the instruction has room up to the end of the last one. */
static __always_inline void xt_long_instruction(void *to, unsigned long count)
{
	asm volatile("rep stosb; nop; nop; nop"
		     : "+D" (to), "+c" (count) : "a" (0) : "memory");
}
#else
#define XT_NO_LONG_INSTRUCTION		"this kernel does not optimize kprobes"
#endif

/* ---- NMIs: each CPU can send itself one ---- */

#define XT_NMI
#define XT_NMI_FROM_OUTSIDE		false
#define XT_NMI_TRACED			true

static inline int xt_handle_nmi(unsigned int type, struct pt_regs *regs)
{
	return xt_answer_nmi() ? NMI_HANDLED : NMI_DONE;
}

static inline void xt_claim_nmi(void)
{
	register_nmi_handler(NMI_LOCAL, xt_handle_nmi, 0, "xlp_test");
}

static inline void xt_raise_nmi(void)
{
	int cpu = get_cpu();

	apic->send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
	put_cpu();
}

static inline void xt_release_nmi(void)
{
	unregister_nmi_handler(NMI_LOCAL, "xlp_test");
}
