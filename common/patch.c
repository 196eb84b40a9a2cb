// SPDX-License-Identifier: GPL-2.0
/* patch.c - the states that patches and their objects go through */
#include "log.h"

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "alloc.h"
#include "cold.h"
#include "engine.h"
#include "patch.h"

LIST_HEAD(xlp_patches);

/* How many disablings there have been [E]. */
static unsigned long patch_nr_disablings;
/* How many there had been when the last wait for RCU tasks began that somebody told of [E]. */
static unsigned long patch_waited_for;

/* ---- legal steps ---- */

#define TO(state)	BIT(XLP_PATCH_##state)

/* From each state, to which ones. */
static const unsigned int patch_steps[XLP_NR_PATCH_STATES] = {
	[XLP_PATCH_DECLARED]	   = TO(ENABLING),
	[XLP_PATCH_ENABLING]	   = TO(PATCHING) | TO(ENABLED) | TO(AT_REST),
	[XLP_PATCH_PATCHING]	   = TO(ENABLED) | TO(UNPATCHING),
	[XLP_PATCH_ENABLED]	   = TO(UNPATCHING) | TO(DISABLED),
	[XLP_PATCH_UNPATCHING]	   = TO(PATCHING) | TO(DISABLED),
	[XLP_PATCH_DISABLED]	   = TO(ENABLING_AGAIN) | TO(AT_REST) | TO(RETIRED),
	[XLP_PATCH_ENABLING_AGAIN] = TO(PATCHING) | TO(ENABLED) | TO(DISABLED),
	[XLP_PATCH_AT_REST]	   = TO(ENABLING) | TO(RETIRED),
	[XLP_PATCH_RETIRED]	   = 0,
};

#undef TO
#define TO(state)	BIT(XLP_OBJECT_##state)

static const unsigned int object_steps[] = {
	[XLP_OBJECT_ABSENT]	= TO(FOUND),
	[XLP_OBJECT_FOUND]	= TO(PATCHED) | TO(ABSENT),
	[XLP_OBJECT_PATCHED]	= TO(PREPARED) | TO(FOUND),
	[XLP_OBJECT_PREPARED]	= TO(UNPATCHED),
	[XLP_OBJECT_UNPATCHED]	= TO(FOUND) | TO(ABSENT),
};

#undef TO

static void object_forget_funcs(struct xlp_live_object *obj)
{
	struct xlp_live_func *func;

	xlp_for_each_func(obj, func) {
		list_del_init(&func->node);
		func->hook = NULL;
	}
	obj->decl->mod = NULL;
}

void xlp_object_step(struct xlp_live_object *obj, enum xlp_object_state state)
{
	WARN_ONCE(!(object_steps[obj->state] & BIT(state)),
		  "xlp: patch '%s': object '%s': from state %d to %d\n",
		  xlp_patch_name(obj->patch), xlp_object_name(obj), obj->state, state);
	WRITE_ONCE(obj->state, state);
	if (state == XLP_OBJECT_ABSENT)
		object_forget_funcs(obj);
}

void xlp_patch_objects_absent(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	xlp_engine_assert();
	xlp_for_each_object(patch, obj)
		if (!xlp_object_is_absent(obj))
			xlp_object_step(obj, XLP_OBJECT_ABSENT);
}

/* Nothing leads into the patch, and it knows of no module that may go. */
static void patch_assert_at_rest(const struct xlp_live_patch *patch)
{
	const struct xlp_live_object *obj;

	WARN_ON_ONCE(patch->worlds);
	xlp_for_each_object(patch, obj)
		WARN_ON_ONCE(!xlp_object_is_absent(obj));
}

void xlp_patch_step(struct xlp_live_patch *patch, enum xlp_patch_state state)
{
	xlp_engine_assert();
	WARN_ONCE(!(patch_steps[patch->state] & BIT(state)),
		  "xlp: patch '%s': from state %d to %d\n",
		  xlp_patch_name(patch), patch->state, state);
	WRITE_ONCE(patch->state, state);
	if (state != XLP_PATCH_DISABLED && state != XLP_PATCH_ENABLING_AGAIN)
		patch->disabled_at = 0;
	xlp_engine_changed();
	if (state == XLP_PATCH_AT_REST || state == XLP_PATCH_RETIRED)
		patch_assert_at_rest(patch);
	if (state == XLP_PATCH_AT_REST)
		module_put(patch->decl->mod);
}

/* ---- common steps ---- */

int xlp_patch_start_enabling(struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	if (patch->dying)
		return -ENODEV;
	if (patch->state == XLP_PATCH_DISABLED) {
		xlp_patch_step(patch, XLP_PATCH_ENABLING_AGAIN);
		return 0;
	}
	if (!try_module_get(patch->decl->mod))
		return -ENODEV;
	xlp_patch_step(patch, XLP_PATCH_ENABLING);
	return 0;
}

void xlp_patch_disabled(struct xlp_live_patch *patch)
{
	xlp_patch_step(patch, XLP_PATCH_DISABLED);
	patch->reported = XLP_NOBODY_REPORTED;
	patch->disabled_at = ++patch_nr_disablings;
	xlp_patch_objects_absent(patch);
}

unsigned long xlp_patch_disablings(void)
{
	xlp_engine_assert();
	return patch_nr_disablings;
}

void xlp_patch_has_waited(unsigned long disablings)
{
	xlp_engine_assert();
	patch_waited_for = max(patch_waited_for, disablings);
}

unsigned long xlp_patch_waited_for(void)
{
	xlp_engine_assert();
	return patch_waited_for;
}

void xlp_patch_start_using(struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	patch->users++;
}

void xlp_patch_stop_using(struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	patch->users--;
	xlp_engine_changed();
}

void xlp_patch_free(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		xlp_free(obj->funcs);
	xlp_free(patch->objects);
	xlp_cold_free(patch->cold);
	xlp_free(patch);
}

/* ---- finding ---- */

struct xlp_live_object *xlp_patch_object(const struct xlp_live_patch *patch, const char *name)
{
	struct xlp_live_object *obj;

	xlp_for_each_object(patch, obj)
		if (obj->decl->name && !strcmp(obj->decl->name, name))
			return obj;
	return NULL;
}

struct xlp_live_patch *xlp_patch_of_module(const struct module *mod)
{
	struct xlp_live_patch *patch;

	xlp_engine_assert();
	list_for_each_entry(patch, &xlp_patches, node)
		if (patch->decl->mod == mod)
			return patch;
	return NULL;
}

const char *xlp_patch_model_name(enum xlp_model model)
{
	static const char * const names[] = {
		[XLP_IMMEDIATE]	= "immediate",
		[XLP_STOP]	= "stop",
		[XLP_PER_TASK]	= "per-task",
	};

	return (unsigned int)model < ARRAY_SIZE(names) ? names[model] : NULL;
}
