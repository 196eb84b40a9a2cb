// SPDX-License-Identifier: GPL-2.0
/*
 * declare.c - from a patch author's declaration to the core's copy of it
 *
 * Everything that is wrong with a declaration whatever kernel it meets is found
 * here, before anything else looks at it.
 */
#include "log.h"

#include <compat/module.h>
#include <linux/kallsyms.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "alloc.h"
#include "buildid.h"
#include "declare.h"
#include "import.h"
#include "resolve.h"
#include "state.h"
#include "symbol.h"
#include "sysfs.h"

static int check_abi(const struct xlp_abi *abi)
{
	static const struct xlp_abi own = {
		.version = XLP_ABI,
		.patch_size = sizeof(struct xlp_patch),
		.object_size = sizeof(struct xlp_object),
		.func_size = sizeof(struct xlp_func),
		.state_size = sizeof(struct xlp_state),
		.import_size = sizeof(struct xlp_import),
	};

	if (abi->version == own.version && abi->patch_size == own.patch_size &&
	    abi->object_size == own.object_size && abi->func_size == own.func_size &&
	    abi->state_size == own.state_size && abi->import_size == own.import_size)
		return 0;
	pr_err("patch '%s': built for ABI %u (structures of %u, %u, %u, %u, %u bytes), xlp has ABI %u (%u, %u, %u, %u, %u): rebuild it\n",
	       abi->mod ? abi->mod->name : "?",
	       abi->version, abi->patch_size, abi->object_size, abi->func_size,
	       abi->state_size, abi->import_size,
	       own.version, own.patch_size, own.object_size, own.func_size,
	       own.state_size, own.import_size);
	return -EINVAL;
}

static int check_func(const struct xlp_live_func *func)
{
	const struct xlp_func *decl = func->decl;
	struct xlp_range text = xlp_module_text(func->object->patch->decl->mod);
	unsigned long new_func = (unsigned long)decl->new_func;

	if (!decl->old_name || !*decl->old_name) {
		pr_err("patch '%s': object '%s': function %u has no name\n",
		       xlp_patch_name(func->object->patch),
		       xlp_object_name(func->object),
		       (unsigned int)(func - func->object->funcs) + 1);
		return -EINVAL;
	}
	if (strlen(decl->old_name) >= KSYM_NAME_LEN) {
		pr_err("patch '%s': object '%s': function '%.32s...': name longer than %d characters\n",
		       xlp_patch_name(func->object->patch),
		       xlp_object_name(func->object), decl->old_name,
		       KSYM_NAME_LEN - 1);
		return -EINVAL;
	}
	if (!new_func) {
		xlp_func_err(func, "no new function");
		return -EINVAL;
	}
	/* Only code whose module xlp pins is known to be there when called. */
	if (!xlp_in_range(&text, new_func)) {
		xlp_func_err(func, "the new function is not code of the patch's own module");
		return -EINVAL;
	}
	if (decl->stack_args != XLP_STACK_ARGS_NONE && decl->stack_args > XLP_STACK_ARGS_MAX) {
		xlp_func_err(func, "%u bytes of memory arguments, %u are possible",
			     decl->stack_args, XLP_STACK_ARGS_MAX);
		return -EINVAL;
	}
	return 0;
}

static int declare_compare_funcs(const void *a, const void *b)
{
	const struct xlp_func *x = *(const struct xlp_func **)a;
	const struct xlp_func *y = *(const struct xlp_func **)b;
	/* position 0 means the only one, which is the first */
	unsigned long i = max(x->old_sympos, 1UL), j = max(y->old_sympos, 1UL);

	return strcmp(x->old_name, y->old_name) ?: i < j ? -1 : i > j;
}

