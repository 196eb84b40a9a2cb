/* SPDX-License-Identifier: GPL-2.0 */
/* compat/ftrace.h - what <linux/ftrace.h> calls by different names */
#ifndef _XLP_COMPAT_FTRACE_H
#define _XLP_COMPAT_FTRACE_H

#include <linux/ftrace.h>

/*
 * With HAVE_DYNAMIC_FTRACE_WITH_ARGS every handler gets registers it may
 * change. Without it the setter is an empty macro; a handler has to ask for a
 * full struct pt_regs and change that.
 */
#ifdef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
# define XLP_FTRACE_SAVE_FLAGS	0
#elif defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
# define XLP_FTRACE_SAVE_FLAGS	FTRACE_OPS_FL_SAVE_REGS
#else
# error "xlp needs a kernel whose ftrace saves registers: DYNAMIC_FTRACE_WITH_REGS or _ARGS"
#endif

/*
 * So many bytes of a function ftrace's address of it may have before it: farther on it is another
 * one's, and ftrace never changes that. Kernels say so where all functions begin alike.
 */
#ifdef FTRACE_MCOUNT_MAX_OFFSET
# define XLP_MOST_BEFORE_SITE	FTRACE_MCOUNT_MAX_OFFSET
#else
# define XLP_MOST_BEFORE_SITE	LONG_MAX
#endif

/*
 * xlp_ftrace_pt_regs() - the registers, where ftrace keeps a struct pt_regs
 *
 * A macro, because some architectures keep less than that. v6.13 "ftrace: Make
 * ftrace_regs abstract from direct use" brought arch_ftrace_regs().
 */
#ifdef arch_ftrace_regs
# define xlp_ftrace_pt_regs(fregs)	(&arch_ftrace_regs(fregs)->regs)
#else
# define xlp_ftrace_pt_regs(fregs)	(&(fregs)->regs)
#endif

/**
 * xlp_ftrace_continue_at() - change where an ftrace call returns to
 * @fregs:	registers as an ftrace handler got them
 * @ip:		address to continue at instead of the traced function
 */
static __always_inline void xlp_ftrace_continue_at(struct ftrace_regs *fregs,
						   unsigned long ip)
{
#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
	instruction_pointer_set(ftrace_get_regs(fregs), ip);
#elif defined(XLP_HAVE_FTRACE_REGS_SETTER)
	ftrace_regs_set_instruction_pointer(fregs, ip);
#else
	ftrace_instruction_pointer_set(fregs, ip);
#endif
}

/*
 * unregister_ftrace_function() of ops with FTRACE_OPS_FL_DYNAMIC waits for RCU tasks before it
 * returns 0: in every kernel where tasks can be preempted in a trampoline.
 */
#define XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS	IS_ENABLED(CONFIG_PREEMPTION)

#endif /* _XLP_COMPAT_FTRACE_H */
