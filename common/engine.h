/* SPDX-License-Identifier: GPL-2.0 */
/*
 * engine.h - events reach the core one at a time
 *
 * All state of patches, hooks and targets changes in events. An event is one hold of the
 * engine: the running task enters it, looks at the state, changes it, and leaves. Nobody
 * leaves the engine in the middle of an event, as only a task's outermost function enters
 * and leaves it: a request (xlp_engine_request()), a step of one of xlp's threads, a module
 * notifier, a reader of sysfs or debugfs. So what an event has seen is true until its end,
 * and nothing that an earlier event has seen is known to be true still.
 *
 * An event does not wait for other tasks, for RCU, or for a lock that others hold over such
 * a wait. What takes long is done between two events, by a task that owns what it works on:
 * the first event gives it away, the second takes it back.
 *
 * What somebody asks for, and what takes more than one event, is a request: a function
 * that the requester calls again, in one event after the other, until it has a result. Between
 * two steps the requester sleeps until some event has changed what requests may wait for, or
 * until a time that the step has set, or does long work of its own.
 */
#ifndef _XLP_COMMON_ENGINE_H
#define _XLP_COMMON_ENGINE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct xlp_thread;

/* What a request's step returns if it is to be called again. */
#define XLP_REQUEST_GOES_ON	1

/**
 * struct xlp_request - something that somebody asks of the core
 * @step:	one event of it; called with the engine entered. Returns the result, 0 or an
 *		error, or %XLP_REQUEST_GOES_ON
 * @outside:	NULL before each step. A step that goes on may set it to work which the
 *		requester does then, without the engine; the next step follows at once
 * @again_us:	0 before each step. A step that goes on may set it: the next one comes
 *		after so many microseconds at the latest
 * @for_ever:	the wait may be as long as some task stays inside a function: it does not
 *		count as load, and the watchdog for hung tasks passes it over
 */
struct xlp_request {
	int (*step)(struct xlp_request *request);
	void (*outside)(struct xlp_request *request);
	unsigned int again_us;
	bool for_ever;
};

/**
 * xlp_engine_request() - make a request, and wait for its result
 * @request:	the request, with @step set
 *
 * Context: process context. The waits between steps are uninterruptible.
 *
 * Return: the result, or -EDEADLK: a callback of a patch, which runs in an event, asks.
 */
int xlp_engine_request(struct xlp_request *request);

/**
 * xlp_engine_is_mine() - is the running task in an event?
 *
 * Then it is a callback of a patch that asks.
 *
 * Context: process context.
 *
 * Return: true if it is.
 */
bool xlp_engine_is_mine(void);

/**
 * xlp_engine_enter() - begin an event
 *
 * Context: process context, not in an event.
 */
void xlp_engine_enter(void);

/**
 * xlp_engine_leave() - end the event that xlp_engine_enter() has begun
 *
 * If the event has changed something (xlp_engine_changed()), requests make their next step,
 * and so do the threads that are told.
 */
void xlp_engine_leave(void);

/**
 * xlp_engine_changed() - this event has changed what requests or threads may wait for
 *
 * Context: in an event.
 */
void xlp_engine_changed(void);

/**
 * xlp_engine_assert() - warn unless some task is in an event, here or on whose behalf
 *	this runs
 *
 * Context: any.
 */
void xlp_engine_assert(void);

/**
 * xlp_engine_add_thread() - have requests wait for what a thread does
 * @thread:	the thread, which has been started
 * @told:	have it make a step whenever an event has changed something
 *
 * A step must not wait for a file of sysfs that a requester holds.
 *
 * Context: process context, not in an event; before the first request is made.
 */
void xlp_engine_add_thread(struct xlp_thread *thread, bool told);

/**
 * xlp_engine_remove_thread() - end of xlp_engine_add_thread()
 * @thread:	the thread
 *
 * Context: process context, not in an event; behind the last request.
 */
void xlp_engine_remove_thread(struct xlp_thread *thread);

#endif /* _XLP_COMMON_ENGINE_H */
