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
#include <linux/sched.h>
#include <linux/seq_file.h>
#include "costs.h"

/* Of the time from the beginning of a pass to that of the next, the pass takes a third. */
#define REST_FOR_PASS	2

static atomic64_t costs_longest_hold_ns = ATOMIC64_INIT(0);
static atomic64_t costs_last_pass_ns = ATOMIC64_INIT(0);
/* Of that, what the thread was busy. */
static atomic64_t costs_last_busy_ns = ATOMIC64_INIT(0);
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

struct xlp_costs xlp_costs_begin(void)
{
	return (struct xlp_costs){ xlp_costs_hold(), READ_ONCE(current->se.sum_exec_runtime) };
}

/*
 * The scheduler counts in ticks what a thread has run since it was switched to, so a tick may be
 * missing. On 32 bits one may come between the halves of the number. No pass was busy for longer
 * than the clock says.
 */
void xlp_costs_passed(struct xlp_costs since)
{
	u64 busy = READ_ONCE(current->se.sum_exec_runtime) - since.busy_ns + TICK_NSEC;
	u64 took = ktime_get_ns() - since.ns;

	atomic64_set(&costs_last_pass_ns, took);
	atomic64_set(&costs_last_busy_ns, min(busy, took));
}

void xlp_costs_place_lost(void)
{
	atomic_long_inc(&costs_places_lost);
}

unsigned long xlp_costs_spaced(unsigned long delay)
{
	u64 rest = REST_FOR_PASS * (u64)atomic64_read(&costs_last_busy_ns);

	return max(delay, nsecs_to_jiffies(rest));
}

void xlp_costs_show(struct seq_file *file)
{
	seq_printf(file, "longest_hold_ns %lld\nlast_pass_ns %lld\nplaces_lost %ld\n",
		   (s64)atomic64_read(&costs_longest_hold_ns),
		   (s64)atomic64_read(&costs_last_pass_ns),
		   atomic_long_read(&costs_places_lost));
}
