/* SPDX-License-Identifier: GPL-2.0 */
/* movers.h - look at every task once and move those that can be moved */
#ifndef _XLP_COMMON_MOVERS_H
#define _XLP_COMMON_MOVERS_H

#include <linux/types.h>

struct xlp_blockers;
struct xlp_code;

/**
 * struct xlp_pass - one look at every task
 * @ticket:	permits to move them, from xlp_worlds_start_pass()
 * @code:	what they must be outside of; taken after @ticket
 * @blockers:	told who is in the way
 * @interrupts:	end the interruptible sleep of those
 * @nr_interrupted: set to how many that were
 * @nr_left:	set to how many tasks are not where they are to go
 */
struct xlp_pass {
	unsigned long ticket;
	const struct xlp_code *code;
	struct xlp_blockers *blockers;
	bool interrupts;
	unsigned int nr_interrupted;
	unsigned int nr_left;
};

/**
 * xlp_move_tasks() - make a pass
 * @pass:	the pass
 *
 * Tasks that cannot be moved while they do not run are asked to move themselves
 * when they leave the kernel.
 *
 * Context: process context, without xlp_mutex, one at a time; waits for each CPU.
 */
void xlp_move_tasks(struct xlp_pass *pass);

#endif /* _XLP_COMMON_MOVERS_H */
