/* SPDX-License-Identifier: GPL-2.0 */
/* blocked.h - tasks in the way of a patch, and how they are shown */
#ifndef _XLP_COMMON_BLOCKED_H
#define _XLP_COMMON_BLOCKED_H

#include <linux/sched.h>
#include "stack.h"

/* So many tasks in the way of one patch are remembered by name. */
#define XLP_BLOCKERS_MAX	16

/**
 * struct xlp_blocker - a task in the way
 * @task:	the task, with a reference, until the next try or xlp_blockers_let_go();
 *		NULL in a patch's record
 * @pid:	its number; 0 for idle tasks
 * @comm:	its name
 * @verdict:	what its stack showed
 * @why:	in one word
 * @times:	how often in a row it was looked at and in the way
 * @try:	the last of those, counted by &xlp_blockers.try
 */
struct xlp_blocker {
	struct task_struct *task;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct xlp_stack_verdict verdict;
	const char *why;
	unsigned int times;
	unsigned int try;
};

/**
 * struct xlp_blockers - the tasks in the way of a patch
 * @change:	what they are in the way of, in one word, or NULL: of nothing
 * @try:	how often it was tried
 * @nr:		how many were in the way in the last try
 * @unseen:	the last try could not see every task
 * @slots:	those of the last try have its number
 *
 * A patch's changes in events only. A look at tasks is made between events, and has a
 * record of its own.
 */
struct xlp_blockers {
	const char *change;
	unsigned int try;
	unsigned int nr;
	bool unseen;
	struct xlp_blocker slots[XLP_BLOCKERS_MAX];
};

#define xlp_for_each_blocker_slot(blockers, slot) \
	for ((slot) = (blockers)->slots; (slot) < (blockers)->slots + XLP_BLOCKERS_MAX; (slot)++)

/**
 * xlp_blockers_start() - nothing has been in the way of a change yet
 * @blockers:	the record
 * @change:	what begins, in one word, or NULL
 */
void xlp_blockers_start(struct xlp_blockers *blockers, const char *change);

/**
 * xlp_blockers_next_try() - forget who was in the way before the last try
 * @blockers:	the record
 */
void xlp_blockers_next_try(struct xlp_blockers *blockers);

/**
 * xlp_blockers_let_go() - remember tasks by name only
 * @blockers:	the record
 */
void xlp_blockers_let_go(struct xlp_blockers *blockers);

/**
 * xlp_blockers_publish() - let others see what a look at tasks has found
 * @blockers:	the record that others see; has no references, before and after
 * @found:	the look's own
 *
 * Context: process context, in an event.
 */
void xlp_blockers_publish(struct xlp_blockers *blockers, const struct xlp_blockers *found);

/**
 * xlp_blockers_add() - note a task in the way
 * @blockers:	the record
 * @task:	the task
 * @verdict:	what its stack shows
 *
 * Context: any, also with the machine stopped; takes no lock.
 */
void xlp_blockers_add(struct xlp_blockers *blockers, struct task_struct *task,
		      struct xlp_stack_verdict verdict);

/**
 * xlp_blockers_first() - one task that was in the way in the last try
 * @blockers:	the record
 *
 * Return: the task, or NULL if none is known by name.
 */
const struct xlp_blocker *xlp_blockers_first(const struct xlp_blockers *blockers);

/**
 * xlp_blockers_report() - say in the log who was in the way in the last try
 * @blockers:	the record, of a change that has failed for that
 * @patch:	the name of its patch
 * @nr_stops:	how often the machine was stopped
 *
 * Context: process context, in an event.
 */
void xlp_blockers_report(const struct xlp_blockers *blockers, const char *patch,
			 unsigned int nr_stops);

#endif /* _XLP_COMMON_BLOCKED_H */
