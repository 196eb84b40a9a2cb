/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_bench_patch.h - one patch, of the system of live patching whose names
 * BENCH() makes
 *
 *	object=NAME	object of the functions, vmlinux by default
 *	function=NAME	the function to be replaced, by one that returns 0, or
 *	functions=N	the first N functions of xlp_test_many_target or xlp_bench_call, or
 *	names=FILE	the functions whose names are the lines of a file, each by a
 *			function of its own
 *	enable=N	nothing; the module is loaded, that is all
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kernel_read_file.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "xlp_many.h"

#define MAX_FUNCTIONS	2000

static char *object;
module_param(object, charp, 0444);
static char *function;
module_param(function, charp, 0444);
static unsigned int functions;
module_param(functions, uint, 0444);
static char *names;
module_param(names, charp, 0444);
static bool enable = true;
module_param(enable, bool, 0444);

static noinline long return_0(void)
{
	/* not to be merged with anything */
	barrier();
	return 0;
}

/* The compiler would merge equal functions. */
#define XB_DEFINE(n)			\
static noinline long replacement_##n(void) \
{					\
	asm volatile("" : : "i" (n));	\
	return 0;			\
}

XT_2000(XB_DEFINE)

#define XB_ADDRESS(n)	replacement_##n,

static long (*const replacements[])(void) = { XT_2000(XB_ADDRESS) };

static char *names_read;
static char names_made[MAX_FUNCTIONS][sizeof("xtm_0000")];
static struct BENCH(func) funcs[MAX_FUNCTIONS + 1];

static struct BENCH(object) objs[] = {
	{ .funcs = funcs },
	{ }
};

static struct BENCH(patch) patch = { .mod = THIS_MODULE, .objs = objs };

static int declare_named(void)
{
	void *text = NULL;
	unsigned int i;
	ssize_t size;
	char *rest;

	size = kernel_read_file_from_path(names, 0, &text, SZ_1M, NULL, READING_MODULE);
	if (size < 0)
		return size;
	/* The newline behind the last name makes room for a NUL. */
	rest = text;
	if (size)
		rest[size - 1] = '\0';
	for (i = 0; i < MAX_FUNCTIONS && rest && *rest; i++) {
		funcs[i].old_name = strsep(&rest, "\n");
		funcs[i].new_func = replacements[i];
	}
	names_read = text;
	return 0;
}

static int declare(void)
{
	unsigned int i;

	objs[0].name = object;
	if (names)
		return declare_named();
	funcs[0].old_name = function;
	funcs[0].new_func = return_0;
	for (i = 0; i < min_t(unsigned int, functions, MAX_FUNCTIONS); i++) {
		snprintf(names_made[i], sizeof(names_made[i]), "xtm_%03u", i);
		funcs[i].old_name = names_made[i];
		funcs[i].new_func = return_0;
	}
	return 0;
}

static int __init bench_patch_init(void)
{
	int err = declare();

	if (!err && enable)
		err = BENCH(enable_patch)(&patch);
	if (err)
		vfree(names_read);
	return err;
}

static void __exit bench_patch_exit(void)
{
	vfree(names_read);
}

module_init(bench_patch_init);
module_exit(bench_patch_exit);
MODULE_LICENSE("GPL");
