/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stack.h - what xlp sees on a task's stack, for tests and for porters
 *
 * The same code that decides whether a task may be inside a function, with every
 * address shown in place of a verdict.
 */
#ifndef _XLP_STACK_H
#define _XLP_STACK_H

#include <linux/types.h>

struct task_struct;

/**
 * typedef xlp_visit_address - is called for each address found
 * @data:	as passed in
 * @addr:	a code address, or whatever word stood where one may stand
 *
 * Must not sleep, wake tasks or print.
 *
 * Return: false to end the search.
 */
typedef bool (*xlp_visit_address)(void *data, unsigned long addr);

/**
 * xlp_scan_stack() - visit every word a task could take a return address from
 * @task:	the task; the caller holds a reference
 * @visit:	called for each word, as the code address it may stand for
 * @data:	passed on
 *
 * Context: process context.
 *
 * Return: 0, -EAGAIN if the task is running, or -ESRCH if it has no stack any
 * more and will return nowhere.
 */
int xlp_scan_stack(struct task_struct *task, xlp_visit_address visit, void *data);

/**
 * xlp_walk_stack() - visit every address a task will return to
 * @task:	the task; the caller holds a reference
 * @visit:	called for each address, innermost first
 * @data:	passed on
 *
 * Context: process context.
 *
 * Return: 0 if all were visited, or
 * * -EINVAL	they may not be all: the stack is not reliable, or @visit ended it
 * * -EAGAIN	the task is running
 * * -ESRCH	it has no stack any more and will return nowhere
 * * -EOPNOTSUPP there is no walker for this architecture and kernel
 */
int xlp_walk_stack(struct task_struct *task, xlp_visit_address visit, void *data);

/**
 * struct xlp_saved - what xlp takes for the registers that a context switch has saved
 * @sp:		the stack pointer, or the far end of the stack where it is not known
 * @context:	what is not on the stack above that
 * @words:	how many words that is
 */
struct xlp_saved {
	unsigned long sp;
	const unsigned long *context;
	unsigned int words;
};

/**
 * xlp_saved_registers() - the registers of a task that sleeps
 * @task:	the task; nobody wakes it as long as @saved is used
 * @saved:	is filled in
 *
 * Context: any.
 */
void xlp_saved_registers(const struct task_struct *task, struct xlp_saved *saved);

#endif /* _XLP_STACK_H */
