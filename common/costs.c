// SPDX-License-Identifier: GPL-2.0
/*
 * costs.c - what looking at tasks costs the machine
 *
 * Measured by xlp itself, so that a test can hold it to its promise on every machine: a
 * pass over many tasks takes long, but never holds up anybody else for long.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include "costs.h"

/* Of the time from the beginning of a pass to that of the next, the pass takes a third. */
#define REST_FOR_PASS	2

static atomic64_t costs_longest_hold_ns = ATOMIC64_INIT(0);
static atomic64_t costs_last_pass_ns = ATOMIC64_INIT(0);
static atomic_long_t costs_places_lost = ATOMIC_LONG_INIT(0);

u64 xlp_costs_hold(void)
{
	return ktime_get_ns();
}

/* Longer ones become rare soon, so who is not the longest writes nothing. */
void xlp_costs_held(u64 since)
{
	s64 held = ktime_get_ns() - since, longest = atomic64_read(&costs_longest_hold_ns);

	while (held > longest &&
	       !atomic64_try_cmpxchg(&costs_longest_hold_ns, &longest, held))
		;
}

void xlp_costs_passed(u64 since)
{
	atomic64_set(&costs_last_pass_ns, ktime_get_ns() - since);
}

void xlp_costs_place_lost(void)
{
	atomic_long_inc(&costs_places_lost);
}

unsigned long xlp_costs_spaced(unsigned long delay)
{
	u64 rest = REST_FOR_PASS * (u64)atomic64_read(&costs_last_pass_ns);

	return max(delay, nsecs_to_jiffies(rest));
}

void xlp_costs_show(struct seq_file *file)
{
	seq_printf(file, "longest_hold_ns %lld\nlast_pass_ns %lld\nplaces_lost %ld\n",
		   (s64)atomic64_read(&costs_longest_hold_ns),
		   (s64)atomic64_read(&costs_last_pass_ns),
		   atomic_long_read(&costs_places_lost));
}
