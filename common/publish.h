/* SPDX-License-Identifier: GPL-2.0 */
/* publish.h - let calls go where the plan of a change says */
#ifndef _XLP_COMMON_PUBLISH_H
#define _XLP_COMMON_PUBLISH_H

#include "world.h"

struct xlp_live_object;
struct xlp_live_patch;
struct xlp_plan;

/**
 * xlp_publish_object() - let calls of an object's functions go where its patch's worlds say
 * @obj:	the object
 *
 * Context: in an event, or with the machine stopped by the task whose event it is.
 */
void xlp_publish_object(struct xlp_live_object *obj);

/**
 * xlp_publish_object_off() - take an object's functions out of effect
 * @obj:	the object
 *
 * Context: as xlp_publish_object().
 */
void xlp_publish_object_off(struct xlp_live_object *obj);

/**
 * xlp_publish_worlds() - let calls depend on the world of the task that makes them
 * @plan:	the change, for which xlp_worlds_open() has been called
 *
 * Context: in an event.
 */
void xlp_publish_worlds(const struct xlp_plan *plan);

/**
 * xlp_publish_settled() - end the difference between the worlds
 * @plan:	the change whose patches were in effect in one of them only
 * @world:	in effect from here on are those that were in this one
 *
 * Context: as xlp_publish_object().
 */
void xlp_publish_settled(const struct xlp_plan *plan, enum xlp_world world);

/**
 * xlp_publish_off() - take one patch out of effect, whatever tasks do
 * @patch:	the patch, ENABLED, and of no plan
 *
 * Callbacks are told, and the patch is DISABLED.
 *
 * Context: in an event.
 */
void xlp_publish_off(struct xlp_live_patch *patch);

/**
 * xlp_publish_finished() - tell callbacks, the log and the books that a change is over
 * @plan:	the change, behind xlp_publish_settled()
 *
 * All that it affects gets to its state: ENABLED or DISABLED.
 *
 * Context: in an event.
 */
void xlp_publish_finished(const struct xlp_plan *plan);

/**
 * xlp_publish_notify() - tell user space that a change of a patch is complete
 * @patch:	the patch, which is in the state that it is in from here on
 *
 * To be called behind xlp_publish_finished(), and when all else that files show is as it will
 * be: whoever is told reads them at once, without a lock.
 *
 * Context: in an event.
 */
void xlp_publish_notify(struct xlp_live_patch *patch);

#endif /* _XLP_COMMON_PUBLISH_H */
