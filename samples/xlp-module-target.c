// SPDX-License-Identifier: GPL-2.0
/*
 * xlp-module-target.c - a module to be live patched by xlp-module.ko
 *
 * Purpose: has something to patch. Reading its parameter calls target_get(). It
 * is called through a pointer, so the compiler can neither inline nor clone it,
 * as it does with many static functions; those cannot be patched by name.
 *
 * Usage: see xlp-module.c.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sysfs.h>

static int target_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "old\n");
}

static const struct kernel_param_ops value_ops = { .get = target_get };

module_param_cb(value, &value_ops, NULL, 0444);
MODULE_PARM_DESC(value, "what target_get() says");

static int __init xlp_module_target_init(void)
{
	return 0;
}

static void __exit xlp_module_target_exit(void)
{
}

module_init(xlp_module_target_init);
module_exit(xlp_module_target_exit);
MODULE_DESCRIPTION("xlp sample: a module to be live patched");
MODULE_LICENSE("GPL");
