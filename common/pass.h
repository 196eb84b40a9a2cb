/* SPDX-License-Identifier: GPL-2.0 */
/* pass.h - look at every task once, while the machine runs */
#ifndef _XLP_COMMON_PASS_H
#define _XLP_COMMON_PASS_H

#include <linux/types.h>

struct task_struct;
struct xlp_blockers;
struct xlp_code;

/**
 * struct xlp_pass - one look at every task
 * @code:	what tasks are to be outside of
 * @is_done:	need this task not be looked at? NULL: all are. Any context.
 * @found_clear: called with each task that is outside, held still; returns 0 or an
 *		error: it counts as left. NULL: nothing is to be done. Any context.
 * @ticket:	for @found_clear
 * @blockers:	told who is in the way
 * @at_exit:	what those are to do by themselves when they leave the kernel; NULL: nothing.
 *		May be called at any time later, for as long as xlp.ko is loaded
 * @interrupts:	end the interruptible sleep of those
 * @insists:	and let those that do not sleep, but have a user space, go there
 * @wakes_workers: do the two above to workers of the kernel for user space, too: their
 *		requests end with an error then
 * @nr_interrupted: set to how many that were
 * @nr_doubted:	and against how many of those with a user space nothing speaks but words that
 *		no walker has told from stale ones
 * @nr_left:	set to how many tasks were not seen outside
 */
struct xlp_pass {
	const struct xlp_code *code;
	bool (*is_done)(const struct task_struct *task);
	int (*found_clear)(const struct task_struct *task, const struct xlp_pass *pass);
	unsigned long ticket;
	struct xlp_blockers *blockers;
	void (*at_exit)(void);
	bool interrupts;
	bool insists;
	bool wakes_workers;
	unsigned int nr_interrupted;
	unsigned int nr_doubted;
	unsigned int nr_left;
};

/**
 * xlp_pass_over_tasks() - make a pass
 * @pass:	the pass
 *
 * Each task is seen at another moment. Whoever is made meanwhile has no frames and
 * may or may not be met.
 *
 * Context: a thread of xlp_thread_start(), not in an event; waits for each CPU.
 */
void xlp_pass_over_tasks(struct xlp_pass *pass);

#endif /* _XLP_COMMON_PASS_H */
