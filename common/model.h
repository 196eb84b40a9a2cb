/* SPDX-License-Identifier: GPL-2.0 */
/* model.h - when a change takes effect, of which a patch chooses one */
#ifndef _XLP_COMMON_MODEL_H
#define _XLP_COMMON_MODEL_H

#include <xlp/xlp.h>
#include "plan.h"
#include "tasks.h"

/**
 * struct xlp_try - one try to bring a change into effect, and what is kept for the next
 * @plan:	what the change is about; who is affected has been found, its functions have
 *		their versions, and it has been said of each patch in which world it is in
 *		effect
 * @instant:	of the model that looks: what tasks must not be inside of, who was in the way,
 *		and what the last look and the last stop took
 * @looked:	all tasks have been looked at for this try
 * @seen:	what that look has returned
 * @nr_stops:	how often the machine was stopped
 * @blocked:	the last try has found a task in the way
 *
 * All but @plan and the instant's blockers begin as zeroes, and are freed by xlp_try_forget().
 */
struct xlp_try {
	struct xlp_plan plan;
	struct xlp_instant instant;
	bool looked;
	int seen;
	unsigned int nr_stops;
	bool blocked;
};

/**
 * struct xlp_model_ops - a model
 * @check:	is there a point in @begin? Or NULL, if that is never known before. 0;
 *		-EAGAIN: not until @look has been called again; or an error. -EBUSY, with
 *		@blocked set, if some task is in the way. In an event
 * @look:	look at all tasks. By whoever makes the change, not in an event
 * @begin:	bring a change into effect, or begin to, or fail. When the change is over
 *		xlp_publish_finished() is called for its plan: before @begin returns 0, or
 *		in a later event. -EBUSY, with @blocked set, if some task is in the way.
 *		In an event.
 * @goes_on:	when @begin has returned 0: the plan's parts are the model's
 */
struct xlp_model_ops {
	int (*check)(struct xlp_try *try);
	void (*look)(struct xlp_try *try);
	int (*begin)(struct xlp_try *try);
	bool goes_on;
};

/**
 * xlp_model() - what stands for a model
 * @model:	of a patch whose declaration has been checked
 *
 * Return: the model.
 */
const struct xlp_model_ops *xlp_model(enum xlp_model model);

/**
 * xlp_try_forget() - free what is kept for a next try
 * @try:	the last one
 *
 * Context: process context.
 */
void xlp_try_forget(struct xlp_try *try);

#endif /* _XLP_COMMON_MODEL_H */
