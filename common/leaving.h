/* SPDX-License-Identifier: GPL-2.0 */
/* leaving.h - tasks on their way out, which no list of the kernel has */
#ifndef _XLP_COMMON_LEAVING_H
#define _XLP_COMMON_LEAVING_H

#include <linux/types.h>

struct task_struct;

/* Before the probes, which call the two below. Return: 0 or -ENOMEM. */
int xlp_leaving_init(void);
/* The probes are there. */
void xlp_leaving_start(void);
/* They are not any more. */
void xlp_leaving_exit(void);

/*
 * A task begins to exit; it is on the task list still. Any context: takes a raw spinlock,
 * allocates nothing.
 */
void xlp_leaving_note(struct task_struct *task);
/* It has been switched out for the last time. The same. */
void xlp_leaving_forget(const struct task_struct *task);

/**
 * xlp_leaving_for_each() - visit every task between its exit and its end
 * @visit:	called for each; some are on the task list too, some are dead
 * @data:	passed on
 *
 * Context: with the machine stopped.
 *
 * Return: true, or false if there may be more than were visited.
 */
bool xlp_leaving_for_each(void (*visit)(struct task_struct *task, void *data), void *data);

/**
 * xlp_leaving_visit() - the same while the machine runs
 * @visit:	called for each that exits already; may sleep
 * @data:	passed on
 *
 * Whoever begins to exit meanwhile may be visited or not: such a task has been on
 * the task list when this was called.
 *
 * Context: process context, one at a time.
 *
 * Return: true, or false if there may be more.
 */
bool xlp_leaving_visit(void (*visit)(struct task_struct *task, void *data), void *data);

/**
 * xlp_leaving_is_any_missing() - may there be tasks that no visit meets?
 *
 * Context: any.
 *
 * Return: true if there may be.
 */
bool xlp_leaving_is_any_missing(void);

#endif /* _XLP_COMMON_LEAVING_H */
