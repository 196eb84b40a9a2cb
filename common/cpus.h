/* SPDX-License-Identifier: GPL-2.0 */
/* cpus.h - visit every CPU */
#ifndef _XLP_COMMON_CPUS_H
#define _XLP_COMMON_CPUS_H

/**
 * xlp_visit_cpus() - run on each CPU that is online, one after another
 * @visit:	called there with preemption disabled, or NULL: nothing is to be done
 * @data:	for @visit
 *
 * On return every CPU has switched tasks since the call, so that whoever had
 * preemption disabled when it began is through with that.
 *
 * Context: a thread of xlp_thread_start(), not in an event. Waits until each CPU can
 * run that thread.
 */
void xlp_visit_cpus(void (*visit)(int cpu, void *data), void *data);

/**
 * xlp_visit_possible_cpus() - do something for each CPU while none comes or goes
 * @visit:	called for each that is possible, on this one
 * @data:	for @visit
 *
 * Context: process context, not in an event.
 */
void xlp_visit_possible_cpus(void (*visit)(int cpu, void *data), void *data);

#endif /* _XLP_COMMON_CPUS_H */
