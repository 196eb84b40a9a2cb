// SPDX-License-Identifier: GPL-2.0
/* cpus.c - visit every CPU, by moving from one to the next */

#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include "cpus.h"

/* Protects what follows; one visit at a time. */
static DEFINE_MUTEX(cpus_mutex);
/* Where the thread that makes the visit may run otherwise. */
static struct cpumask cpus_home;
/* Where it has gone last; NULL: it has not gone anywhere yet. */
static const struct cpumask *cpus_gone_to;

/*
 * If somebody has sent the thread elsewhere meanwhile, that is where it may run otherwise.
 * It cannot fail: a kernel thread may run on every CPU that is online, and this one stays so.
 */
static void cpus_go_to(const struct cpumask *cpus)
{
	if (!cpus_gone_to || !cpumask_equal(current->cpus_ptr, cpus_gone_to))
		cpumask_copy(&cpus_home, current->cpus_ptr);
	WARN_ON_ONCE(set_cpus_allowed_ptr(current, cpus));
	cpus_gone_to = cpus;
}

/*
 * With preemption off on return. Until that is off an administrator may send the thread
 * elsewhere, by sched_setaffinity() or a change of cpusets, so look where it has come to.
 */
static void cpus_arrive_at(int cpu)
{
	for (;;) {
		cpus_go_to(cpumask_of(cpu));
		preempt_disable();
		if (smp_processor_id() == cpu)
			return;
		preempt_enable();
	}
}

void xlp_visit_cpus(void (*visit)(int cpu, void *data), void *data)
{
	int cpu;

	mutex_lock(&cpus_mutex);
	cpus_read_lock();
	cpus_gone_to = NULL;
	for_each_online_cpu(cpu) {
		cpus_arrive_at(cpu);
		if (visit)
			visit(cpu, data);
		preempt_enable();
	}
	cpus_go_to(&cpus_home);
	cpus_read_unlock();
	mutex_unlock(&cpus_mutex);
}

void xlp_visit_possible_cpus(void (*visit)(int cpu, void *data), void *data)
{
	int cpu;

	cpus_read_lock();
	for_each_possible_cpu(cpu)
		visit(cpu, data);
	cpus_read_unlock();
}
