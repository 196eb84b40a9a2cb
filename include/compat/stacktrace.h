/* SPDX-License-Identifier: GPL-2.0 */
/* compat/stacktrace.h - the kernel's reliable stack walker, where it has one */
#ifndef _XLP_COMPAT_STACKTRACE_H
#define _XLP_COMPAT_STACKTRACE_H

#include <compat/returns.h>
#include <compat/text.h>
#include <compat/unexported.h>
#include <linux/errno.h>

/**
 * xlp_kernel_has_walker() - does this kernel have a walker to be trusted?
 *
 * Its presence is not enough: some architectures have the function without
 * promising anything, and say so by not selecting HAVE_RELIABLE_STACKTRACE. And
 * what its walks pass through must be known, see xlp_visit_frame().
 *
 * Return: true if xlp_kernel_walk_stack() does more than to say it cannot.
 */
static inline bool xlp_kernel_has_walker(void)
{
	return IS_ENABLED(CONFIG_HAVE_RELIABLE_STACKTRACE) &&
	       unexported_found(arch_stack_walk_reliable) && xlp_text_found();
}

/*
 * rethook does not resolve return addresses of a task that is ready to run, and
 * 6.1 warns of the question (6.12 no longer does). So it is not asked.
 */
static inline bool xlp_rethook_would_fail(const struct task_struct *task)
{
	return IS_ENABLED(CONFIG_RETHOOK) && task_is_running(task) &&
	       xlp_hooked_returns(task);
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
	if (xlp_rethook_would_fail(task))
		return -EINVAL;
	return unexported(arch_stack_walk_reliable)(visit, data, task);
}

#endif /* _XLP_COMPAT_STACKTRACE_H */
