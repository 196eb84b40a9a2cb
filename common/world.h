/* SPDX-License-Identifier: GPL-2.0 */
/*
 * world.h - where calls go while tasks change over one by one
 *
 * During a transition there are two worlds, the one before it and the one after
 * it, and each task is in one of them. A task that nobody has moved is in the
 * world before, so a transition begins without touching any. Moves go towards the
 * goal, which can be turned round; a task may be moved when none of its frames is
 * in an affected function, whichever way.
 *
 *	open ──▶ (targets are published) ──▶ turn ──▶ move, born, turn ...
 *	     ──▶ settle ──▶ (handlers are waited for) ──▶ close
 *
 * This file knows nothing of stacks and of patches. It is also compiled for the
 * host, where tests/model runs it in every order of its steps.
 */
#ifndef _XLP_COMMON_WORLD_H
#define _XLP_COMMON_WORLD_H

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct task_struct;

enum xlp_world {
	XLP_BEFORE,
	XLP_AFTER,
	XLP_NR_WORLDS,
};

/* In place of a function's address: it depends on the task. */
#define XLP_ASK	1UL

/**
 * struct xlp_targets - where calls of a function continue
 * @now:	the address; 0: in the function itself; XLP_ASK: see @in
 * @in:		the same for each world, while @now is XLP_ASK
 *
 * Written in events by xlp_targets_publish(), read by handlers at any time.
 */
struct xlp_targets {
	unsigned long now;
	unsigned long in[XLP_NR_WORLDS];
};

/**
 * xlp_targets_publish() - say where calls continue
 * @targets:	the targets
 * @before:	of tasks in the world before
 * @after:	of tasks in the world after
 *
 * If the two differ a transition must be open, until handlers have been waited for.
 *
 * Context: any; writers exclude each other.
 */
void xlp_targets_publish(struct xlp_targets *targets, unsigned long before,
			 unsigned long after);

/**
 * xlp_target_now() - where the call that is being made continues
 * @targets:	of the function
 *
 * Context: any, NMIs included; takes no lock.
 *
 * Return: the address, 0: in the function itself; or %XLP_ASK: a transition is open, and
 * xlp_target_of_task() tells.
 */
static __always_inline unsigned long xlp_target_now(const struct xlp_targets *targets)
{
	/*
	 * Pairs with the release in xlp_targets_publish(): whoever sees a target
	 * sees what its module wrote before, and whoever sees XLP_ASK sees both
	 * targets and that the transition is open.
	 */
	return smp_load_acquire(&targets->now);
}

/**
 * xlp_target_of_task() - where the current task's call continues, while that depends
 * @targets:	of the function, after xlp_target_now() has returned %XLP_ASK
 *
 * In an interrupt that is a matter of the task that it interrupts.
 *
 * Context: any, NMIs included; takes no lock.
 *
 * Return: the address, or 0: in the function itself.
 */
unsigned long xlp_target_of_task(const struct xlp_targets *targets);

/**
 * xlp_worlds_open() - begin: all tasks are in the world before, which is the goal too
 * @room:	for so many tasks, at least 1, before more has to be made
 *
 * The first xlp_worlds_turn() must come after all targets have been published:
 * whoever is born at the goal must not reach what was before that.
 *
 * Context: process context, in an event, when no transition is open.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_worlds_open(unsigned int room);

/**
 * xlp_worlds_close() - end
 *
 * Context: process context, in an event. No target is XLP_ASK any more, and
 * every handler that may have read it has been waited for.
 */
void xlp_worlds_close(void);

/**
 * xlp_worlds_turn() - make the other world the goal
 *
 * Context: process context, in an event, with a transition open that is not
 * settled.
 */
void xlp_worlds_turn(void);

/**
 * xlp_worlds_goal() - where tasks are to go
 *
 * Context: any; changes in events only.
 *
 * Return: the world they are to go to.
 */
enum xlp_world xlp_worlds_goal(void);

/**
 * xlp_worlds_ticket() - a permit to move tasks
 *
 * To be taken before a task's stack is looked at, and before what it is looked at
 * for is read.
 *
 * Context: any.
 *
 * Return: the permit.
 */
unsigned long xlp_worlds_ticket(void);

/**
 * xlp_worlds_void_tickets() - what has been learnt of stacks up to now does not count
 *
 * More code has become affected. To be called when it is known to those who look
 * at stacks from now on, and before a task can be inside of it.
 *
 * Context: any.
 */
void xlp_worlds_void_tickets(void);

/**
 * xlp_world_of() - which world a task is in
 * @task:	the task
 *
 * Context: any, NMIs included; takes no lock. A transition is open, or was when
 * a target was XLP_ASK and has not been closed.
 *
 * Return: the world.
 */
enum xlp_world xlp_world_of(const struct task_struct *task);

/**
 * xlp_world_move() - move a task to the goal
 * @task:	a task that had no frame in affected code when its stack was looked
 *		at and cannot have run since: it is held still, or it is the caller
 * @ticket:	taken before that look
 *
 * Context: any; takes a lock that nests inside all others.
 *
 * Return: 0, also if it is there; -EAGAIN if the permit is void, or no transition
 * open; -ENOSPC if there is no room to remember it, see xlp_worlds_make_room().
 */
int xlp_world_move(const struct task_struct *task, unsigned long ticket);

/**
 * xlp_world_born() - a task has been made that has never run
 * @task:	the task
 *
 * It has no frames, so it begins at the goal.
 *
 * Context: any, at any time.
 */
void xlp_world_born(const struct task_struct *task);

/**
 * xlp_world_ended() - a task has been switched out for the last time
 * @task:	the task, whose address may be another's soon
 *
 * Context: any, at any time.
 */
void xlp_world_ended(const struct task_struct *task);

/**
 * xlp_worlds_make_room() - so that the next moves find some
 *
 * Context: process context, may sleep; not while another does the same or closes.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_worlds_make_room(void);

/**
 * xlp_worlds_start_pass() - somebody is about to look at every task
 *
 * Context: any.
 *
 * Return: a permit as of xlp_worlds_ticket().
 */
unsigned long xlp_worlds_start_pass(void);

/**
 * xlp_worlds_settle() - the goal has been reached, if every task has been seen there
 * @ticket:	of the pass in which all were
 *
 * On success every task is at the goal from here on, those too that are just
 * being made, and the goal stays.
 *
 * Context: process context, in an event.
 *
 * Return: true, or false: the goal or the affected code has changed since, or a
 * task may have been missed.
 */
bool xlp_worlds_settle(unsigned long ticket);

/**
 * xlp_worlds_settle_by_force() - call the goal reached, whoever is elsewhere
 *
 * Context: process context, in an event. Tasks that have been moved elsewhere
 * follow when targets are published.
 */
void xlp_worlds_settle_by_force(void);

#endif /* _XLP_COMMON_WORLD_H */
