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
 * xlp_costs_passed() - a pass over all tasks is complete
 * @since:	when it began, of xlp_costs_hold()
 *
 * Context: process context.
 */
void xlp_costs_passed(u64 since);

/* A walk's place has left the task list before the walk went on. Process context. */
void xlp_costs_place_lost(void);

/**
 * xlp_costs_spaced() - how long to wait from a pass to the next
 * @delay:	the time wanted, in jiffies
 *
 * Passes that take long are made seldom: the thread that makes them is busy for a third
 * of the time at most, however many tasks there are.
 *
 * Context: any.
 *
 * Return: @delay, or twice the time that the last pass has taken, if that is longer, in
 * jiffies.
 */
unsigned long xlp_costs_spaced(unsigned long delay);

/* The lines of the file "passes": see debugfs.c. */
void xlp_costs_show(struct seq_file *file);

#endif /* _XLP_COMMON_COSTS_H */
