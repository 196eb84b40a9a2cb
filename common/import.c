// SPDX-License-Identifier: GPL-2.0
/*
 * import.c - symbols that patches use and cannot link to
 *
 * A patch has a pointer or a static call of its own for each, which is set here.
 * Nothing is written into text but by the kernel's own static_call_update().
 */
#include "log.h"

#include <compat/module.h>
#include <compat/sections.h>
#include <compat/static_call.h>
#include <compat/text.h>
#include <linux/kallsyms.h>
#include <linux/kconfig.h>
#include <linux/module.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include "engine.h"
#include "import.h"
#include "present.h"
#include "patch.h"
#include "symbol.h"

#define for_each_import(patch, import) \
	for ((import) = (patch)->decl->imports; \
	     (import) && ((import)->name || (import)->slot || (import)->key); (import)++)

static const char *import_object(const struct xlp_import *import)
{
	return import->object ?: "vmlinux";
}

/* Every refusal is one line that names patch, object and symbol. */
#define import_err(patch, import, fmt, ...)					\
	pr_err("patch '%s': object '%s': import '%.*s': " fmt "\n",		\
	       xlp_patch_name(patch), import_object(import),			\
	       KSYM_NAME_LEN, (import)->name ?: "", ##__VA_ARGS__)

/* ---- what is wrong whatever kernel it meets ---- */

static const char *import_flaw(const struct xlp_live_patch *patch, const struct xlp_import *import)
{
	const char *flaw;

	if (!import->name || !*import->name)
		return "no name";
	if (strlen(import->name) >= KSYM_NAME_LEN)
		return "name longer than a symbol's can be";
	if (!import->slot == !import->key)
		return "neither data nor a function, or both";
	flaw = xlp_object_name_flaw(import->object);
	/*
	 * What a module has is there for as long as somebody runs its code. That can be
	 * known only of code that takes the place of the module's own.
	 */
	if (!flaw && import->object && !xlp_patch_object(patch, import->object))
		flaw = "the patch has no object of that name, whose functions alone may use it";
	return flaw;
}

int xlp_imports_check(const struct xlp_live_patch *patch)
{
	const struct xlp_import *import;
	const char *flaw;

	for_each_import(patch, import) {
		flaw = import_flaw(patch, import);
		if (!flaw)
			continue;
		pr_err("patch '%s': object '%.*s': import '%.*s': %s\n", xlp_patch_name(patch),
		       (int)MODULE_NAME_LEN, import_object(import), KSYM_NAME_LEN,
		       import->name ?: "", flaw);
		return -EINVAL;
	}
	return 0;
}

/* ---- finding them ---- */

/*
 * What is of init only is used for something else later on. That of a module may be over at
 * any moment, and then no address is within its init, so ask for what stays.
 */
static bool import_stays(unsigned long addr, const struct module *mod)
{
	struct xlp_range percpu;

	if (!mod)
		return !xlp_in_init_section(addr);
	percpu = xlp_module_percpu(mod);
	return within_module_core(addr, mod) || xlp_in_range(&percpu, addr);
}

static int import_find(const struct xlp_live_patch *patch, const struct xlp_import *import,
		       const struct module *mod, unsigned long *addr)
{
	struct xlp_symbol_search search = {
		.name = import->name,
		.sympos = import->sympos,
		.may_be_data = import->slot,
	};
	char flaw[XLP_SYMBOL_FLAW_LEN];
	int err;

	if (import->key && xlp_static_calls_are_checked()) {
		import_err(patch, import, "this kernel compares the types of what pointers call (CFI) and has no direct static calls; use exported functions only");
		return -EOPNOTSUPP;
	}
	xlp_symbol_search(&search, mod);
	err = xlp_symbol_judge(&search, mod, flaw);
	if (err) {
		import_err(patch, import, "%s", flaw);
		return err;
	}
	if (!import_stays(search.addr, mod)) {
		import_err(patch, import, "it is only there during %s", mod ?
			   "its module's init" : "boot");
		return -EINVAL;
	}
	if (import->key && !xlp_in_compiled_code(search.addr)) {
		import_err(patch, import, "not a function");
		return -EINVAL;
	}
	*addr = search.addr;
	return 0;
}

/* ---- filling them in ---- */

/* Whoever uses a pointer may do so on another CPU at this moment. */
static void import_set(const struct xlp_import *import, unsigned long addr)
{
	if (import->slot)
		WRITE_ONCE(*import->slot, (void *)addr);
	else
		__static_call_update(import->key, import->tramp, (void *)addr);
}

static int import_fill(const struct xlp_live_patch *patch, const struct xlp_import *import,
		       const struct module *mod)
{
	unsigned long addr;
	int err;

	err = import_find(patch, import, mod, &addr);
	if (!err)
		import_set(import, addr);
	return err;
}

static bool import_is_of(const struct xlp_import *import, const struct module *mod)
{
	return import->object && !strcmp(import->object, mod->name);
}

int xlp_imports_fill(struct xlp_live_patch *patch, const struct module *only)
{
	const struct xlp_import *import;
	const struct module *mod;
	int err = 0;

	xlp_engine_assert();
	for_each_import(patch, import) {
		if (only && !import_is_of(import, only))
			continue;
		mod = only;
		if (!mod && import->object)
			mod = xlp_present_find(import->object);
		if (IS_ERR(mod))
			err = PTR_ERR(mod);
		else if (mod || !import->object)
			err = import_fill(patch, import, mod);
		if (err)
			return err;
	}
	return 0;
}

void xlp_imports_take_back(struct xlp_live_patch *patch, const struct module *only)
{
	const struct xlp_import *import;

	xlp_engine_assert();
	for_each_import(patch, import)
		if (!only || import_is_of(import, only))
			import_set(import, 0);
}
