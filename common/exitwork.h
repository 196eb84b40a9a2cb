/* SPDX-License-Identifier: GPL-2.0 */
/* exitwork.h - have a task do something on its way to user space */
#ifndef _XLP_COMMON_EXITWORK_H
#define _XLP_COMMON_EXITWORK_H

struct task_struct;

/**
 * xlp_exit_work_add() - let a task move itself when it leaves the kernel
 * @task:	a task that has a user space; asking again is no harm
 *
 * It will call xlp_transition_at_exit(), once.
 *
 * Context: process context, may be atomic; one at a time.
 *
 * Return: 0, -ENOMEM, or -ESRCH: it does not go to user space any more.
 */
int xlp_exit_work_add(struct task_struct *task);

/**
 * xlp_exit_work_cancel_all() - take back what tasks were asked, as far as possible
 *
 * A task that has begun with its work may still call xlp_transition_at_exit(), at any
 * time later, and keeps xlp.ko loaded until then.
 *
 * Context: process context, one at a time and not while another task is asked.
 */
void xlp_exit_work_cancel_all(void);

#endif /* _XLP_COMMON_EXITWORK_H */
