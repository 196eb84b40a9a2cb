// SPDX-License-Identifier: GPL-2.0
/* state.c - changes of the system that patches hand on to each other */
#include "log.h"

#include <linux/export.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include "callbacks.h"
#include "engine.h"
#include "patch.h"
#include "state.h"

struct xlp_state *xlp_get_state(struct xlp_patch *patch, unsigned long id)
{
	struct xlp_state *state;

	xlp_for_each_state(patch, state)
		if (state->id == id)
			return state;
	return NULL;
}
EXPORT_SYMBOL_GPL(xlp_get_state);

/* The list is constant for the task whose event it is, and for nobody else. */
struct xlp_state *xlp_get_prev_state(unsigned long id)
{
	const struct xlp_live_patch *own = xlp_callbacks_patch();
	struct xlp_state *state, *last = NULL;
	struct xlp_live_patch *patch;

	if (!own) {
		xlp_own_warn("state %lu: %s[%d] asks for what patches before declare outside of a callback\n",
			     id, current->comm, task_pid_nr(current));
		return NULL;
	}
	list_for_each_entry(patch, &xlp_patches, node) {
		if (patch == own)
			break;
		if (!xlp_patch_is_enabled(patch) || xlp_patch_set(patch) != xlp_patch_set(own))
			continue;
		state = xlp_get_state(patch->decl, id);
		if (state)
			last = state;
	}
	return last;
}
EXPORT_SYMBOL_GPL(xlp_get_prev_state);

static bool state_is_known(const struct xlp_live_patch *patch, const struct xlp_state *old)
{
	const struct xlp_state *state = xlp_get_state(patch->decl, old->id);

	return state ? state->version >= old->version : !patch->decl->replace;
}

int xlp_states_check(const struct xlp_live_patch *patch)
{
	const struct xlp_live_patch *old;
	const struct xlp_state *state;

	xlp_engine_assert();
	list_for_each_entry(old, &xlp_patches, node) {
		if (!xlp_patch_is_enabled(old) || xlp_patch_set(old) != xlp_patch_set(patch))
			continue;
		xlp_for_each_state(old->decl, state) {
			if (state_is_known(patch, state))
				continue;
			pr_err("Livepatch patch (%s) is not compatible with the already installed livepatches.\n",
			       xlp_patch_name(patch));
			xlp_own_warn("patch '%s': it does not know state %lu of patch '%s' in version %u\n",
				     xlp_patch_name(patch), state->id, xlp_patch_name(old),
				     state->version);
			return -EINVAL;
		}
	}
	return 0;
}
