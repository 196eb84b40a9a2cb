// SPDX-License-Identifier: GPL-2.0
/* callbacks.c - what patches do besides, when objects are patched and unpatched */
#include "log.h"

#include "callbacks.h"
#include "patch.h"

/* Whose callback is running. Written under xlp_mutex, read by callbacks. */
static const struct xlp_live_patch *caller;

static const struct xlp_callbacks *start_call(struct xlp_live_object *obj)
{
	lockdep_assert_held(&xlp_mutex);
	caller = obj->patch;
	return &obj->decl->callbacks;
}

static void end_call(void)
{
	caller = NULL;
}

const struct xlp_live_patch *xlp_callbacks_patch(void)
{
	return caller;
}

int xlp_callback_pre_patch(struct xlp_live_object *obj)
{
	const struct xlp_callbacks *callbacks = start_call(obj);
	int err = callbacks->pre_patch ? callbacks->pre_patch(obj->decl) : 0;

	end_call();
	obj->prepared = !err;
	if (err)
		pr_warn("pre-patch callback failed for object '%s'\n", xlp_object_name(obj));
	return err;
}

void xlp_callback_post_patch(struct xlp_live_object *obj)
{
	const struct xlp_callbacks *callbacks = start_call(obj);

	if (callbacks->post_patch)
		callbacks->post_patch(obj->decl);
	end_call();
}

void xlp_callback_pre_unpatch(struct xlp_live_object *obj)
{
	const struct xlp_callbacks *callbacks = start_call(obj);

	if (callbacks->pre_unpatch)
		callbacks->pre_unpatch(obj->decl);
	end_call();
}

void xlp_callback_post_unpatch(struct xlp_live_object *obj)
{
	const struct xlp_callbacks *callbacks = start_call(obj);

	if (obj->prepared && callbacks->post_unpatch)
		callbacks->post_unpatch(obj->decl);
	obj->prepared = false;
	end_call();
}

int xlp_callbacks_pre_patch(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	int err;

	xlp_for_each_object(patch, obj) {
		err = obj->present ? xlp_callback_pre_patch(obj) : 0;
		if (err)
			return err;
	}
	return 0;
}

static void for_present(struct xlp_live_patch *patch,
			void (*callback)(struct xlp_live_object *obj))
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		if (obj->present)
			callback(obj);
}

void xlp_callbacks_post_patch(struct xlp_live_patch *patch)
{
	for_present(patch, xlp_callback_post_patch);
}

void xlp_callbacks_pre_unpatch(struct xlp_live_patch *patch)
{
	for_present(patch, xlp_callback_pre_unpatch);
}

void xlp_callbacks_post_unpatch(struct xlp_live_patch *patch)
{
	for_present(patch, xlp_callback_post_unpatch);
}
