/* SPDX-License-Identifier: GPL-2.0 */
/*
 * handler.h - what a handler of ftrace does with a call of a replaced function
 *
 * The path of every such call. Nothing here can be traced or sleeps, so there is no
 * recursion to guard against. What is read stays valid while a handler runs: the batch until
 * its method has waited for all handlers, the target until release.c has found no task that
 * could still jump there.
 */
#ifndef _XLP_COMMON_HANDLER_H
#define _XLP_COMMON_HANDLER_H

#include <linux/compiler.h>
#include <xlp/arch.h>
#include "batch.h"

/**
 * xlp_redirect_by_task() - let a call continue where the task that makes it is to go
 * @hook:	the function
 * @fregs:	as the handler got them
 *
 * Apart, so that a handler needs no stack frame where the task does not matter.
 *
 * Context: as xlp_redirect().
 */
noinline notrace void xlp_redirect_by_task(const struct xlp_hook *hook, struct ftrace_regs *fregs);

/**
 * xlp_redirect() - let a call continue where it is to go
 * @hook:	the function
 * @fregs:	as the handler got them
 *
 * Context: in a handler.
 */
static __always_inline void xlp_redirect(const struct xlp_hook *hook, struct ftrace_regs *fregs)
{
	unsigned long target = xlp_target_now(&hook->targets);

	if (likely(target > XLP_ASK))
		xlp_arch_redirect(fregs, target, &hook->stack_args);
	else if (target)
		xlp_redirect_by_task(hook, fregs);
	else
		xlp_arch_continue(fregs);
}

#endif /* _XLP_COMMON_HANDLER_H */
