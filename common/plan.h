/* SPDX-License-Identifier: GPL-2.0 */
/* plan.h - what one change of a patch is about */
#ifndef _XLP_COMMON_PLAN_H
#define _XLP_COMMON_PLAN_H

#include <linux/types.h>

struct xlp_code;
struct xlp_live_patch;

/**
 * struct xlp_plan - what one change of a patch is about
 * @patch:	the patch that is being enabled or disabled
 * @enables:	the former
 * @affected:	@patch, and behind it the patches that it replaces, or NULL in place
 *		of one that has gone
 * @nr_affected: how many
 * @code:	all code that tasks must be outside of to change over, or NULL: not collected
 *
 * A plan owns its array and its set of code.
 */
struct xlp_plan {
	struct xlp_live_patch *patch;
	bool enables;
	struct xlp_live_patch **affected;
	unsigned int nr_affected;
	struct xlp_code *code;
};

#endif /* _XLP_COMMON_PLAN_H */
