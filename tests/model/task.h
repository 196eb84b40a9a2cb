/* SPDX-License-Identifier: GPL-2.0 */
/* task.h - the tasks of the model */
#ifndef _MODEL_TASK_H
#define _MODEL_TASK_H

#include <stdbool.h>

#define MAX_TASKS	4
#define MAX_FRAMES	6

struct actor;

/**
 * struct frame - a function that a task is inside of
 * @function:	which
 * @version:	and which version of it
 */
struct frame {
	unsigned char function;
	unsigned char version;
};

/**
 * struct task_struct - a task
 * @listed:	on the task list
 * @leaving:	noted to be on its way out
 * @runs:	it has been woken for the first time and has not ended
 * @held:	it is not running and cannot be made to
 * @references:	it is being looked at, so its memory is not used again
 * @handlers:	calls that have not been continued yet: its stack tells nothing
 * @nr_frames:	how many
 * @frames:	on its stack, those of interrupts included
 * @actor:	whose steps are its own, or NULL
 */
struct task_struct {
	unsigned long listed;
	unsigned long leaving;
	unsigned long runs;
	unsigned long held;
	unsigned int references;
	unsigned int handlers;
	unsigned int nr_frames;
	struct frame frames[MAX_FRAMES];
	struct actor *actor;
} __attribute__((aligned(64)));

extern struct task_struct tasks[MAX_TASKS];

unsigned int model_task_number(const void *task);
struct task_struct *model_current(void);

#endif /* _MODEL_TASK_H */
