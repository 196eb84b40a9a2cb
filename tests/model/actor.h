/* SPDX-License-Identifier: GPL-2.0 */
/*
 * actor.h - who does something, step by step
 *
 * An actor runs alone until its next step; which actor that is, is for search.c to
 * say. All that an actor changes is on its stack or in MODEL_STATE, so that search.c
 * can put it back.
 */
#ifndef _MODEL_ACTOR_H
#define _MODEL_ACTOR_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#define MODEL_STATE	__attribute__((section("model_state")))

#define MAX_ACTORS	6
#define MAX_STORES	16
#define STACK_SIZE	8192

struct task_struct;

/**
 * struct store - one that others do not see yet
 * @place:	where to
 * @value:	what
 * @size:	in bytes
 * @release:	only after all that is older
 * @plain:	@value is still to be read from @place
 * @under:	what others see there; only while the actor runs
 * @name:	for people
 */
struct store {
	void *place;
	unsigned long value;
	unsigned int size;
	bool release;
	bool plain;
	unsigned long under;
	const char *name;
};

/**
 * struct actor - one that does something
 * @name:	for people
 * @script:	what
 * @task:	which task it is, or NULL
 * @registers:	where it is
 * @sp:		the end of the part of its stack that is in use
 * @next:	what its next step is, for people
 * @may:	whether it can be done; NULL: yes
 * @arg:	of that
 * @choices:	how many ways there are to do it
 * @chosen:	which has been chosen
 * @finished:	there are no more steps
 * @locks:	spinlocks held
 * @preempt:	how often preemption is disabled
 * @interrupts:	how many interrupts may still come
 * @exits:	the task will
 * @interrupted: in one
 * @interrupt:	the next step is one
 * @nr_stores:	how many
 * @stores:	not seen by others, oldest first
 */
struct actor {
	const char *name;
	void (*script)(void);
	struct task_struct *task;
	jmp_buf registers;
	char *sp;
	const char *next;
	bool (*may)(const void *arg);
	const void *arg;
	unsigned int choices;
	unsigned int chosen;
	bool finished;
	unsigned int locks;
	unsigned int preempt;
	unsigned int interrupts;
	bool exits;
	bool interrupted;
	bool interrupt;
	unsigned int nr_stores;
	struct store stores[MAX_STORES];
};

extern struct actor actors[MAX_ACTORS];
extern unsigned int nr_actors;
/* Who runs; NULL: search.c. */
extern struct actor *running;
/* What an interrupt does. */
extern void (*model_interrupt)(void);
/* What went wrong, or NULL. */
extern const char *violation;

/* Makes an actor; whoever is a task has one step before its script. */
struct actor *actor_add(const char *name, void (*script)(void), struct task_struct *task);
void actor_run(struct actor *actor);
char *actor_stack_end(const struct actor *actor);

/* A step: others may do theirs before it; it waits until @may holds, if given. */
void model_step(const char *what, bool (*may)(const void *arg), const void *arg);
/* A step that can be done in several ways; returns which. */
unsigned int model_choose(const char *what, unsigned int nr);
/* Does not return if @good is false. */
void model_assert(bool good, const char *what);

struct task_struct *model_current(void);
void model_preempt_disable(void);
void model_preempt_enable(void);
/* A context switch is possible here, and all that it did is seen. */
bool actor_can_be_switched_out(const struct actor *actor);

#endif /* _MODEL_ACTOR_H */
