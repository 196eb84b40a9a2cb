/* SPDX-License-Identifier: GPL-2.0 */
/* compat/stacktrace.h - the kernel's reliable stack walker, where it has one */
#ifndef _XLP_COMPAT_STACKTRACE_H
#define _XLP_COMPAT_STACKTRACE_H

#include <compat/unexported.h>
#include <linux/errno.h>

/**
 * xlp_reliable_trace() - where a task that is not running will return to
 * @task:	the task, held still, its stack pinned
 * @entries:	filled in with the return addresses, innermost first
 * @max:	how many fit
 *
 * Return: how many there are, all of them; or an error if the walk could not be
 * trusted, did not fit, or this kernel has no such walker.
 */
static inline int xlp_reliable_trace(struct task_struct *task,
				     unsigned long *entries, unsigned int max)
{
	if (!unexported_found(stack_trace_save_tsk_reliable))
		return -EOPNOTSUPP;
	return unexported(stack_trace_save_tsk_reliable)(task, entries, max);
}

#endif /* _XLP_COMPAT_STACKTRACE_H */
