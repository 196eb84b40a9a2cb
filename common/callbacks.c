// SPDX-License-Identifier: GPL-2.0
/* callbacks.c - what patches do besides, when objects are patched and unpatched */
#include "log.h"

#include <linux/errno.h>
#include "callbacks.h"
#include "engine.h"
#include "patch.h"

/* Whose callback is running. Written and read in events only. */
static const struct xlp_live_patch *callback_patch;

const struct xlp_live_patch *xlp_callbacks_patch(void)
{
	return xlp_engine_is_mine() ? callback_patch : NULL;
}

static void callback_call(const struct xlp_live_object *obj,
			  void (*callback)(struct xlp_object *obj))
{
	xlp_engine_assert();
	if (!callback)
		return;
	callback_patch = obj->patch;
	callback(obj->decl);
	callback_patch = NULL;
}

int xlp_callback_pre_patch(struct xlp_live_object *obj)
{
	int (*callback)(struct xlp_object *obj) = obj->decl->callbacks.pre_patch;
	int err;

	xlp_engine_assert();
	callback_patch = obj->patch;
	err = callback ? callback(obj->decl) : 0;
	callback_patch = NULL;
	if (!err) {
		xlp_object_step(obj, XLP_OBJECT_PREPARED);
		return 0;
	}
	pr_warn("pre-patch callback failed for object '%s'\n", xlp_object_name(obj));
	xlp_own_warn("patch '%s': object '%s': its pre_patch callback failed (%d)\n",
		     xlp_patch_name(obj->patch), xlp_object_name(obj), err);
	/* To the module loader it would be no failure. */
	return err > 0 ? -EINVAL : err;
}

void xlp_callback_post_patch(struct xlp_live_object *obj)
{
	callback_call(obj, obj->decl->callbacks.post_patch);
}

void xlp_callback_pre_unpatch(struct xlp_live_object *obj)
{
	callback_call(obj, obj->decl->callbacks.pre_unpatch);
}

void xlp_callback_post_unpatch(struct xlp_live_object *obj)
{
	if (obj->state != XLP_OBJECT_UNPATCHED)
		return;
	callback_call(obj, obj->decl->callbacks.post_unpatch);
	xlp_object_step(obj, XLP_OBJECT_FOUND);
}

int xlp_callbacks_pre_patch(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	int err;

	xlp_for_each_object(patch, obj) {
		err = xlp_object_is_patched(obj) ? xlp_callback_pre_patch(obj) : 0;
		if (err)
			return err;
	}
	return 0;
}

void xlp_callbacks(struct xlp_live_patch *patch,
		   void (*callback)(struct xlp_live_object *obj))
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		if (obj->state == XLP_OBJECT_PREPARED || obj->state == XLP_OBJECT_UNPATCHED)
			callback(obj);
}
