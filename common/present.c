// SPDX-License-Identifier: GPL-2.0
/* present.c - modules that patches may be applied to */

#include <compat/module.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/string.h>
#include "alloc.h"
#include "engine.h"
#include "present.h"

/**
 * struct present_module - a module that patches may be applied to
 * @mod:	the module
 * @coming:	see xlp_present_add()
 * @node:	in present_modules
 */
struct present_module {
	struct module *mod;
	bool coming;
	struct list_head node;
};

/* [E] */
static LIST_HEAD(present_modules);

static struct present_module *present_of_name(const char *name)
{
	struct present_module *present;

	xlp_engine_assert();
	list_for_each_entry(present, &present_modules, node)
		if (!strcmp(present->mod->name, name))
			return present;
	return NULL;
}

static struct present_module *present_of_module(const struct module *mod)
{
	struct present_module *present = present_of_name(mod->name);

	return present && present->mod == mod ? present : NULL;
}

static struct present_module *present_alloc(struct module *mod, bool coming)
{
	struct present_module *present = xlp_alloc(sizeof(*present));

	if (!present)
		return NULL;
	present->mod = mod;
	present->coming = coming;
	list_add(&present->node, &present_modules);
	return present;
}

struct module *xlp_present_find(const char *name)
{
	struct present_module *present = present_of_name(name);
	struct module *mod;

	if (present)
		return present->coming ? NULL : present->mod;
	/* One that was loaded before xlp.ko has told us nothing yet. */
	mod = xlp_module_get(name);
	if (!mod)
		return NULL;
	present = present_alloc(mod, false);
	/* From here on its GOING waits for this event to end. */
	module_put(mod);
	return present ? mod : ERR_PTR(-ENOMEM);
}

int xlp_present_add(struct module *mod, bool coming)
{
	struct present_module *present = present_of_name(mod->name);

	if (present && present->mod != mod)
		return -EEXIST;
	if (present)
		present->coming = coming;
	else if (!present_alloc(mod, coming))
		return -ENOMEM;
	return 0;
}

void xlp_present_come(const struct module *mod)
{
	struct present_module *present = present_of_module(mod);

	if (present)
		present->coming = false;
	xlp_engine_changed();
}

bool xlp_present_remove(const struct module *mod)
{
	struct present_module *present = present_of_module(mod);

	if (!present)
		return false;
	list_del(&present->node);
	xlp_free(present);
	return true;
}

void xlp_present_exit(void)
{
	struct present_module *present, *next;

	list_for_each_entry_safe(present, next, &present_modules, node)
		xlp_free(present);
}
