/* SPDX-License-Identifier: GPL-2.0 */
/* leaving.h - tasks on their way out, which no list of the kernel has */
#ifndef _XLP_COMMON_LEAVING_H
#define _XLP_COMMON_LEAVING_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/types.h>
#include "alloc.h"

struct task_struct;

/* Before the probes, which call the two below. Return: 0 or -ENOMEM. */
int xlp_leaving_init(void);
/* The probes are there. */
void xlp_leaving_start(void);
/* They are not any more. */
void xlp_leaving_exit(void);

/* Slots of the first level, as bits. */
#define XLP_LEAVING_BITS	10
/* Where in a level a task may be noted: in this many slots from that of its address. */
#define XLP_LEAVING_WINDOW	16
/* Windows do not wrap round. */
#define XLP_LEAVING_FIRST	((1UL << XLP_LEAVING_BITS) + XLP_LEAVING_WINDOW - 1)

/* For the two below only: the first level, and how many tasks may be noted twice. */
extern unsigned long xlp_leaving_first[XLP_LEAVING_FIRST];
extern atomic_t xlp_leaving_early;
void xlp_leaving_note_slowly(struct task_struct *task);
void xlp_leaving_forget_slowly(const struct task_struct *task);

/**
 * xlp_leaving_note() - a task begins to exit; it is on the task list still
 * @task:	the task
 *
 * Next to nothing, as every exit on the machine pays for it: nearly always its slot is free.
 *
 * Context: any; takes no lock and allocates nothing.
 */
static __always_inline void xlp_leaving_note(struct task_struct *task)
{
	unsigned long none = 0;

	if (unlikely(atomic_read(&xlp_failing_atomic_allocation)) ||
	    unlikely(!try_cmpxchg(&xlp_leaving_first[hash_ptr(task, XLP_LEAVING_BITS)], &none,
				  (unsigned long)task)))
		xlp_leaving_note_slowly(task);
}

/**
 * xlp_leaving_forget() - a task has been switched out for the last time
 * @task:	the task, whose memory will be freed
 *
 * Context: as before; may wait a moment for somebody who takes a reference.
 */
static __always_inline void xlp_leaving_forget(const struct task_struct *task)
{
	unsigned long noted = (unsigned long)task;

	if (unlikely(!try_cmpxchg(&xlp_leaving_first[hash_ptr(task, XLP_LEAVING_BITS)], &noted,
				  0)) ||
	    unlikely(atomic_read(&xlp_leaving_early)))
		xlp_leaving_forget_slowly(task);
}

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
 * the task list when this was called. Costs a step for each of a thousand slots, and
 * more only if so many have been in use at once.
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
