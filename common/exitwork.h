/* SPDX-License-Identifier: GPL-2.0 */
/* exitwork.h - have a task do something on its way to user space */
#ifndef _XLP_COMMON_EXITWORK_H
#define _XLP_COMMON_EXITWORK_H

struct task_struct;

/**
 * xlp_exit_work_add() - have a task do something when it leaves the kernel
 * @task:	a task that has a user space; asking again is no harm
 * @at_exit:	called by the task, once; the same for all who ask
 *
 * Context: process context, may be atomic; one at a time.
 *
 * Return: 0, -ENOMEM, or -ESRCH: it does not go to user space any more.
 */
int xlp_exit_work_add(struct task_struct *task, void (*at_exit)(void));

/**
 * xlp_exit_work_cancel_all() - take back what tasks were asked, as far as possible
 *
 * A task that has begun with its work may still call what it was asked, at any
 * time later, and keeps xlp.ko loaded until then.
 *
 * Context: process context, one at a time and not while another task is asked.
 */
void xlp_exit_work_cancel_all(void);

#endif /* _XLP_COMMON_EXITWORK_H */
