// SPDX-License-Identifier: GPL-2.0
/* xlp_bench_functions.c - 2,000 functions to be replaced, xbf_1000() to xbf_2999() */
#include <linux/module.h>

#include "xlp_many.h"
#include "xlp_test.h"

/* Each returns something else: the compiler would merge equal functions. */
#define XB_DEFINE(n)					\
static xt_noipa long xbf_##n(void)			\
{							\
	return n;					\
}

XT_2000(XB_DEFINE)

#define XB_ADDRESS(n)	xbf_##n,

static long (*const functions[])(void) = { XT_2000(XB_ADDRESS) };

/* They are of use to somebody, so they are there. */
static int __init bench_functions_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		if (functions[i]() != 1000 + i)
			return -EINVAL;
	return 0;
}

static void __exit bench_functions_exit(void)
{
}

module_init(bench_functions_init);
module_exit(bench_functions_exit);
MODULE_DESCRIPTION("xlp bench: many functions to be replaced");
MODULE_LICENSE("GPL");
