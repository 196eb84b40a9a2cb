// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_import.c - a patch that uses what is not exported, and says what it is
 *
 *	function=NAME, data=NAME	a function u64 (u64) and an int; empty: none
 *	of=OBJECT, position=N		where both are; vmlinux by default
 *	processes_too=0			do without nr_processes()
 *	per_cpu=1			the data is an unsigned long of each CPU
 *	model=N				of the patch
 *	fault=WORD			what is wrong with the declaration, see spoil()
 *
 * It replaces what xlp_test_tasks has, too. Its object of the module OBJECT has no
 * functions: what is imported is used by whoever reads the parameters, while the test
 * holds the module still. That is nothing for a patch to copy.
 *
 * Read from its parameters: processes, what nr_processes() of vmlinux says; answer,
 * what the function says to 0; value, what the data is, or its sum. "none" is for what
 * is not there.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/static_call.h>
#include <linux/string.h>

#define XK_WORLD	XT_NEW
#include "xlp_test_replaced.h"

static char *function = "";
module_param(function, charp, 0444);
static char *data = "";
module_param(data, charp, 0444);
static char *of;
module_param(of, charp, 0444);
static ulong position;
module_param(position, ulong, 0444);
static bool processes_too = true;
module_param(processes_too, bool, 0444);
static bool per_cpu;
module_param(per_cpu, bool, 0444);
static char *fault = "";
module_param(fault, charp, 0444);

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

typedef int processes_fn(void);
typedef u64 answer_fn(u64 argument);

DEFINE_STATIC_CALL_NULL(processes_call, processes_fn);
DEFINE_STATIC_CALL_NULL(answer_call, answer_fn);
static void *value_pointer;

static int get_processes(char *buffer, const struct kernel_param *unused)
{
	if (!static_call_query(processes_call))
		return sprintf(buffer, "none\n");
	return sprintf(buffer, "%d\n", static_call(processes_call)());
}

static int get_answer(char *buffer, const struct kernel_param *unused)
{
	if (!static_call_query(answer_call))
		return sprintf(buffer, "none\n");
	return sprintf(buffer, "%llu\n", static_call(answer_call)(0));
}

static unsigned long sum_of(const unsigned long __percpu *numbers)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += *per_cpu_ptr(numbers, cpu);
	return sum;
}

static int get_value(char *buffer, const struct kernel_param *unused)
{
	void *pointer = READ_ONCE(value_pointer);

	if (!pointer)
		return sprintf(buffer, "none\n");
	return sprintf(buffer, "%lu\n", per_cpu ?
		       sum_of((unsigned long __percpu __force *)(unsigned long)pointer) :
		       *(int *)pointer);
}

static const struct kernel_param_ops processes_ops = { .get = get_processes };
module_param_cb(processes, &processes_ops, NULL, 0444);
static const struct kernel_param_ops answer_ops = { .get = get_answer };
module_param_cb(answer, &answer_ops, NULL, 0444);
static const struct kernel_param_ops value_ops = { .get = get_value };
module_param_cb(value, &value_ops, NULL, 0444);

static struct xlp_func no_funcs[] = { { } };

static struct xlp_object objs[3] = {
	{ .name = "xlp_test_tasks", .funcs = tasks_funcs },
};

/* What is asked for comes over it without processes_too. */
static struct xlp_import imports[4] = {
	XLP_IMPORT_FUNC(processes_call, "nr_processes", NULL, 0),
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.imports = imports,
	.stays = true,
};

static int spoil(struct xlp_import *import)
{
	static char long_name[1000];

	memset(long_name, 'x', sizeof(long_name) - 1);
	if (!strcmp(fault, "no-name"))
		import->name = NULL;
	else if (!strcmp(fault, "empty-name"))
		import->name = "";
	else if (!strcmp(fault, "long-name"))
		import->name = long_name;
	else if (!strcmp(fault, "long-object"))
		import->object = long_name;
	else if (!strcmp(fault, "vmlinux"))
		import->object = "vmlinux";
	else if (!strcmp(fault, "nothing"))
		import->key = NULL;
	else if (!strcmp(fault, "both"))
		import->slot = &value_pointer;
	else if (*fault && strcmp(fault, "no-object"))
		return -ENXIO;
	return 0;
}

static int __init import_init(void)
{
	unsigned int nr = processes_too;
	int err;

	if (*function)
		imports[nr++] = (struct xlp_import)
			XLP_IMPORT_FUNC(answer_call, function, of, position);
	if (*data)
		imports[nr++] = (struct xlp_import)
			XLP_IMPORT_DATA(value_pointer, data, of, position);
	if (!nr)
		imports[0] = (struct xlp_import){ };
	if (of && strcmp(fault, "no-object"))
		objs[1] = (struct xlp_object){ .name = of, .funcs = no_funcs };
	patch.model = model;
	patch.replace = replace;
	err = spoil(&imports[0]);
	return err ?: xlp_enable_patch(&patch);
}

static void __exit import_exit(void)
{
}

module_init(import_init);
module_exit(import_exit);
MODULE_DESCRIPTION("A patch that uses what is not exported");
MODULE_LICENSE("GPL");
