/* SPDX-License-Identifier: GPL-2.0 */
/* xlp/arch.h - an architecture whose registers are the address at which a call goes on */
#ifndef _GROWING_XLP_ARCH_H
#define _GROWING_XLP_ARCH_H

#include <compat/ftrace.h>

struct ftrace_regs {
	unsigned long ip;
};

#define xlp_arch_ftrace_flags	0

static inline int xlp_arch_ftrace_register(struct ftrace_ops *ops, const unsigned long *sites,
					   unsigned int nr)
{
	return register_ftrace_function(ops);
}

static inline void xlp_arch_redirect(struct ftrace_regs *fregs, unsigned long target,
				     const unsigned int *stack_args)
{
	fregs->ip = target;
}

static inline void xlp_arch_continue(struct ftrace_regs *fregs)
{
	fregs->ip = 0;
}

#endif /* _GROWING_XLP_ARCH_H */
