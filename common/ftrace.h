/* SPDX-License-Identifier: GPL-2.0 */
/* ftrace.h - what other methods that register with ftrace have of common/ftrace.c */
#ifndef _XLP_COMMON_FTRACE_H
#define _XLP_COMMON_FTRACE_H

#include <linux/types.h>

struct ftrace_ops;

/**
 * xlp_ftrace_known_error() - what is said when ftrace has refused a function
 * @err:	what ftrace has returned, 0 or an error
 *
 * Who shares a function is asked whether it can, and may refuse by an error that the
 * kernel alone knows: BPF says -ENOTSUPP (524) where its compiler cannot make a
 * trampoline that shares. For whoever enables a patch that is a function which
 * somebody else holds, and which is free when that has gone.
 *
 * Return: @err, or -EBUSY in place of what user space does not know.
 */
int xlp_ftrace_known_error(int err);

/**
 * xlp_ftrace_unregister() - let ftrace call an ops no more, and free its filter
 * @ops:	the ops, which nobody uses any more on success
 *
 * Context: process context, not in an event; waits for all CPUs, and for RCU tasks where those
 * can be preempted in a handler.
 *
 * Return: 0, or an error of ftrace: nothing has changed.
 */
int xlp_ftrace_unregister(struct ftrace_ops *ops);

/**
 * xlp_ftrace_wait_for_handlers() - wait until no handler runs for what has been taken out
 *
 * Context: process context, not in an event; waits for all CPUs and for RCU tasks.
 */
void xlp_ftrace_wait_for_handlers(void);

/**
 * xlp_ftrace_take_out() - let ftrace call an ops no more for some functions
 * @ops:	the ops, which has others besides
 * @addresses:	of the functions
 * @nr:		how many
 *
 * A handler may still run for them. ftrace needs memory for that, and what cannot leave stays
 * hooked for ever, so this waits for memory.
 *
 * Context: process context, not in an event.
 *
 * Return: 0, or an error of ftrace: nothing has changed.
 */
int xlp_ftrace_take_out(struct ftrace_ops *ops, unsigned long *addresses, unsigned int nr);

/**
 * xlp_ftrace_forget_refused() - free the filter of an ops that ftrace has refused
 * @ops:	the ops, which may go afterwards
 *
 * Context: process context, not in an event; waits for all CPUs, and for no task.
 */
void xlp_ftrace_forget_refused(struct ftrace_ops *ops);

/**
 * xlp_ftrace_is_probed_inside() - @is_hindered of &struct xlp_method
 * @site:	where calls are to be caught
 *
 * Context: process context.
 *
 * Return: true if a kprobe is on another instruction of ftrace's call than its first.
 */
bool xlp_ftrace_is_probed_inside(unsigned long site);

/**
 * xlp_ftrace_holder() - @holder of &struct xlp_method
 * @site:	where calls could not be caught
 * @text:	see there
 *
 * Context: process context, not in an event.
 */
void xlp_ftrace_holder(unsigned long site, char *text);

#endif /* _XLP_COMMON_FTRACE_H */
