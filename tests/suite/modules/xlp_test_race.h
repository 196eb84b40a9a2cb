/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_race.h - a target that says which version its init and its exit have met
 *
 * The includer defines XR_WORLD, what the original of xr_leaf() answers. Modules made of
 * this have the same layout, so that one that comes after another may well have its
 * functions at the addresses of the other's.
 *
 * Init and exit can be held up and init can be made to fail, by xlp_test_gate. The
 * parameter leaf says who answers now, and ", going" behind it if the module is on its
 * way out: by then xlp may have let go of it.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include <asm/barrier.h>

#include "xlp_test.h"
#include "xlp_test_gate.h"

static xt_noipa u64 xr_leaf(u64 x)
{
	return xt_answer(x ^ XR_WORLD);
}

static const char *who_answers(void)
{
	static const char * const name[] = {
		[XT_OLD] = "old", [XT_NEW] = "new", [XT_A] = "a",
	};
	u64 world = xr_leaf(0);

	return world < ARRAY_SIZE(name) && name[world] ? name[world] : "?";
}

static int show_leaf(char *buffer, const struct kernel_param *unused)
{
	const char *answer = who_answers();

	/* The call was first: that it went to the original may be because the module goes. */
	smp_mb();
	return sprintf(buffer, "%s%s\n", answer,
		       READ_ONCE(THIS_MODULE->state) == MODULE_STATE_GOING ? ", going" : "");
}

static const struct kernel_param_ops leaf_ops = { .get = show_leaf };
module_param_cb(leaf, &leaf_ops, NULL, 0444);

static int __init race_init(void)
{
	int err = xg_stop(THIS_MODULE->name, "init");

	pr_info("%s: init sees %s\n", THIS_MODULE->name, who_answers());
	return err;
}

static void __exit race_exit(void)
{
	xg_stop(THIS_MODULE->name, "exit");
	pr_info("%s: exit sees %s\n", THIS_MODULE->name, who_answers());
}

module_init(race_init);
module_exit(race_exit);
MODULE_DESCRIPTION("A target that says which version its init and exit have met");
MODULE_LICENSE("GPL");
