// SPDX-License-Identifier: GPL-2.0
/*
 * engine.c - events reach the core one at a time
 *
 * No other file has the mutex, so no other can drop it.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/time64.h>
#include <linux/wait.h>
#include "engine.h"
#include "thread.h"

/*
 * Held for each event. It nests outside module_mutex and the CPU hotplug lock. The ftrace
 * handler takes no lock at all; see world.h for what it reads.
 */
static DEFINE_MUTEX(engine_mutex);
/* Whose event it is; written under the mutex. */
static const struct task_struct *engine_task;
/* The event has changed something. Under the mutex. */
static bool engine_has_changed;
/* How many events have. Written under the mutex, read by requests that wait. */
static unsigned long engine_changes;
/* Woken when that grows. */
static DECLARE_WAIT_QUEUE_HEAD(engine_wait);
/* Threads that requests wait for. Written under the mutex, and constant while requests are made. */
static LIST_HEAD(engine_threads);

bool xlp_engine_is_mine(void)
{
	return READ_ONCE(engine_task) == current;
}

void xlp_engine_assert(void)
{
	lockdep_assert_held(&engine_mutex);
	/* Kernels without lockdep, which are most, can still say that nobody is in an event. */
	WARN_ON_ONCE(!mutex_is_locked(&engine_mutex));
}

void xlp_engine_changed(void)
{
	xlp_engine_assert();
	engine_has_changed = true;
}

static void engine_lock(void)
{
	mutex_lock(&engine_mutex);
	WRITE_ONCE(engine_task, current);
}

/* Return: how many events had changed something when this one was over. */
static unsigned long engine_unlock(void)
{
	struct xlp_thread *thread;
	bool changed = engine_has_changed;
	unsigned long changes;

	if (changed) {
		engine_has_changed = false;
		WRITE_ONCE(engine_changes, engine_changes + 1);
		list_for_each_entry(thread, &engine_threads, node)
			if (thread->told)
				xlp_thread_ask(thread, 0);
	}
	changes = engine_changes;
	WRITE_ONCE(engine_task, NULL);
	mutex_unlock(&engine_mutex);
	if (changed)
		wake_up_all(&engine_wait);
	return changes;
}

void xlp_engine_enter(void)
{
	engine_lock();
}

void xlp_engine_leave(void)
{
	engine_unlock();
}

/* Lockdep is to see that whoever waits for an event may wait for the step of a thread. */
static void engine_might_wait(void)
{
	struct xlp_thread *thread;

	list_for_each_entry(thread, &engine_threads, node)
		xlp_thread_might_wait(thread);
}

static void engine_wait_for_change(const struct xlp_request *request, unsigned long changes)
{
	if (request->again_us)
		wait_event_hrtimeout(engine_wait, READ_ONCE(engine_changes) != changes,
				     ns_to_ktime((u64)request->again_us * NSEC_PER_USEC));
	else if (request->for_ever)
		wait_event_idle(engine_wait, READ_ONCE(engine_changes) != changes);
	else
		wait_event(engine_wait, READ_ONCE(engine_changes) != changes);
}

int xlp_engine_request(struct xlp_request *request)
{
	unsigned long changes;
	int result;

	if (xlp_engine_is_mine())
		return -EDEADLK;
	for (;;) {
		request->outside = NULL;
		request->again_us = 0;
		engine_lock();
		result = request->step(request);
		changes = engine_unlock();
		if (result != XLP_REQUEST_GOES_ON)
			return result;
		if (request->outside) {
			request->outside(request);
			continue;
		}
		engine_might_wait();
		engine_wait_for_change(request, changes);
	}
}

void xlp_engine_add_thread(struct xlp_thread *thread, bool told)
{
	engine_lock();
	thread->told = told;
	list_add_tail(&thread->node, &engine_threads);
	engine_unlock();
}

void xlp_engine_remove_thread(struct xlp_thread *thread)
{
	engine_lock();
	list_del(&thread->node);
	engine_unlock();
}
