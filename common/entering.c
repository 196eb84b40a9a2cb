// SPDX-License-Identifier: GPL-2.0
/*
 * entering.c - have tasks do something when they begin a system call
 *
 * Who leaves the kernel does what it was asked (exitwork.c) some functions deep, if it was
 * woken: that is where signals are looked for. These have long frames with holes, in which
 * what the system call has left can be read, and it is the same each time. Where a call
 * begins there is next to nothing on the stack, and with CONFIG_RANDOMIZE_KSTACK_OFFSET the
 * last one's remains lie elsewhere each time.
 */
#include "log.h"

#include <linux/string.h>
#include <linux/tracepoint.h>
#include "entering.h"

static void (*entering_does)(void);
static bool entering_watches;

static void entering_probe(void *data, struct pt_regs *regs, long id)
{
	entering_does();
}

static void entering_find_tracepoint(struct tracepoint *point, void *data)
{
	struct tracepoint **found = data;

	if (!strcmp(point->name, "sys_enter"))
		*found = point;
}

static struct tracepoint *entering_tracepoint(void)
{
	struct tracepoint *found = NULL;

	for_each_kernel_tracepoint(entering_find_tracepoint, &found);
	return found;
}

void xlp_entering_watch(void (*at_entry)(void))
{
	struct tracepoint *point;

	if (entering_watches)
		return;
	entering_does = at_entry;
	point = entering_tracepoint();
	entering_watches = point && !tracepoint_probe_register(point, entering_probe, NULL);
}

void xlp_entering_unwatch(void)
{
	if (!entering_watches)
		return;
	tracepoint_probe_unregister(entering_tracepoint(), entering_probe, NULL);
	entering_watches = false;
}
