/* SPDX-License-Identifier: GPL-2.0 */
/*
 * protocol.h - what the rest of xlp and the kernel do with the code under test
 *
 * As in transition.c, pass.c and probes.c, with as few steps as it takes.
 */
#ifndef _MODEL_PROTOCOL_H
#define _MODEL_PROTOCOL_H

#include <stdbool.h>
#include "task.h"

#define MAX_FUNCTIONS	2

/**
 * struct rules - in which way a scenario departs from the usual
 * @room:	for so many tasks in the first table
 * @one_patch:	both functions belong to it, so versions must fit together
 * @no_wait:	the driver does not wait for handlers
 * @no_look:	stacks are not looked at
 * @force:	transitions are forced after one pass
 */
struct rules {
	unsigned int room;
	bool one_patch;
	bool no_wait;
	bool no_look;
	bool force;
};

extern struct rules rules;

/* ---- tasks ---- */

/* There before anything begins. */
void task_exists(struct task_struct *task);
/* Calls a function, does something inside of it, and returns. */
void call(unsigned int function, void (*inside)(void));
/* The same, unless grow() has not made it affected. */
void call_loaded(unsigned int function, void (*inside)(void));
/* What task work does, on the way out of the kernel or elsewhere. */
void leave_kernel(void);
/* A task of its own actor comes, with the steps of the actor before it may run. */
void fork_task(struct task_struct *child);
/* For a script of a child. */
void wait_to_run(void);
/* The task that runs ends; call before_end() for what it does off the task list. */
void exit_task(void (*before_end)(void));
/* What happens once @task has been switched out for the last time. */
void reap_task(struct task_struct *task);

/* ---- transitions ---- */

/* The other versions of @functions, a mask, for all tasks; returns at the end. */
void transition(unsigned int functions);
/* If one is under way and not decided: the other way; and about @more functions. */
void reverse(void);
void grow(unsigned int more);

#endif /* _MODEL_PROTOCOL_H */
