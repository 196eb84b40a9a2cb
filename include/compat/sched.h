/* SPDX-License-Identifier: GPL-2.0 */
/* compat/sched.h - is a task on a CPU */
#ifndef _XLP_COMPAT_SCHED_H
#define _XLP_COMPAT_SCHED_H

#include <compat/unexported.h>

/**
 * xlp_task_running() - may a CPU be executing this task?
 * @task:	a task that cannot be scheduled in or out right now
 *
 * task_curr() becomes false early in a context switch, on_cpu only when the
 * task's registers are all saved; before that its stack says nothing.
 *
 * Return: true if the task runs or is still being switched out.
 */
static inline bool xlp_task_running(struct task_struct *task)
{
#ifdef CONFIG_SMP
	/* Pairs with the release of on_cpu after the switch: then sp is final. */
	if (smp_load_acquire(&task->on_cpu))
		return true;
#endif
	return unexported(task_curr)(task);
}

#endif /* _XLP_COMPAT_SCHED_H */
