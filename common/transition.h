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

struct xlp_live_patch;
struct xlp_plan;

int xlp_transition_init(void);
/* No patch is registered any more. */
void xlp_transition_exit(void);

/**
 * xlp_transition_begin() - let tasks change over
 * @plan:	what it is about; @affected and @code are the transition's on success
 *
 * Calls depend on the task that makes them from here on, and the patch is PATCHING or
 * UNPATCHING, until xlp_publish_finished().
 *
 * Context: process context, in an event, with no other transition under way.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_transition_begin(struct xlp_plan *plan);

/**
 * xlp_transition_has_looked() - has every task been looked at once?
 * @patch:	a patch; if it has begun no transition, or one that is over, that is so
 *
 * An idle machine's transitions are over then.
 *
 * Context: in an event.
 *
 * Return: true if it has, or if there is no such transition any more.
 */
bool xlp_transition_has_looked(const struct xlp_live_patch *patch);

/**
 * xlp_transition_patch() - which patch is being switched by this model
 *
 * Context: any; changes in events only.
 *
 * Return: the patch, or NULL: none is.
 */
const struct xlp_live_patch *xlp_transition_patch(void);

/**
 * xlp_transition_change() - what it is about to be
 *
 * Context: in an event, with a transition under way.
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
 * Context: in an event.
 *
 * Return: true if they have; false also if none is under way.
 */
bool xlp_transition_is_ending(void);

/**
 * xlp_transition_turn() - let tasks go where they came from
 *
 * Context: process context, in an event, with a transition under way that is
 * not decided.
 */
void xlp_transition_turn(void);

/**
 * xlp_transition_force() - call it over, wherever tasks are
 *
 * The modules of all affected patches stay for ever, as tasks may be inside.
 *
 * Context: process context, in an event, with a transition under way.
 */
void xlp_transition_force(void);

/**
 * xlp_transition_leave() - a patch is to be out of effect, whatever tasks do
 * @patch:	the patch whose module goes
 *
 * Context: process context, in an event; no transition of @patch is decided.
 *
 * Return: true if the end of a transition will do that; false if there is none
 * that would.
 */
bool xlp_transition_leave(const struct xlp_live_patch *patch);

/**
 * xlp_transition_covers() - is a patch about to come into effect or to go out of it?
 * @patch:	the patch
 *
 * Context: in an event.
 *
 * Return: true if a transition of it is under way.
 */
bool xlp_transition_covers(const struct xlp_live_patch *patch);

/**
 * xlp_transition_recollect() - an object has come or gone, and so has its code
 *
 * To be called when the functions of one that comes have their versions, before calls
 * reach those; or when those of one that goes have none any more. If there is no
 * transition, nothing is to be done.
 *
 * Context: process context, in an event.
 *
 * Return: 0 or -ENOMEM: what counted before still does.
 */
int xlp_transition_recollect(void);

#endif /* _XLP_COMMON_TRANSITION_H */
