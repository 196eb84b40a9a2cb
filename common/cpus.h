/* SPDX-License-Identifier: GPL-2.0 */
/* cpus.h - visit every CPU */
#ifndef _XLP_COMMON_CPUS_H
#define _XLP_COMMON_CPUS_H

int xlp_cpus_init(void);
void xlp_cpus_exit(void);

/**
 * xlp_visit_cpus() - run on every CPU for a moment
 * @visit:	called on each that is online, by a task of its own, with preemption
 *		disabled, so that nobody else runs there; or NULL
 * @visit_offline: called for each that is not, or NULL; none comes or goes meanwhile
 * @data:	passed on
 *
 * On return every CPU has switched tasks since the call. So whatever ran with
 * preemption disabled then has come to the end of that, in interrupts too, and
 * where RCU is not watching.
 *
 * Context: process context, without xlp_mutex; waits for other visits, and for each
 * CPU to be ready to run a task.
 */
void xlp_visit_cpus(void (*visit)(int cpu, void *data),
		    void (*visit_offline)(int cpu, void *data), void *data);

#endif /* _XLP_COMMON_CPUS_H */
