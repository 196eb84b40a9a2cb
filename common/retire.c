// SPDX-License-Identifier: GPL-2.0
/* retire.c - patches that leave sysfs */

#include <linux/list.h>
#include <linux/module.h>
#include "engine.h"
#include "patch.h"
#include "retire.h"
#include "sysfs.h"
#include "thread.h"
#include "transition.h"

/* Patches whose files are to be removed [E]. */
static LIST_HEAD(retire_patches);
/* Whose patch is being forgotten for good just now, or NULL [E]. */
static const struct module *retire_module;

static void retire_step(void);
static struct xlp_thread retire_thread = XLP_THREAD(retire_thread, retire_step);

static void retire_ask(struct xlp_live_patch *patch)
{
	list_add_tail(&patch->retiring, &retire_patches);
	xlp_thread_ask(&retire_thread, 0);
}

/*
 * Nobody finds the patch any more. Nor does a transition that looks for tasks in what is
 * left over of it, or tasks inside whatever comes to the same place would hold it up;
 * without memory for another set of code they do.
 */
void xlp_retire_take_off(struct xlp_live_patch *patch)
{
	xlp_patch_step(patch, XLP_PATCH_RETIRED);
	list_del_init(&patch->node);
	xlp_transition_recollect();
}

void xlp_retire(struct xlp_live_patch *patch)
{
	xlp_retire_take_off(patch);
	retire_ask(patch);
}

void xlp_retire_hide(struct xlp_live_patch *patch)
{
	xlp_engine_assert();
	if (patch->hidden)
		return;
	patch->hidden = true;
	xlp_patch_start_using(patch);
	retire_ask(patch);
}

/* ---- the thread ---- */

static struct xlp_live_patch *retire_take_first(void)
{
	struct xlp_live_patch *patch;

	xlp_engine_enter();
	patch = list_first_entry_or_null(&retire_patches, struct xlp_live_patch, retiring);
	if (patch) {
		list_del_init(&patch->retiring);
		if (patch->state == XLP_PATCH_RETIRED)
			retire_module = patch->decl->mod;
	}
	xlp_engine_leave();
	return patch;
}

static void retire_hide(struct xlp_live_patch *patch)
{
	xlp_sysfs_hide(patch);
	xlp_engine_enter();
	xlp_patch_stop_using(patch);
	xlp_engine_leave();
}

/* The module's reference goes last: it is what keeps rmmod off. */
static void retire_remove(struct xlp_live_patch *patch)
{
	struct module *mod = patch->decl->mod;

	xlp_sysfs_remove(patch);
	module_put(mod);
	xlp_engine_enter();
	retire_module = NULL;
	xlp_engine_changed();
	xlp_engine_leave();
}

static void retire_step(void)
{
	struct xlp_live_patch *patch;

	while ((patch = retire_take_first())) {
		/* Who is RETIRED stays so, and who is hidden is kept by its user. */
		if (patch->state == XLP_PATCH_RETIRED)
			retire_remove(patch);
		else
			retire_hide(patch);
	}
}

/* ---- a module that goes ---- */

/**
 * struct retire_request - the wait for the patch of a module
 * @request:	as the engine knows it
 * @mod:	the module
 */
struct retire_request {
	struct xlp_request request;
	const struct module *mod;
};

static int retire_wait_step(struct xlp_request *request)
{
	const struct module *mod = container_of(request, struct retire_request, request)->mod;
	const struct xlp_live_patch *patch;

	if (retire_module == mod)
		return XLP_REQUEST_GOES_ON;
	list_for_each_entry(patch, &retire_patches, retiring)
		if (patch->decl->mod == mod)
			return XLP_REQUEST_GOES_ON;
	return 0;
}

void xlp_retire_wait(const struct module *mod)
{
	struct retire_request wait = { .request.step = retire_wait_step, .mod = mod };

	xlp_engine_request(&wait.request);
}

int xlp_retire_init(void)
{
	return xlp_thread_start(&retire_thread, "xlp_retire");
}

void xlp_retire_exit(void)
{
	xlp_thread_stop(&retire_thread);
}
