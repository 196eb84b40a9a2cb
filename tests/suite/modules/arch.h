/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arch.h - what the suite has to know about the architecture that it is built for
 *
 * All of it is in one file, arch_NAME.h, by the name of the kernel's directory; an
 * architecture that has none gets arch_none.h. What such a file says is listed in
 * README.md, and asked for here, so that nothing goes missing unseen. Where something
 * can be absent there is XT_NO_..., the reason, for tests to be skipped with; here it
 * becomes the empty string where there is something.
 */
#ifndef ARCH_H
#define ARCH_H

#include <linux/kconfig.h>
#include <linux/stringify.h>
#include <linux/types.h>

struct pt_regs;
struct task_struct;

/* nmi.c, for a handler: true if the NMI was meant for the test */
bool xt_answer_nmi(void);

#include XT_ARCH_FILE

#if defined(XT_REGS) == defined(XT_NO_REGS)
# error "either XT_REGS, with modules/regs_NAME.S, or XT_NO_REGS in modules/arch_NAME.h"
#elif defined(XT_REGS)
# define XT_NO_REGS			""
#endif

#if defined(XT_COUNT) == defined(XT_NO_COUNT)
# error "either XT_COUNT, with modules/count_NAME.S, or XT_NO_COUNT in modules/arch_NAME.h"
#elif defined(XT_COUNT)
# define XT_NO_COUNT			""
#endif

#if defined(XT_TRAMPOLINE) == defined(XT_NO_TRAMPOLINE)
# error "either XT_TRAMPOLINE or XT_NO_TRAMPOLINE in modules/arch_NAME.h"
#elif defined(XT_TRAMPOLINE)
# define XT_NO_TRAMPOLINE		""
#endif

#if defined(XT_SLEEPING_TRAMPOLINE) == defined(XT_NO_SLEEPING_TRAMPOLINE)
# error "either XT_SLEEPING_TRAMPOLINE or XT_NO_SLEEPING_TRAMPOLINE in modules/arch_NAME.h"
#elif defined(XT_SLEEPING_TRAMPOLINE)
# define XT_NO_SLEEPING_TRAMPOLINE	""
#endif

/* As a string it would pass for a name. */
#ifndef XT_SYSCALL
# error "XT_SYSCALL() in modules/arch_NAME.h"
#endif

#if defined(XT_KLP_SYSCALL) == defined(XT_NO_KLP_SYSCALL)
# error "either XT_KLP_SYSCALL or XT_NO_KLP_SYSCALL in modules/arch_NAME.h"
#elif defined(XT_KLP_SYSCALL)
# define XT_NO_KLP_SYSCALL		""
#endif

#if defined(XT_NMI) == defined(XT_NO_NMI)
# error "either XT_NMI or XT_NO_NMI in modules/arch_NAME.h"
#elif defined(XT_NMI)
# define XT_NO_NMI			""
#endif

#if defined(XT_LONG_INSTRUCTION) == defined(XT_NO_LONG_INSTRUCTION)
# error "either XT_LONG_INSTRUCTION or XT_NO_LONG_INSTRUCTION in modules/arch_NAME.h"
#elif defined(XT_LONG_INSTRUCTION)
# define XT_NO_LONG_INSTRUCTION		""
#endif

#if defined(XT_LINK_AT) == defined(XT_NO_LINK) || defined(XT_LINK_AT) != defined(XT_LINK_OFFSET)
# error "either XT_LINK_AT and XT_LINK_OFFSET or XT_NO_LINK in modules/arch_NAME.h"
#elif defined(XT_LINK_AT)
# define XT_NO_LINK			""
#endif

#if defined(XT_LAST_LINK) == defined(XT_NO_LAST_LINK)
# error "either XT_LAST_LINK() or XT_NO_LAST_LINK in modules/arch_NAME.h"
#elif defined(XT_LAST_LINK)
# define XT_NO_LAST_LINK		""
#endif

/* Does who asks for his return address see what the graph tracer has put in its place? */
#ifndef XT_SEES_GRAPH
# define XT_SEES_GRAPH			true
#endif

/* Does ftrace forget a direct caller as soon as somebody else is on the function? */
#ifndef XT_CALLERS_PASSED_OVER
# define XT_CALLERS_PASSED_OVER		false
#endif

/* Has BPF one ops for all its programs, into whose filter it takes functions (7.2)? */
#ifndef XT_BPF_HAS_ONE_OPS
# define XT_BPF_HAS_ONE_OPS		false
#endif

/* Is a kprobe at the address of an entry elsewhere than one at its name? */
#ifndef XT_PROBE_WANTS_NAME
# define XT_PROBE_WANTS_NAME		false
#endif

/* Does the kernel stop the machine for what ftrace writes into functions? */
#ifndef XT_FTRACE_STOPS
# define XT_FTRACE_STOPS		false
#endif

/* Does the graph tracer pass over functions that have no frame? */
#ifndef XT_GRAPH_NEEDS_FRAME
# define XT_GRAPH_NEEDS_FRAME		false
#endif

#endif /* ARCH_H */
