/* SPDX-License-Identifier: GPL-2.0 */
/* costs.h - what looking at tasks costs the machine */
#ifndef _XLP_COMMON_COSTS_H
#define _XLP_COMMON_COSTS_H

#include <linux/types.h>

struct seq_file;

/**
 * xlp_costs_hold() - a hold begins: of RCU, or of a CPU that may not be preempted
 *
 * Context: any but NMI.
 *
 * Return: when, for xlp_costs_held().
 */
u64 xlp_costs_hold(void);

/**
 * xlp_costs_held() - a hold has ended
 * @since:	what xlp_costs_hold() has returned
 *
 * Context: any but NMI; two clock readings and a comparison for each hold.
 */
void xlp_costs_held(u64 since);

/**
 * struct xlp_costs - when something began
 * @ns:		by the clock
 * @busy_ns:	by what the thread had run until then
 */
struct xlp_costs {
	u64 ns;
	u64 busy_ns;
};

/**
 * xlp_costs_begin() - a pass over all tasks begins
 *
 * Context: process context.
 *
 * Return: when, for xlp_costs_passed().
 */
struct xlp_costs xlp_costs_begin(void);

/**
 * xlp_costs_passed() - a pass over all tasks is complete
 * @since:	what xlp_costs_begin() has returned, in the same thread
 *
 * Context: process context.
 */
void xlp_costs_passed(struct xlp_costs since);

/* A walk's place has left the task list before the walk went on. Process context. */
void xlp_costs_place_lost(void);

/**
 * xlp_costs_spaced() - how long to wait from a pass to the next
 * @delay:	the time wanted, in jiffies
 *
 * Passes that take long are made seldom: the thread that makes them is busy for a third
 * of the time at most, however many tasks there are. What it waits for a CPU that somebody
 * keeps, or for a machine that stands, is not its own: that may be long, and would hold up who
 * has nothing to wait for any more.
 *
 * Context: any.
 *
 * Return: @delay, or twice the time that the thread was busy with the last pass, if that is
 * longer, in jiffies.
 */
unsigned long xlp_costs_spaced(unsigned long delay);

/* The lines of the file "passes": see debugfs.c. */
void xlp_costs_show(struct seq_file *file);

#endif /* _XLP_COMMON_COSTS_H */
