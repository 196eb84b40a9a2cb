/* SPDX-License-Identifier: GPL-2.0 */
/* ftrace.h - what other methods that register with ftrace have of common/ftrace.c */
#ifndef _XLP_COMMON_FTRACE_H
#define _XLP_COMMON_FTRACE_H

struct ftrace_ops;

/**
 * xlp_ftrace_forget_refused() - free the filter of an ops that ftrace has refused
 * @ops:	the ops, which may go afterwards
 *
 * Context: process context, not in an event; waits for all CPUs, and for no task.
 */
void xlp_ftrace_forget_refused(struct ftrace_ops *ops);

/**
 * xlp_ftrace_holder() - @holder of &struct xlp_method
 * @site:	where calls could not be caught
 * @text:	see there
 *
 * Context: process context, not in an event.
 */
void xlp_ftrace_holder(unsigned long site, char *text);

#endif /* _XLP_COMMON_FTRACE_H */
