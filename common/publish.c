// SPDX-License-Identifier: GPL-2.0
/*
 * publish.c - let calls go where the plan of a change says
 *
 * A plan says of each patch that it affects in which world that is to be in effect: in the
 * one before the change or in the one after it. To settle in one of them is lists and
 * stores, which cannot fail.
 */
#include "log.h"

#include "callbacks.h"
#include "engine.h"
#include "hook.h"
#include "notify.h"
#include "patch.h"
#include "plan.h"
#include "publish.h"

void xlp_publish_object(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	if (xlp_object_is_patched(obj))
		xlp_for_each_func(obj, func)
			xlp_hook_publish(func->hook);
}

void xlp_publish_object_off(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	if (!xlp_object_is_patched(obj))
		return;
	xlp_for_each_func(obj, func)
		xlp_hook_remove_version(func);
	xlp_object_step(obj, obj->state == XLP_OBJECT_PREPARED ? XLP_OBJECT_UNPATCHED :
								 XLP_OBJECT_FOUND);
}

/* Calls follow what the patch's worlds say from here on. */
static void publish_patch(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj) {
		if (patch->worlds)
			xlp_publish_object(obj);
		else
			xlp_publish_object_off(obj);
	}
}

void xlp_publish_worlds(const struct xlp_plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_affected; i++)
		publish_patch(plan->affected[i]);
}

/* All say what they are to be before any is published, so that nothing is ever in between. */
void xlp_publish_settled(const struct xlp_plan *plan, enum xlp_world world)
{
	struct xlp_live_patch *patch;
	unsigned int i;

	for (i = 0; i < plan->nr_affected; i++) {
		patch = plan->affected[i];
		if (patch)
			patch->worlds = patch->worlds & BIT(world) ? XLP_BOTH_WORLDS : 0;
	}
	for (i = 0; i < plan->nr_affected; i++)
		if (plan->affected[i])
			publish_patch(plan->affected[i]);
}

static void publish_tell(struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	if (patch->worlds)
		xlp_callbacks(patch, xlp_callback_post_patch);
	else
		xlp_callbacks(patch, xlp_callback_post_unpatch);
	pr_notice("'%s': %s complete\n", xlp_patch_name(patch),
		  patch->worlds ? "patching" : "unpatching");
}

void xlp_publish_notify(struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	xlp_notify(patch, "complete", patch->worlds ? "enabled" : "disabled");
}

void xlp_publish_off(struct xlp_live_patch *patch)
{
	xlp_callbacks(patch, xlp_callback_pre_unpatch);
	patch->worlds = 0;
	publish_patch(patch);
	publish_tell(patch);
	xlp_patch_disabled(patch);
	xlp_publish_notify(patch);
}

void xlp_publish_finished(const struct xlp_plan *plan)
{
	struct xlp_live_patch *patch;
	unsigned int i;

	publish_tell(plan->patch);
	if (plan->patch->worlds)
		xlp_patch_step(plan->patch, XLP_PATCH_ENABLED);
	for (i = 0; i < plan->nr_affected; i++) {
		patch = plan->affected[i];
		if (patch && !patch->worlds)
			xlp_patch_disabled(patch);
	}
}
