// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_any.c - a patch of whatever the parameters say, right or wrong
 *
 *	object=NAME	object of the function, vmlinux by default
 *	function=NAME	function to be replaced, by default none at all
 *	position=N	its position among the symbols of that name
 *	batch=1		together with every victim of xlp_test_target before and
 *			after it in the declaration
 *	model=N, replace=1, set=N	of the patch
 *	build_id=HEX	of the object
 *	import=NAME	a symbol of the object that the patch has a pointer to
 *	fault=WORD	what is wrong with the declaration, see prepare()
 *
 * The replacement belongs to the world "new". With fault=again the second
 * registration's error code is the value of the parameter again.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <xlp/xlp.h>

#include "xlp_test.h"

static char *object;
module_param(object, charp, 0444);
static char *function;
module_param(function, charp, 0444);
static ulong position;
module_param(position, ulong, 0444);
static char *build_id;
module_param(build_id, charp, 0444);
static char *import;
module_param(import, charp, 0444);
static bool batch;
module_param(batch, bool, 0444);
static char *fault = "";
module_param(fault, charp, 0444);
static int again;
module_param(again, int, 0444);

static noinline u64 any_new(u64 x)
{
	return x ^ XT_NEW;
}

/* The batch: victims that take one argument at most, on either side. */
static const char * const before[] = { "xt_int0", "xt_int1", "xt_tail_end" };
static const char * const after[] = { "xt_tail_out", "xt_recurse", "xt_nap" };

static struct xlp_func funcs[ARRAY_SIZE(before) + ARRAY_SIZE(after) + 3];
static struct xlp_object objs[3];
static struct xlp_state states[] = { { .id = 7 }, { .id = 8 }, { .id = 7 }, { } };
static struct xlp_patch patch = { .mod = THIS_MODULE, .objs = objs, .stays = true };

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);
XT_SET_PARAMETER;

/* Nobody looks into it but by mistake. */
static struct module other_module;

static void *imported;
static struct xlp_import imports[2];

static unsigned int nr_funcs;

static void add_function(const char *name, unsigned long sympos)
{
	funcs[nr_funcs++] = (struct xlp_func){
		.old_name = name,
		.new_func = any_new,
		.old_sympos = sympos,
	};
}

static void add_functions(const char * const *name, unsigned int n)
{
	while (n--)
		add_function(*name++, 0);
}

static void declare(void)
{
	objs[0] = (struct xlp_object){ .name = object, .funcs = funcs, .build_id = build_id };
	if (import) {
		imports[0] = (struct xlp_import)XLP_IMPORT_DATA(imported, import, object, 0);
		patch.imports = imports;
	}
	if (batch)
		add_functions(before, ARRAY_SIZE(before));
	if (function)
		add_function(function, position);
	if (batch)
		add_functions(after, ARRAY_SIZE(after));
}

static int refuse_object(struct xlp_object *obj)
{
	return -ENOSPC;
}

static const struct xlp_abi own_abi = {
	.mod = THIS_MODULE,
	.version = XLP_ABI,
	.patch_size = sizeof(struct xlp_patch),
	.object_size = sizeof(struct xlp_object),
	.func_size = sizeof(struct xlp_func),
	.state_size = sizeof(struct xlp_state),
	.import_size = sizeof(struct xlp_import),
	.tag = "xlp",
};

/* What no callback may. */
static int ask_for_patch(struct xlp_object *obj)
{
	return __xlp_enable_patch(&patch, &own_abi);
}

/* With one between them that comes before or behind both, however they are sorted. */
static void twice_apart(void)
{
	add_functions(before, ARRAY_SIZE(before));
	add_function(function, position);
}

/* Spoils the declaration as asked for. */
static int prepare(struct xlp_abi *abi)
{
	static char long_name[1000];

	memset(long_name, 'x', sizeof(long_name) - 1);
	if (!strcmp(fault, "null"))
		funcs[0].new_func = NULL;
	else if (!strcmp(fault, "elsewhere"))
		/* A function that no header defines: of strlen() s390 may make a copy here. */
		funcs[0].new_func = (void *)schedule;
	else if (!strcmp(fault, "no-name"))
		funcs[0].old_name = NULL;
	else if (!strcmp(fault, "empty-name"))
		funcs[0].old_name = "";
	else if (!strcmp(fault, "long-name"))
		funcs[0].old_name = long_name;
	else if (!strcmp(fault, "long-object"))
		objs[0].name = long_name;
	else if (!strcmp(fault, "last-position"))
		funcs[0].old_sympos = ULONG_MAX;
	else if (!strcmp(fault, "arguments"))
		funcs[0].stack_args = XLP_STACK_ARGS_MAX + 1;
	else if (!strcmp(fault, "twice"))
		add_function(function, position);
	else if (!strcmp(fault, "twice-by-position"))
		add_function(function, 1);
	else if (!strcmp(fault, "twice-apart"))
		twice_apart();
	else if (!strcmp(fault, "two-names"))
		add_function("xt_alias", 0);
	else if (!strcmp(fault, "object-twice"))
		objs[1] = objs[0];
	else if (!strcmp(fault, "refuses"))
		objs[0].callbacks.pre_patch = refuse_object;
	else if (!strcmp(fault, "asks"))
		objs[0].callbacks.pre_patch = ask_for_patch;
	else if (!strcmp(fault, "states"))
		patch.states = states;
	else if (!strcmp(fault, "no-module"))
		patch.mod = NULL;
	else if (!strcmp(fault, "other-module"))
		patch.mod = &other_module;
	else if (!strcmp(fault, "no-objects"))
		patch.objs = NULL;
	else if (!strcmp(fault, "empty-objects"))
		patch.objs = &objs[2];
	else if (!strcmp(fault, "no-functions"))
		objs[0].funcs = NULL;
	else if (!strcmp(fault, "abi"))
		abi->version = XLP_ABI + 41;
	else if (!strcmp(fault, "size"))
		abi->func_size += 4096;
	else if (*fault && strcmp(fault, "again") && strcmp(fault, "no-patch"))
		return -ENXIO;
	return 0;
}

static int __init any_init(void)
{
	struct xlp_abi abi = own_abi;
	int err;

	declare();
	patch.model = model;
	patch.replace = replace;
	patch.replace_set = set;
	err = prepare(&abi);
	if (err)
		return err;
	err = __xlp_enable_patch(strcmp(fault, "no-patch") ? &patch : NULL, &abi);
	if (err)
		return err;
	if (!strcmp(fault, "again"))
		again = __xlp_enable_patch(&patch, &abi);
	return 0;
}

static void __exit any_exit(void)
{
}

module_init(any_init);
module_exit(any_exit);
MODULE_DESCRIPTION("A patch described by module parameters");
MODULE_LICENSE("GPL");
