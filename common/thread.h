/* SPDX-License-Identifier: GPL-2.0 */
/* thread.h - threads of xlp's own */
#ifndef _XLP_COMMON_THREAD_H
#define _XLP_COMMON_THREAD_H

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct task_struct;

/**
 * struct xlp_thread - a kernel thread that makes a step whenever it is asked to
 * @step:	what it does; may sleep
 * @lock:	protects the two below; a leaf
 * @asked:	a step is to be made
 * @at:		when, in jiffies
 * @task:	the thread
 * @node:	in the engine's list: see xlp_engine_add_thread()
 * @told:	it is told of events: the same
 * @map:	a lock, for lockdep's eyes, that the thread holds for each step
 * @key:	its class
 */
struct xlp_thread {
	void (*step)(void);
	raw_spinlock_t lock;
	bool asked;
	unsigned long at;
	struct task_struct *task;
	struct list_head node;
	bool told;
	struct lockdep_map map;
	struct lock_class_key key;
};

#define XLP_THREAD(name, step_fn) {				\
	.step = step_fn,					\
	.lock = __RAW_SPIN_LOCK_UNLOCKED((name).lock),		\
}

/**
 * xlp_thread_start() - start a thread
 * @thread:	made by XLP_THREAD()
 * @name:	of the task
 *
 * Who looks at tasks must not be what is looked at. A worker of the kernel's is inside
 * the code that runs work items, which can be patched like any other; below a step of
 * this thread there is nothing of the kernel's but kthread(). It comes before ordinary
 * tasks, is not frozen, and may be moved from CPU to CPU (xlp_visit_cpus()).
 *
 * Context: process context.
 *
 * Return: 0 or an error.
 */
int xlp_thread_start(struct xlp_thread *thread, const char *name);

/**
 * xlp_thread_stop() - end a thread, after the step that it is making
 * @thread:	the thread, which nobody asks for anything any more
 *
 * Context: process context.
 */
void xlp_thread_stop(struct xlp_thread *thread);

/**
 * xlp_thread_ask() - have a thread make a step
 * @thread:	the thread
 * @delay:	in how many jiffies at the latest; 0: at once
 *
 * One step answers all who have asked before it begins; who asks meanwhile is answered
 * by the next.
 *
 * Context: any, without a runqueue's lock.
 */
void xlp_thread_ask(struct xlp_thread *thread, unsigned long delay);

/**
 * xlp_thread_might_wait() - let lockdep know that the caller may wait for a step
 * @thread:	the thread
 *
 * Context: process context.
 */
void xlp_thread_might_wait(struct xlp_thread *thread);

#endif /* _XLP_COMMON_THREAD_H */
