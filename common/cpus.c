// SPDX-License-Identifier: GPL-2.0
/* cpus.c - visit every CPU, by a work item that is bound to it */

#include <compat/workqueue.h>
#include <linux/cpu.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include "cpus.h"

struct visitor {
	struct work_struct work;
	void (*visit)(int cpu, void *data);
	void *data;
};

/* One visit at a time, so that one visitor for each CPU is enough. */
static DEFINE_MUTEX(visiting);
static struct visitor __percpu *visitors;
static struct workqueue_struct *wq;

static void visit_here(struct work_struct *work)
{
	struct visitor *visitor = container_of(work, struct visitor, work);

	if (!visitor->visit)
		return;
	preempt_disable();
	visitor->visit(smp_processor_id(), visitor->data);
	preempt_enable();
}

void xlp_visit_cpus(void (*visit)(int cpu, void *data),
		    void (*visit_offline)(int cpu, void *data), void *data)
{
	struct visitor *visitor;
	int cpu;

	mutex_lock(&visiting);
	/* Work that is queued on a CPU stays there while the CPU does. */
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		visitor = per_cpu_ptr(visitors, cpu);
		visitor->visit = visit;
		visitor->data = data;
		queue_work_on(cpu, wq, &visitor->work);
	}
	for_each_online_cpu(cpu)
		flush_work(&per_cpu_ptr(visitors, cpu)->work);
	if (visit_offline)
		for_each_possible_cpu(cpu)
			if (!cpu_online(cpu))
				visit_offline(cpu, data);
	cpus_read_unlock();
	mutex_unlock(&visiting);
}

int xlp_cpus_init(void)
{
	int cpu;

	/* First in line, as somebody waits. */
	wq = alloc_workqueue("xlp_cpus", WQ_HIGHPRI | XLP_WQ_PERCPU, 0);
	visitors = alloc_percpu(struct visitor);
	if (!wq || !visitors) {
		xlp_cpus_exit();
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		INIT_WORK(&per_cpu_ptr(visitors, cpu)->work, visit_here);
	return 0;
}

void xlp_cpus_exit(void)
{
	if (wq)
		destroy_workqueue(wq);
	free_percpu(visitors);
}
