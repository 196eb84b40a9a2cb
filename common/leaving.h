/* SPDX-License-Identifier: GPL-2.0 */
/* leaving.h - tasks on their way out, which no list of the kernel has */
#ifndef _XLP_COMMON_LEAVING_H
#define _XLP_COMMON_LEAVING_H

#include <linux/types.h>

struct task_struct;

int xlp_leaving_init(void);
void xlp_leaving_exit(void);

/**
 * xlp_leaving_for_each() - visit every task between its exit and its end
 * @visit:	called for each; some are on the task list too, some are dead
 * @data:	passed on
 *
 * Context: with the machine stopped.
 *
 * Return: true, or false if there may be more than were visited.
 */
bool xlp_leaving_for_each(void (*visit)(struct task_struct *task, void *data), void *data);

#endif /* _XLP_COMMON_LEAVING_H */
