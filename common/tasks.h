/* SPDX-License-Identifier: GPL-2.0 */
/* tasks.h - an instant at which no task is inside some code */
#ifndef _XLP_COMMON_TASKS_H
#define _XLP_COMMON_TASKS_H

#include <linux/types.h>

struct xlp_blockers;
struct xlp_clear_tasks;
struct xlp_code;

/**
 * struct xlp_instant - what is to happen while no task is inside some code
 * @code:	the code
 * @commit:	called at the instant, by one CPU, with interrupts off on all.
 *		Neither sleeps nor locks nor allocates nor can fail.
 * @data:	passed to @commit
 * @blockers:	the look's own record; told who is in the way
 * @clear:	tasks that earlier looks have found clear of the same code, or NULL;
 *		set to those that are known now
 * @stopped:	set to whether the machine was stopped since the last look began
 * @freeze_ns:	set to how long it was: from the first CPU's switch to its stopper to the
 *		last CPU's last step in it
 * @check_ns:	set to how long it took to look at all tasks before the stop, but for
 *		those that earlier looks have found clear and that have not run since
 * @nr_tasks:	set to how many tasks there were before the stop
 * @nr_rechecked: set to how many stacks were read in the stop
 */
struct xlp_instant {
	struct xlp_code *code;
	void (*commit)(void *data);
	void *data;
	struct xlp_blockers *blockers;
	struct xlp_clear_tasks *clear;
	bool stopped;
	u64 freeze_ns;
	u64 check_ns;
	unsigned int nr_tasks;
	unsigned int nr_rechecked;
};

/**
 * xlp_instant_look() - look which tasks are inside some code, while all go on
 * @instant:	for what; all but @code, @blockers and @clear may be set later
 *
 * A later look, if it is given @instant->clear, does not read the stacks of tasks again that
 * have not run since.
 *
 * Context: process context, may sleep. Takes about a microsecond for each task, so it is not
 * made in an event.
 *
 * Return: 0: none that does not run, or
 * * -EBUSY	some task is, and @instant->blockers knows which; or some cannot be met
 * * -ENOMEM	out of memory
 */
int xlp_instant_look(struct xlp_instant *instant);

/**
 * xlp_instant_stop() - do something at an instant when no task is inside some code
 * @instant:	what, as it was given to xlp_instant_look(), which has returned 0
 *
 * The machine is stopped, and those tasks are looked at that may have moved since the look.
 *
 * Context: process context, may sleep.
 *
 * Return: 0, and @instant->commit was called, or
 * * -EBUSY	some task is in the way; nothing happened
 * * -ENOMEM	out of memory; nothing happened
 */
int xlp_instant_stop(struct xlp_instant *instant);

/**
 * xlp_clear_tasks_free() - free what xlp_instant_look() has left
 * @clear:	the tasks, each with a reference, or NULL
 *
 * Context: process context, may sleep.
 */
void xlp_clear_tasks_free(struct xlp_clear_tasks *clear);

/**
 * xlp_count_tasks() - how many tasks are there, about?
 *
 * Context: process context, may sleep.
 *
 * Return: the number on the task list.
 */
unsigned int xlp_count_tasks(void);

/**
 * xlp_blockers_gone() - are the tasks that were in the way outside some code?
 * @blockers:	the record
 * @code:	the code
 *
 * A hint that it is time for the next try, for which it is enough to look at the
 * few tasks that the record holds.
 *
 * Context: process context.
 *
 * Return: true if none of them is inside, as far as can be seen.
 */
bool xlp_blockers_gone(struct xlp_blockers *blockers, const struct xlp_code *code);

#endif /* _XLP_COMMON_TASKS_H */
