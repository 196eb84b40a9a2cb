// SPDX-License-Identifier: GPL-2.0
/* notify.c - tell user space what has become of a change */

#include <linux/kobject.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include "notify.h"
#include "patch.h"

#define NOTIFY_LEN	(MODULE_NAME_LEN + 16)

void xlp_notify(struct xlp_live_patch *patch, const char *event, const char *state)
{
	char name[NOTIFY_LEN], what[NOTIFY_LEN], is[NOTIFY_LEN];
	char *env[4] = { };

	snprintf(name, sizeof(name), "XLP_PATCH=%s", xlp_patch_name(patch));
	snprintf(what, sizeof(what), "XLP_EVENT=%s", event);
	snprintf(is, sizeof(is), "XLP_STATE=%s", state);
	env[0] = name;
	env[1] = what;
	env[2] = is;
	kobject_uevent_env(&patch->kobj, KOBJ_CHANGE, env);
}