static int check_functions_differ(const struct xlp_live_object *obj)
{
	const struct xlp_func **sorted;
	unsigned int i;
	int err = 0;

	if (!obj->nr_funcs)
		return 0;
	sorted = xlp_alloc_array(obj->nr_funcs, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (i = 0; i < obj->nr_funcs; i++)
		sorted[i] = obj->funcs[i].decl;
	sort(sorted, obj->nr_funcs, sizeof(*sorted), declare_compare_funcs, NULL);
	for (i = 1; i < obj->nr_funcs && !err; i++) {
		if (declare_compare_funcs(&sorted[i - 1], &sorted[i]))
			continue;
		pr_err("patch '%s': object '%s': function '%s': declared twice\n",
		       xlp_patch_name(obj->patch), xlp_object_name(obj),
		       sorted[i]->old_name);
		err = -EINVAL;
	}
	xlp_free(sorted);
	return err;
}

static bool declared_before(const struct xlp_live_object *obj)
{
	const struct xlp_live_object *other;

	for (other = obj->patch->objects; other < obj; other++)
		if (!strcmp(xlp_object_name(other), xlp_object_name(obj)))
			return true;
	return false;
}

static const char *object_flaw(const struct xlp_live_object *obj)
{
	const char *name = obj->decl->name;
	const char *flaw = xlp_object_name_flaw(name);

	if (flaw)
		return flaw;
	if (name && !strcmp(name, xlp_patch_name(obj->patch)))
		return "is the patch itself";
	if (name && xlp_sysfs_reserved(name))
		return "name of a file in the patch's sysfs directory";
	if (!obj->decl->funcs)
		return "no functions";
	if (declared_before(obj))
		return "declared twice";
	if (!name && obj->decl->build_id)
		return "only modules have a build id to compare";
	return xlp_build_id_flaw(obj->decl->build_id);
}

static int check_object(const struct xlp_live_object *obj)
{
	const char *flaw = object_flaw(obj);
	struct xlp_live_func *func;
	int err;

	if (flaw) {
		pr_err("patch '%s': object '%.*s': %s\n", xlp_patch_name(obj->patch),
		       (int)MODULE_NAME_LEN, xlp_object_name(obj), flaw);
		return -EINVAL;
	}
	xlp_for_each_func(obj, func) {
		err = check_func(func);
		if (err)
			return err;
	}
	return check_functions_differ(obj);
}

static unsigned int count_funcs(const struct xlp_func *decl)
{
	unsigned int n = 0;

	while (decl && (decl->old_name || decl->new_func || decl->old_sympos)) {
		decl++;
		n++;
	}
	return n;
}

static int copy_object(struct xlp_live_patch *patch, struct xlp_live_object *obj,
		       struct xlp_object *decl)
{
	struct xlp_live_func *func;

	obj->decl = decl;
	obj->patch = patch;
	obj->nr_funcs = count_funcs(decl->funcs);
	obj->funcs = xlp_alloc_array(obj->nr_funcs, sizeof(*obj->funcs));
	if (obj->nr_funcs && !obj->funcs)
		return -ENOMEM;
	xlp_for_each_func(obj, func) {
		func->decl = decl->funcs + (func - obj->funcs);
		func->object = obj;
		INIT_LIST_HEAD(&func->node);
	}
	return 0;
}

static int copy_objects(struct xlp_live_patch *patch)
{
	struct xlp_object *decl = patch->decl->objs;
	struct xlp_live_object *obj;
	unsigned int n = 0;
	int err;

	while (decl[n].name || decl[n].funcs)
		n++;
	if (!n) {
		pr_err("patch '%s': no objects\n", xlp_patch_name(patch));
		return -EINVAL;
	}
	patch->objects = xlp_alloc_array(n, sizeof(*patch->objects));
	if (!patch->objects)
		return -ENOMEM;
	patch->nr_objects = n;
	xlp_for_each_object(patch, obj) {
		err = copy_object(patch, obj, decl + (obj - patch->objects));
		if (err)
			return err;
	}
	return 0;
}

static int check_states(const struct xlp_live_patch *patch)
{
	const struct xlp_state *state, *other;

	xlp_for_each_state(patch->decl, state) {
		for (other = patch->decl->states; other < state; other++) {
			if (other->id != state->id)
				continue;
			pr_err("patch '%s': state %lu: declared twice\n",
			       xlp_patch_name(patch), state->id);
			return -EINVAL;
		}
	}
	return 0;
}

static int fill_in(struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	int err;

	patch->model = patch->decl->model ?: XLP_PER_TASK;
	if (!xlp_patch_model_name(patch->model)) {
		pr_err("patch '%s': model %d is unknown\n", xlp_patch_name(patch),
		       patch->decl->model);
		return -EINVAL;
	}
	err = check_states(patch);
	if (!err)
		err = copy_objects(patch);
	if (err)
		return err;
	xlp_for_each_object(patch, obj) {
		err = check_object(obj);
		if (err)
			return err;
	}
	return xlp_imports_check(patch);
}

struct xlp_live_patch *xlp_declare(struct xlp_patch *decl,
				   const struct xlp_abi *abi)
{
	struct xlp_live_patch *patch;
	const char *symbol;
	int err;

	err = check_abi(abi);
	if (err)
		return ERR_PTR(err);
	if (!decl || !decl->mod || decl->mod != abi->mod || !decl->objs) {
		pr_err("patch '%s': %s\n", abi->mod ? abi->mod->name : "?",
		       !decl ? "no declaration" :
		       !decl->mod || decl->mod != abi->mod ? ".mod is not THIS_MODULE" :
		       "no objects");
		return ERR_PTR(-EINVAL);
	}
	if (!abi->tag) {
		pr_err("module %s is not marked as a livepatch module\n", decl->mod->name);
		return ERR_PTR(-EINVAL);
	}
	symbol = xlp_module_livepatch_symbol(decl->mod);
	if (symbol) {
		pr_err("patch '%s': '%s' is left to a livepatch relocation, and nobody applies those: make it an import\n",
		       decl->mod->name, symbol);
		return ERR_PTR(-ENOEXEC);
	}
	patch = xlp_alloc(sizeof(*patch));
	if (!patch)
		return ERR_PTR(-ENOMEM);
	patch->decl = decl;
	INIT_LIST_HEAD(&patch->node);
	INIT_LIST_HEAD(&patch->retiring);
	err = fill_in(patch) ?: xlp_resolve_patch(patch);
	if (err) {
		xlp_patch_free(patch);
		return ERR_PTR(err);
	}
	xlp_sysfs_init(patch);
	return patch;
}
