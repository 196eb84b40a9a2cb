// SPDX-License-Identifier: GPL-2.0
/* thread.c - threads of xlp's own */

#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include "thread.h"

struct kthread_worker *xlp_thread_start(const char *name)
{
	struct kthread_worker *thread = kthread_create_worker(0, "%s", name);

	if (IS_ERR(thread))
		return thread;
	set_user_nice(thread->task, MIN_NICE);
	/* From 6.14 on it waits for this; before, it is no harm. */
	wake_up_process(thread->task);
	return thread;
}
