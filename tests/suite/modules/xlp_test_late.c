// SPDX-License-Identifier: GPL-2.0
/* xlp_test_late.c - a target that comes and goes while tasks change over */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include "xlp_test_tasks.h"

static xt_noipa u64 xk_late(u64 sleeps)
{
	if (sleeps)
		xk_wait(0);
	return xt_answer(XT_OLD);
}

/* For xlp_test_import, which is told its name. */
static int xk_late_number __used = 4711;
static DEFINE_PER_CPU(unsigned long, xk_late_counter);

static int __init late_init(void)
{
	raw_cpu_add(xk_late_counter, 42);
	xk_set_late(xk_late);
	return 0;
}

static void __exit late_exit(void)
{
	xk_set_late(NULL);
}

module_init(late_init);
module_exit(late_exit);
MODULE_DESCRIPTION("A function that gets replaced when it comes");
MODULE_LICENSE("GPL");
