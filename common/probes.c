// SPDX-License-Identifier: GPL-2.0
/*
 * probes.c - what xlp is told of tasks, by tracepoints
 *
 *	task_newtask		it is on the task list and has never run
 *	sched_process_exit	it begins to exit, on the task list
 *	sched_process_free	it has been switched out for the last time
 *
 * From 7.x on probes are preemptible, so what they do must hold whenever it is
 * done: see world.c.
 */
#include "log.h"

#include <compat/tracepoints.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include "leaving.h"
#include "probes.h"
#include "world.h"

static void probes_task_is_born(XLP_BIRTH_PARAMETERS)
{
	xlp_world_born(task);
}

static void probes_task_exits(XLP_EXIT_PARAMETERS)
{
	xlp_leaving_note(task);
}

static void probes_task_ends(void *data, struct task_struct *task)
{
	xlp_leaving_forget(task);
	xlp_world_ended(task);
}

/* Compiles only if each probe is of its tracepoint's type: the table below does not say. */
static inline void probes_check_types(void)
{
	check_trace_callback_type_sched_process_free(probes_task_ends);
	check_trace_callback_type_sched_process_exit(probes_task_exits);
	check_trace_callback_type_task_newtask(probes_task_is_born);
}

/* In this order, so that whoever is noted is forgotten again. */
static struct {
	const char *name;
	void *probe;
	struct tracepoint *point;
} probes[] = {
	{ "sched_process_free", probes_task_ends },
	{ "sched_process_exit", probes_task_exits },
	{ "task_newtask", probes_task_is_born },
};

static void probes_find_tracepoint(struct tracepoint *point, void *data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(point->name, probes[i].name))
			probes[i].point = point;
}

static void probes_unregister(unsigned int nr)
{
	while (nr--)
		tracepoint_probe_unregister(probes[nr].point, probes[nr].probe, NULL);
	tracepoint_synchronize_unregister();
}

static int probes_register(void)
{
	unsigned int i;
	int err;

	probes_check_types();
	for_each_kernel_tracepoint(probes_find_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = !probes[i].point ? -EOPNOTSUPP :
		      tracepoint_probe_register(probes[i].point, probes[i].probe, NULL);
		if (err) {
			pr_err("cannot watch tasks, tracepoint %s (%d)\n", probes[i].name, err);
			probes_unregister(i);
			return err;
		}
	}
	return 0;
}

int xlp_probes_init(void)
{
	int err = xlp_leaving_init();

	if (err)
		return err;
	err = probes_register();
	if (err)
		xlp_leaving_exit();
	else
		xlp_leaving_start();
	return err;
}

void xlp_probes_exit(void)
{
	probes_unregister(ARRAY_SIZE(probes));
	xlp_leaving_exit();
}
