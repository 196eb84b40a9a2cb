/* SPDX-License-Identifier: GPL-2.0 */
/*
 * callbacks.h - what patches do besides, when objects are patched and unpatched
 *
 * All of these are called in process context, in an event, and only for objects
 * that are present.
 */
#ifndef _XLP_COMMON_CALLBACKS_H
#define _XLP_COMMON_CALLBACKS_H

struct xlp_live_object;
struct xlp_live_patch;

/**
 * xlp_callback_pre_patch() - an object is about to be patched
 * @obj:	the object
 *
 * Logs one line on failure.
 *
 * Return: 0, or the error that the callback has returned; -EINVAL if that was none.
 */
int xlp_callback_pre_patch(struct xlp_live_object *obj);

/**
 * xlp_callback_post_patch() - an object has been patched, or stays so
 * @obj:	the object
 */
void xlp_callback_post_patch(struct xlp_live_object *obj);

/**
 * xlp_callback_pre_unpatch() - an object is about to be unpatched
 * @obj:	the object
 */
void xlp_callback_pre_unpatch(struct xlp_live_object *obj);

/**
 * xlp_callback_post_unpatch() - an object has been unpatched, or was not patched
 * @obj:	the object; nothing is called unless its pre_patch has succeeded since
 */
void xlp_callback_post_unpatch(struct xlp_live_object *obj);

/**
 * xlp_callbacks_pre_patch() - xlp_callback_pre_patch() for all objects of a patch
 * @patch:	the patch
 *
 * Return: 0, or what the first that failed has returned; those behind it were not
 * called.
 */
int xlp_callbacks_pre_patch(struct xlp_live_patch *patch);

/**
 * xlp_callbacks() - another one for all objects of a patch
 * @patch:	the patch
 * @callback:	xlp_callback_post_patch(), _pre_unpatch() or _post_unpatch()
 */
void xlp_callbacks(struct xlp_live_patch *patch,
		   void (*callback)(struct xlp_live_object *obj));

/**
 * xlp_callbacks_patch() - whose callback the running task is in
 *
 * Context: any.
 *
 * Return: the patch, or NULL: none, also while another task is in one.
 */
const struct xlp_live_patch *xlp_callbacks_patch(void);

#endif /* _XLP_COMMON_CALLBACKS_H */
