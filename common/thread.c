// SPDX-License-Identifier: GPL-2.0
/* thread.c - threads of xlp's own */

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include "thread.h"

/* How long it is until the next step; 0: it is to be made now, and the asking is over. */
static unsigned long thread_take(struct xlp_thread *thread)
{
	unsigned long flags, left = MAX_SCHEDULE_TIMEOUT;
	unsigned long now = jiffies;	/* which goes on */

	raw_spin_lock_irqsave(&thread->lock, flags);
	if (thread->asked) {
		left = time_after(thread->at, now) ? thread->at - now : 0;
		thread->asked = left;
	}
	raw_spin_unlock_irqrestore(&thread->lock, flags);
	return left;
}

static int thread_run(void *data)
{
	struct xlp_thread *thread = data;
	unsigned long left;

	for (;;) {
		/* Before the two questions, so that whoever answers one later wakes us. */
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		left = thread_take(thread);
		if (left) {
			schedule_timeout(left);
			continue;
		}
		__set_current_state(TASK_RUNNING);
		lock_map_acquire(&thread->map);
		thread->step();
		lock_map_release(&thread->map);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

int xlp_thread_start(struct xlp_thread *thread, const char *name)
{
	struct task_struct *task;

	lockdep_init_map(&thread->map, name, &thread->key, 0);
	task = kthread_create(thread_run, thread, "%s", name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	thread->task = task;
	set_user_nice(task, MIN_NICE);
	wake_up_process(task);
	return 0;
}

void xlp_thread_stop(struct xlp_thread *thread)
{
	kthread_stop(thread->task);
}

void xlp_thread_might_wait(struct xlp_thread *thread)
{
	lock_map_acquire(&thread->map);
	lock_map_release(&thread->map);
}

void xlp_thread_ask(struct xlp_thread *thread, unsigned long delay)
{
	unsigned long at = jiffies + delay, flags;

	raw_spin_lock_irqsave(&thread->lock, flags);
	if (!thread->asked || time_before(at, thread->at))
		thread->at = at;
	thread->asked = true;
	raw_spin_unlock_irqrestore(&thread->lock, flags);
	wake_up_process(thread->task);
}
