/* SPDX-License-Identifier: GPL-2.0 */
/* compat/stacktrace.h - the kernel's reliable stack walker, where it has one */
#ifndef _XLP_COMPAT_STACKTRACE_H
#define _XLP_COMPAT_STACKTRACE_H

#include <compat/unexported.h>
#include <linux/errno.h>

/**
 * xlp_kernel_has_walker() - does this kernel have a walker to be trusted?
 *
 * Its presence is not enough: some architectures have the function without
 * promising anything, and say so by not selecting HAVE_RELIABLE_STACKTRACE.
 *
 * Return: true if xlp_kernel_walk_stack() does more than to say it cannot.
 */
static inline bool xlp_kernel_has_walker(void)
{
	return IS_ENABLED(CONFIG_HAVE_RELIABLE_STACKTRACE) &&
	       unexported_found(arch_stack_walk_reliable);
}

/**
 * xlp_kernel_walk_stack() - xlp_arch_walk_stack() by the kernel's own walker
 * @task:	see there
 * @visit:	see there
 * @data:	see there
 *
 * Return: see there.
 */
static inline int xlp_kernel_walk_stack(struct task_struct *task,
					bool (*visit)(void *data, unsigned long addr),
					void *data)
{
	if (!xlp_kernel_has_walker())
		return -EOPNOTSUPP;
	return unexported(arch_stack_walk_reliable)(visit, data, task);
}

#endif /* _XLP_COMPAT_STACKTRACE_H */
