// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_bench_klp.c - the same patch by the kernel's own live patching
 *
 * A kernel without that would refuse a module that says it is a patch.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

#ifdef CONFIG_LIVEPATCH
#define BENCH(name)	klp_##name
#include "xlp_bench_patch.h"

MODULE_INFO(livepatch, "Y");
#else
MODULE_LICENSE("GPL");
#endif

MODULE_DESCRIPTION("xlp bench: a patch by the kernel's own live patching");
