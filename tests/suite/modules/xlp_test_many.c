// SPDX-License-Identifier: GPL-2.0
/* xlp_test_many.c - replaces the 500 functions of xlp_test_many_target.ko */
#include <xlp/xlp.h>

#include "xlp_many.h"
#include "xlp_test.h"

static noinline unsigned int new_many(void)
{
	barrier();
	return 1000;
}

#define XT_FUNC(n) {					\
	.old_name = "xtm_" #n,				\
	.new_func = new_many,				\
	.stack_args = XLP_STACK_ARGS_NONE,		\
},

static struct xlp_func funcs[] = {
	XT_MANY(XT_FUNC)
	{ }
};

static struct xlp_object objs[] = {
	{ .name = "xlp_test_many_target", .funcs = funcs },
	{ }
};

static struct xlp_patch patch = { .mod = THIS_MODULE, .objs = objs, .stays = true };

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

static int __init xlp_test_many_init(void)
{
	patch.model = model;
	patch.replace = replace;
	return xlp_enable_patch(&patch);
}

static void __exit xlp_test_many_exit(void)
{
}

module_init(xlp_test_many_init);
module_exit(xlp_test_many_exit);
MODULE_DESCRIPTION("xlp test: a patch of many functions");
MODULE_LICENSE("GPL");
