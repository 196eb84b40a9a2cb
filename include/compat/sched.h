/* SPDX-License-Identifier: GPL-2.0 */
/* compat/sched.h - is a task on a CPU, and how to wake one */
#ifndef _XLP_COMPAT_SCHED_H
#define _XLP_COMPAT_SCHED_H

#include <compat/unexported.h>
#include <linux/sched/signal.h>

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

/**
 * xlp_is_user_worker() - does this task work for user space without going there?
 * @task:	the task
 *
 * As io_uring's and vhost's do. When it is interrupted the request that it works on
 * ends with an error.
 *
 * Return: true if it does.
 */
static inline bool xlp_is_user_worker(const struct task_struct *task)
{
#ifdef PF_USER_WORKER
	return task->flags & (PF_IO_WORKER | PF_USER_WORKER);
#else
	return task->flags & PF_IO_WORKER;
#endif
}

/**
 * xlp_task_ready() - is a task that does not run waiting for a CPU?
 * @task:	a task that cannot be scheduled in or out right now
 *
 * Return: true if it may have been preempted, at whatever instruction; false if it
 * has given up its CPU by itself. Also true for some that sleep: where the scheduler
 * takes its time to dequeue them.
 */
static inline bool xlp_task_ready(const struct task_struct *task)
{
	return READ_ONCE(task->on_rq);
}

/**
 * xlp_interrupt() - end a task's interruptible sleep
 * @task:	the task
 *
 * What set_notify_signal() does, which modules cannot link: a task of user space
 * goes back there and runs its task work, without a signal being delivered. A
 * kernel thread is just woken.
 *
 * Context: any, without the task's or a runqueue's lock.
 */
static inline void xlp_interrupt(struct task_struct *task)
{
	if (task->flags & PF_KTHREAD) {
		unexported(wake_up_state)(task, TASK_INTERRUPTIBLE);
		return;
	}
	set_tsk_thread_flag(task, TIF_NOTIFY_SIGNAL);
	if (!unexported(wake_up_state)(task, TASK_INTERRUPTIBLE))
		kick_process(task);
}

#endif /* _XLP_COMPAT_SCHED_H */
