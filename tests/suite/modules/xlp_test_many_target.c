// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_many_target.c - 500 functions to be replaced at once
 *
 * Reading the parameter "answers" calls them all and counts who answers.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sysfs.h>

#include "xlp_many.h"

/* Each has an answer of its own: the compiler would merge equal functions. */
#define XT_DEFINE(n)						\
static noinline __noclone unsigned int xtm_##n(void)		\
{								\
	barrier();						\
	return 1##n - 1000;					\
}

XT_MANY(XT_DEFINE)

#define XT_ADDRESS(n) xtm_##n,

static unsigned int (*const functions[])(void) = { XT_MANY(XT_ADDRESS) };

static int answers_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int i, old = 0, new = 0;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		unsigned int answer = functions[i]();

		old += answer == i;
		new += answer == 1000;
	}
	return sysfs_emit(buffer, "%u old, %u new\n", old, new);
}

static const struct kernel_param_ops answers_ops = { .get = answers_get };

module_param_cb(answers, &answers_ops, NULL, 0444);
MODULE_PARM_DESC(answers, "how many functions give the old and the new answer");

static int __init xlp_test_many_target_init(void)
{
	return 0;
}

static void __exit xlp_test_many_target_exit(void)
{
}

module_init(xlp_test_many_target_init);
module_exit(xlp_test_many_target_exit);
MODULE_DESCRIPTION("xlp test: many functions to be replaced");
MODULE_LICENSE("GPL");
