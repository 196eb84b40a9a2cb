/* SPDX-License-Identifier: GPL-2.0 */
/* compat/clock.h - since when has the running task been running? */
#ifndef _XLP_COMPAT_CLOCK_H
#define _XLP_COMPAT_CLOCK_H

#include <linux/sched.h>
#include <linux/sched/clock.h>

/**
 * xlp_running_since() - when this CPU switched to the running task
 *
 * Where the scheduler keeps no statistics: now.
 *
 * Context: preemption off.
 *
 * Return: nanoseconds of local_clock(), which is the clock of the statistics.
 */
static inline u64 xlp_running_since(void)
{
#ifdef CONFIG_SCHED_INFO
	return current->sched_info.last_arrival;
#else
	return local_clock();
#endif
}

#endif /* _XLP_COMPAT_CLOCK_H */
