/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat/tracepoints.h - what probes of tracepoints are called with
 *
 * A kernel with kCFI compares the type of a probe with that of its tracepoint, and ends where
 * one argument is of another type, or one is missing.
 */
#ifndef _XLP_COMPAT_TRACEPOINTS_H
#define _XLP_COMPAT_TRACEPOINTS_H

/* First, for struct folio: what trace/events/sched.h includes names it without a declaration. */
#include <linux/mm_types.h>
#include <linux/types.h>

#include <trace/events/sched.h>
#include <trace/events/task.h>

/* The parameters of probes of task_newtask and sched_process_exit; xlp uses the task. */
#ifdef XLP_HAVE_WIDE_CLONE_FLAGS
# define XLP_BIRTH_PARAMETERS	void *data, struct task_struct *task, u64 clone_flags
#else
# define XLP_BIRTH_PARAMETERS	void *data, struct task_struct *task, unsigned long clone_flags
#endif

#ifdef XLP_HAVE_EXIT_OF_GROUP
# define XLP_EXIT_PARAMETERS	void *data, struct task_struct *task, bool group_dead
#else
# define XLP_EXIT_PARAMETERS	void *data, struct task_struct *task
#endif

#endif /* _XLP_COMPAT_TRACEPOINTS_H */
