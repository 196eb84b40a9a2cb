/* SPDX-License-Identifier: GPL-2.0 */
/* thread.h - threads of xlp's own */
#ifndef _XLP_COMMON_THREAD_H
#define _XLP_COMMON_THREAD_H

struct kthread_worker;

/**
 * xlp_thread_start() - start a thread that runs work items one after another
 * @name:	of the task
 *
 * Who looks at tasks must not be what is looked at: a worker of the kernel's is
 * inside the code that runs work items, which can be patched like any other. It
 * preempts ordinary tasks, is not frozen, and may be moved from CPU to CPU
 * (xlp_visit_cpus()).
 *
 * Context: process context.
 *
 * Return: the thread, to be ended by kthread_destroy_worker(), or an error pointer.
 */
struct kthread_worker *xlp_thread_start(const char *name);

#endif /* _XLP_COMMON_THREAD_H */
