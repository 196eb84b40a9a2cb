/* SPDX-License-Identifier: GPL-2.0 */
/* switch.h - where calls change over from one version to another, and how */
#ifndef _XLP_COMMON_SWITCH_H
#define _XLP_COMMON_SWITCH_H

#include <xlp/xlp.h>
#include "world.h"

struct xlp_live_object;
struct xlp_live_patch;
struct xlp_model_ops;

/**
 * xlp_model_find() - what stands for a model
 * @model:	as a patch declares it
 *
 * Return: the model, or NULL: there is none of that number.
 */
const struct xlp_model_ops *xlp_model_find(enum xlp_model model);

/**
 * xlp_model_name() - a model's name in messages
 * @model:	the model
 *
 * Return: one word.
 */
const char *xlp_model_name(const struct xlp_model_ops *model);

/**
 * xlp_switch_lock() - take xlp_mutex to decide on a change of a patch
 *
 * Waits for a change that will be over soon: one of the model immediate, or a
 * transition that every task has been through. This is the only wait between what
 * somebody asks for and the decision on it, and it comes first: whatever is seen
 * under the lock is true until the lock is dropped, or, once a change has begun,
 * until the end of that.
 *
 * Context: process context, without xlp_mutex; drop it by mutex_unlock().
 */
void xlp_switch_lock(void);

/**
 * xlp_switch_on() - put a patch into effect by its model
 * @patch:	the patch; stays
 *
 * All objects that are present, and then, if it replaces, the other patches out
 * of effect. On failure nothing has changed.
 *
 * Context: process context, under xlp_switch_lock(); xlp_mutex is dropped and taken
 * again, while no other change begins.
 *
 * Return: 0, or what xlp_enable_patch() documents.
 */
int xlp_switch_on(struct xlp_live_patch *patch);

/**
 * xlp_switch_off() - take a patch out of effect by its model
 * @patch:	the patch; stays
 *
 * Context: process context, under xlp_switch_lock(); xlp_mutex is dropped and taken
 * again, while no other change begins.
 *
 * Return: 0, or what xlp_patch_disable() documents.
 */
int xlp_switch_off(struct xlp_live_patch *patch);

/**
 * xlp_switch_off_now() - take a patch out of effect, whatever tasks do
 * @patch:	the patch
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_switch_off_now(struct xlp_live_patch *patch);

/**
 * xlp_switch_settle() - end the difference between the worlds
 * @patches:	the patches that were in effect in one of them only; some may be NULL
 * @nr:		how many
 * @world:	in effect from here on are those that were in this one
 *
 * Context: any, also with the machine stopped; xlp_mutex held by the task for which
 * this is done.
 */
void xlp_switch_settle(struct xlp_live_patch *const *patches, unsigned int nr,
		       enum xlp_world world);

/**
 * xlp_switch_finished() - tell a patch and the log that every call has changed over
 * @patch:	the patch, in effect in both worlds or in none
 *
 * Context: process context, under xlp_mutex.
 */
void xlp_switch_finished(struct xlp_live_patch *patch);

/**
 * xlp_switch_object_on() - put one object of an enabled patch into effect at once
 * @obj:	the object
 * @coming:	its module, which comes: nobody can be inside it; or which was coming when
 *		xlp.ko was: tasks that its init has started are not looked at
 *
 * Context: process context, under xlp_mutex, which is dropped and taken again;
 * @obj stays meanwhile.
 *
 * Return: 0, also if the patch was disabled meanwhile, or an error.
 */
int xlp_switch_object_on(struct xlp_live_object *obj, struct module *coming);

/**
 * xlp_switch_object_off() - take one object out of effect at once
 * @obj:	the object
 *
 * Context: any, xlp_mutex held by the task for which this is done.
 */
void xlp_switch_object_off(struct xlp_live_object *obj);

#endif /* _XLP_COMMON_SWITCH_H */
