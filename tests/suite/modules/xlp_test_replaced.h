/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_replaced.h - replacements of what xlp_test_tasks and xlp_test_late have
 *
 * The includer defines XK_WORLD, what they answer.
 */
#ifndef _XLP_TEST_REPLACED_H
#define _XLP_TEST_REPLACED_H

#include <xlp/xlp.h>

#define XK_FUNCTION	static noinline
#define XK(name)	new_##name
#include "xlp_test_tasks.h"

static noinline __maybe_unused u64 new_late(u64 sleeps)
{
	if (sleeps)
		xk_wait(0);
	return XK_WORLD;
}

static struct xlp_func tasks_funcs[] = {
	{ .old_name = "xk_block", .new_func = new_block },
	{ .old_name = "xk_sleep", .new_func = new_sleep },
	{ .old_name = "xk_busy", .new_func = new_busy },
	{ .old_name = "xk_leaf", .new_func = new_leaf },
	{ }
};

/* For whoever replaces those too. */
static struct xlp_func late_funcs[] __maybe_unused = {
	{ .old_name = "xk_late", .new_func = new_late },
	{ }
};

#endif /* _XLP_TEST_REPLACED_H */
