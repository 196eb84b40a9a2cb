// SPDX-License-Identifier: GPL-2.0
/* xlp_test_boundbare.c - leaves a name to xlp.ko to bind, and is no patch */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>

#include <xlp/xlp.h>

XLP_BOUND(int bound_nr_processes(void), "nr_processes.0");

static int (*found)(void) = bound_nr_processes;

/* Comes that far only without xlp.ko. */
static int __init bare_init(void)
{
	return READ_ONCE(found) ? 0 : -ENXIO;
}

static void __exit bare_exit(void)
{
}

module_init(bare_init);
module_exit(bare_exit);
MODULE_DESCRIPTION("A module with a name that is bound for patches only");
MODULE_LICENSE("GPL");
