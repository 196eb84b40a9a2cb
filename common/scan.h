/* SPDX-License-Identifier: GPL-2.0 */
/* scan.h - who may return into a patch */
#ifndef _XLP_COMMON_SCAN_H
#define _XLP_COMMON_SCAN_H

#include <linux/sched.h>

struct xlp_live_patch;

/**
 * struct xlp_returner - a task that may return into the patch asked about
 * @comm:	its name
 * @pid:	its number
 * @addr:	the address in the patch's module that was found
 */
struct xlp_returner {
	char comm[TASK_COMM_LEN];
	pid_t pid;
	unsigned long addr;
};

/**
 * xlp_scan_tasks() - may any task return into a patch's code?
 * @patch:	the patch, which new calls do not reach any more and which stays;
 *		since they do not, synchronize_rcu_tasks() must have been called
 * @who:	filled in with the first task found, if any
 *
 * Looks at every word a task could take a return address from, so it errs by
 * seeing tasks that will not return there, never by missing one that will. A
 * task seen clear stays clear, since it cannot call the patch any more.
 *
 * Context: process context, may sleep; stops the machine briefly for the tasks
 * that ran whenever they were looked at.
 *
 * Return: 0 if no task may, -EBUSY if @who may, -EAGAIN if some task could not
 * be looked at.
 */
int xlp_scan_tasks(const struct xlp_live_patch *patch, struct xlp_returner *who);

#endif /* _XLP_COMMON_SCAN_H */
