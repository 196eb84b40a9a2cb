/* SPDX-License-Identifier: GPL-2.0 */
/*
 * transition.h - the per-task model: tasks change over one by one
 *
 * A transition begins when a switch by this model is asked for and goes on by
 * itself, in a thread, until every task is in the world that is its goal. There
 * is one at a time.
 */
#ifndef _XLP_COMMON_TRANSITION_H
#define _XLP_COMMON_TRANSITION_H

#include <linux/types.h>

struct xlp_code;
struct xlp_live_patch;

int xlp_transition_init(void);
/* No patch is registered any more. */
void xlp_transition_exit(void);

/**
 * struct xlp_transition_plan - what a transition is about
 * @patch:	the patch that is being enabled or disabled
 * @enables:	the former
 * @affected:	@patch, and behind it the patches that it replaces, or NULL in place
 *		of one that has gone
 * @nr_affected: how many
 * @code:	all code that tasks must be outside of to move
 */
struct xlp_transition_plan {
	struct xlp_live_patch *patch;
	bool enables;
	struct xlp_live_patch **affected;
	unsigned int nr_affected;
	struct xlp_code *code;
};

/**
 * xlp_transition_prepare() - open the worlds for a transition
 *
 * Context: process context, under xlp_mutex, with no other transition under way.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_transition_prepare(void);

/**
 * xlp_transition_begin() - let tasks change over
 * @plan:	what it is about, copied; @affected and @code are freed at the end
 *
 * Targets have been published for both worlds, after xlp_transition_prepare().
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_transition_begin(const struct xlp_transition_plan *plan);

/**
 * xlp_transition_wait() - wait until every task has been looked at once
 * @patch:	a patch; if it has begun no transition, or one that is over, that is so
 *
 * An idle machine's transitions are over then.
 *
 * Context: process context, without xlp_mutex.
 */
void xlp_transition_wait(const struct xlp_live_patch *patch);

/**
 * xlp_transition_patch() - which patch is being switched by this model
 *
 * Context: any; changes under xlp_mutex only.
 *
 * Return: the patch, or NULL: none is.
 */
const struct xlp_live_patch *xlp_transition_patch(void);

/**
 * xlp_transition_change() - what it is about to be
 *
 * Context: under xlp_mutex, with a transition under way.
 *
 * Return: "enabled" or "disabled".
 */
const char *xlp_transition_change(void);

/**
 * xlp_transition_is_ending() - have all tasks been through the transition under way?
 *
 * Or has it been called over, by xlp_transition_force() or xlp_transition_leave()? Then
 * it cannot be turned any more, and is over soon, at the latest behind the next pass.
 *
 * Context: under xlp_mutex.
 *
 * Return: true if they have; false also if none is under way.
 */
bool xlp_transition_is_ending(void);

/**
 * xlp_transition_wait_ending() - wait for the end of a transition that is ending
 *
 * Context: process context, without xlp_mutex.
 */
void xlp_transition_wait_ending(void);

/**
 * xlp_transition_turn() - let tasks go where they came from
 *
 * Context: process context, under xlp_mutex, with a transition under way that is
 * not decided.
 */
void xlp_transition_turn(void);

/**
 * xlp_transition_force() - call it over, wherever tasks are
 *
 * The modules of all affected patches stay for ever, as tasks may be inside.
 *
 * Context: process context, under xlp_mutex, with a transition under way.
 */
void xlp_transition_force(void);

/**
 * xlp_transition_leave() - a patch is to be out of effect, whatever tasks do
 * @patch:	the patch whose module goes
 *
 * Context: process context, under xlp_mutex; no transition of @patch is decided.
 *
 * Return: true if the end of a transition will do that; false if there is none
 * that would.
 */
bool xlp_transition_leave(const struct xlp_live_patch *patch);

/**
 * xlp_transition_covers() - is a patch about to come into effect or to go out of it?
 * @patch:	the patch
 *
 * Context: under xlp_mutex.
 */
bool xlp_transition_covers(const struct xlp_live_patch *patch);

/**
 * xlp_transition_recollect() - an object has come or gone, and so has its code
 *
 * To be called when the functions of one that comes have their versions, before calls
 * reach those; or when those of one that goes have none any more. If there is no
 * transition, nothing is to be done.
 *
 * Context: process context, under xlp_mutex.
 *
 * Return: 0 or -ENOMEM: what counted before still does.
 */
int xlp_transition_recollect(void);

/**
 * xlp_transition_at_exit() - the running task may be about to leave the kernel
 *
 * It moves if nothing on its stack is in the way.
 *
 * Context: task work.
 */
void xlp_transition_at_exit(void);

#endif /* _XLP_COMMON_TRANSITION_H */
