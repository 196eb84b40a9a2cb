/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_bench_patch.h - one patch, of the system of live patching whose names
 * BENCH() makes
 *
 *	object=NAME	object of the functions, vmlinux by default
 *	function=NAME	the function to be replaced, by one that returns 0, or
 *	functions=N	the first N functions of xlp_test_many_target
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#define MAX_FUNCTIONS	500

static char *object;
module_param(object, charp, 0444);
static char *function;
module_param(function, charp, 0444);
static unsigned int functions;
module_param(functions, uint, 0444);

static noinline long return_0(void)
{
	/* not to be merged with anything */
	barrier();
	return 0;
}

static char names[MAX_FUNCTIONS][sizeof("xtm_000")];
static struct BENCH(func) funcs[MAX_FUNCTIONS + 1];

static struct BENCH(object) objs[] = {
	{ .funcs = funcs },
	{ }
};

static struct BENCH(patch) patch = { .mod = THIS_MODULE, .objs = objs };

static void declare(void)
{
	unsigned int i;

	objs[0].name = object;
	funcs[0].old_name = function;
	funcs[0].new_func = return_0;
	for (i = 0; i < min_t(unsigned int, functions, MAX_FUNCTIONS); i++) {
		snprintf(names[i], sizeof(names[i]), "xtm_%03u", i);
		funcs[i].old_name = names[i];
		funcs[i].new_func = return_0;
	}
}

static int __init bench_patch_init(void)
{
	declare();
	return BENCH(enable_patch)(&patch);
}

static void __exit bench_patch_exit(void)
{
}

module_init(bench_patch_init);
module_exit(bench_patch_exit);
MODULE_LICENSE("GPL");
