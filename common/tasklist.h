/* SPDX-License-Identifier: GPL-2.0 */
/* tasklist.h - all tasks of the task list, a bounded piece at a time */
#ifndef _XLP_COMMON_TASKLIST_H
#define _XLP_COMMON_TASKLIST_H

#include <linux/atomic.h>
#include <linux/types.h>

struct task_struct;

/* Not 0: a piece is one task, and there is a pause between two; for tests. */
extern atomic_t xlp_tasklist_crawls;

/**
 * xlp_tasklist_walk() - visit every task on the task list
 * @visit:	called for each, under RCU, without sleeping; returns true if that took
 *		long, as reading a stack does
 * @data:	passed on
 *
 * Who is on the list when this is called, and still is when it returns, has been visited,
 * some perhaps twice. Who joins or leaves meanwhile may have been or not.
 *
 * Idle tasks are not on the list.
 *
 * Context: process context, may sleep; not under RCU. RCU is held for a piece at a time,
 * never for as long as 1 ms (see tasklist.c).
 */
void xlp_tasklist_walk(bool (*visit)(struct task_struct *task, void *data), void *data);

#endif /* _XLP_COMMON_TASKLIST_H */
