// SPDX-License-Identifier: GPL-2.0
/*
 * hold.c - modules that patches are bound to, which must not go before them
 *
 * The addresses are in the code of the patch, so nothing can be taken back when such a module
 * goes: it does not, as if the patch linked to what it exports.
 */
#include <compat/module.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include "alloc.h"
#include "hold.h"

/**
 * struct hold - a module that a patch is bound to
 * @patch:	the patch
 * @mod:	the module
 * @node:	in holds
 */
struct hold {
	const struct module *patch;
	struct module *mod;
	struct list_head node;
};

/* Modules are announced in parallel. */
static DEFINE_MUTEX(hold_lock);
static LIST_HEAD(holds);

static bool hold_has(const struct module *patch, const struct module *mod)
{
	struct hold *hold;

	list_for_each_entry(hold, &holds, node)
		if (hold->patch == patch && hold->mod == mod)
			return true;
	return false;
}

static int hold_add(const struct module *patch, struct module *mod)
{
	struct hold *hold = xlp_alloc(sizeof(*hold));

	if (!hold)
		return -ENOMEM;
	hold->patch = patch;
	hold->mod = mod;
	list_add(&hold->node, &holds);
	return 0;
}

struct module *xlp_hold(const struct module *patch, const char *name)
{
	struct module *mod = xlp_module_get(name);
	bool is_held;
	int err = 0;

	if (!mod)
		return ERR_PTR(-ENOENT);
	mutex_lock(&hold_lock);
	is_held = hold_has(patch, mod);
	if (!is_held)
		err = hold_add(patch, mod);
	mutex_unlock(&hold_lock);
	if (is_held || err)
		module_put(mod);
	return err ? ERR_PTR(err) : mod;
}

void xlp_hold_end(const struct module *patch)
{
	struct hold *hold, *next;

	mutex_lock(&hold_lock);
	list_for_each_entry_safe(hold, next, &holds, node) {
		if (hold->patch != patch)
			continue;
		list_del(&hold->node);
		module_put(hold->mod);
		xlp_free(hold);
	}
	mutex_unlock(&hold_lock);
}
