// SPDX-License-Identifier: GPL-2.0
/*
 * unhook.c - have calls of functions that no patch replaces any more caught no longer
 *
 * By a thread, as ftrace waits for RCU tasks then. It is told of every event, and looks for
 * hooks that are idle.
 */
#include <linux/bug.h>
#include <linux/rcupdate.h>
#include "engine.h"
#include "hook.h"
#include "patch.h"
#include "thread.h"
#include "unhook.h"

static struct xlp_batch *unhook_next(unsigned long *disablings)
{
	struct xlp_batch *batch;

	xlp_engine_enter();
	*disablings = xlp_patch_disablings();
	batch = xlp_hooks_detach_next();
	xlp_engine_leave();
	return batch;
}

static void unhook_step(void)
{
	unsigned long disablings;
	struct xlp_batch *batch;
	bool waited;

	while ((batch = unhook_next(&disablings))) {
		waited = xlp_batch_detach(batch);
		xlp_engine_enter();
		xlp_hooks_detached(batch);
		/* Patches that were disabled before may be let go without another wait. */
		if (waited)
			xlp_patch_has_waited(disablings);
		xlp_engine_leave();
	}
}

static struct xlp_thread unhook_thread = XLP_THREAD(unhook_thread, unhook_step);

int xlp_unhook_init(void)
{
	int err = xlp_thread_start(&unhook_thread, "xlp_unhook");

	if (!err)
		xlp_engine_add_thread(&unhook_thread, true);
	return err;
}

static bool unhook_any_left(void)
{
	bool any;

	xlp_engine_enter();
	any = xlp_hooks_any_in(0, ULONG_MAX);
	xlp_engine_leave();
	return any;
}

void xlp_unhook_exit(void)
{
	xlp_engine_remove_thread(&unhook_thread);
	xlp_thread_stop(&unhook_thread);
	/* What nobody wanted any more in the last events. */
	unhook_step();
	/* Handlers of what stays hooked would be gone. No patch is left that wants any. */
	WARN_ON_ONCE(unhook_any_left());
	/*
	 * A task may have been preempted on its way out of an architecture's stub, or
	 * behind the last module_put() of exitwork.c.
	 */
	synchronize_rcu_tasks();
}
