/* SPDX-License-Identifier: GPL-2.0 */
/* stack.h - may a task be inside a set of code? */
#ifndef _XLP_COMMON_STACK_H
#define _XLP_COMMON_STACK_H

#include <linux/atomic.h>
#include <linux/sched.h>

struct xlp_code;

enum xlp_stack_state {
	XLP_STACK_CLEAR,	/* the task is not inside the code */
	XLP_STACK_INSIDE,	/* it is */
	XLP_STACK_MAYBE,	/* it may be, and there is no walker to tell */
	XLP_STACK_UNRELIABLE,	/* it may be, and the walker cannot tell */
	XLP_STACK_RUNNING,	/* it is running, so its stack says nothing */
};

/**
 * struct xlp_stack_verdict - what a look at a stack has shown
 * @state:	see above
 * @negated_where: an address: inside the code if @state is INSIDE or MAYBE, where the
 *		walk got stuck if it is UNRELIABLE. Negated, as verdicts lie on the stacks
 *		of those who look, which are looked at as well
 */
struct xlp_stack_verdict {
	enum xlp_stack_state state;
	unsigned long negated_where;
};

/* The address as it is printed. */
static inline void *xlp_verdict_where(const struct xlp_stack_verdict *verdict)
{
	return (void *)-verdict->negated_where;
}

/**
 * xlp_stack_check() - look at the stack of a task that is held still
 * @task:	the task; cannot be scheduled in or out, and its stack stays
 * @code:	the code
 *
 * The conservative scan first; where it finds something, the walker.
 *
 * Context: any, interrupts in any state; takes no lock.
 *
 * Return: the verdict.
 */
struct xlp_stack_verdict xlp_stack_check(struct task_struct *task,
					 const struct xlp_code *code);

/**
 * xlp_stack_check_self() - look at the stack of the running task
 * @code:	the code
 *
 * Context: any but interrupts, on the task's own stack; takes no lock.
 *
 * Return: the verdict, as above but for RUNNING.
 */
struct xlp_stack_verdict xlp_stack_check_self(const struct xlp_code *code);

/* Not 0: no architecture has a walker. For tests. */
extern atomic_t xlp_ignoring_walker;

#endif /* _XLP_COMMON_STACK_H */
