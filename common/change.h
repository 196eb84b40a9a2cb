/* SPDX-License-Identifier: GPL-2.0 */
/*
 * change.h - one change of a patch, tried until it takes effect or there is no point in it
 *
 * A change is a part of a request (engine.h): xlp_change_step() is one event of it. It finds
 * the functions of all objects that are present, has those hooked that are not, between two
 * events, and then brings the patch into effect by its model. Each event looks at everything
 * anew, as modules come and go between events.
 */
#ifndef _XLP_COMMON_CHANGE_H
#define _XLP_COMMON_CHANGE_H

#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/types.h>
#include "engine.h"
#include "model.h"
#include "patience.h"

struct module;
struct xlp_batch;
struct xlp_live_object;
struct xlp_live_patch;

/**
 * struct xlp_change - one change of one patch
 * @request:	what it is a part of
 * @patch:	the patch
 * @enables:	it is about to be enabled, or disabled
 * @model:	how
 * @first:	the first of its objects that the change is about
 * @last:	the last of them
 * @coming:	its module, if the change is about the one object whose module comes, and NULL
 *		if it is about a whole patch
 * @funcs:	functions that are about to become the newest versions
 * @batch:	hooks for them that are being attached, or NULL
 * @try:	the last try
 * @announced:	callbacks have been told of it
 * @waits:	the last try was blocked: some task was in the way
 * @not_before:	the next try is not due before this time: it was blocked, or ftrace busy
 * @patience:	how long tasks have had since the first one that was
 * @nr_blocked:	how many tries found a task in the way
 * @nr_busy:	how often ftrace was busy
 */
struct xlp_change {
	struct xlp_request request;
	struct xlp_live_patch *patch;
	bool enables;
	const struct xlp_model_ops *model;
	struct xlp_live_object *first;
	struct xlp_live_object *last;
	struct module *coming;
	struct list_head funcs;
	struct xlp_batch *batch;
	struct xlp_try try;
	bool announced;
	bool waits;
	ktime_t not_before;
	struct xlp_patience patience;
	unsigned int nr_blocked;
	unsigned int nr_busy;
};

/**
 * xlp_change_is_short() - is a change under way that waits for no task?
 *
 * But for functions to be hooked, perhaps. Or a transition that every task has been
 * through, or that has been called over. Such a change is over soon, and who is about to
 * decide on another one waits for that.
 *
 * Context: in an event.
 *
 * Return: true if so.
 */
bool xlp_change_is_short(void);

/*
 * Not 0: whoever loads a module waits when the functions of a patch in it have been found, before
 * they are hooked; for tests.
 */
extern atomic_t xlp_change_holds_coming;

/**
 * xlp_change_start() - begin to change a patch
 * @change:	what; its request's step must not return before xlp_change_step() has a result
 * @patch:	the patch; ENABLING if it is to be enabled; stays
 * @enables:	that is so
 *
 * From here on no other change of a patch begins.
 *
 * Context: in an event, in which xlp_change_is_short() has returned false.
 *
 * Return: 0; or -EBUSY: another patch is being changed (logged); or -EINVAL: its states are
 * not compatible with those that are in effect (logged).
 */
int xlp_change_start(struct xlp_change *change, struct xlp_live_patch *patch, bool enables);

/**
 * xlp_change_step() - one event of a change
 * @change:	the change
 *
 * Context: in an event.
 *
 * Return: %XLP_REQUEST_GOES_ON; or 0 or what xlp_enable_patch() documents, and the change is
 * over. On failure nothing has changed.
 */
int xlp_change_step(struct xlp_change *change);

/**
 * xlp_change_object() - put one object of a patch that is in effect into effect at once
 * @obj:	the object; stays
 * @coming:	its module, which comes: nobody can be inside it; or which was coming when
 *		xlp.ko was: tasks that its init has started are not looked at
 *
 * Context: process context, not in an event.
 *
 * Return: 0, also if the patch was disabled meanwhile, or an error.
 */
int xlp_change_object(struct xlp_live_object *obj, struct module *coming);

#endif /* _XLP_COMMON_CHANGE_H */
