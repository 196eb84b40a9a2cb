/* SPDX-License-Identifier: GPL-2.0 */
/* state.h - changes of the system that patches hand on to each other */
#ifndef _XLP_COMMON_STATE_H
#define _XLP_COMMON_STATE_H

#include <xlp/xlp.h>

struct xlp_live_patch;

#define xlp_for_each_state(decl, state) \
	for ((state) = (decl)->states; (state) && (state)->id; (state)++)

/**
 * xlp_states_check() - can a patch deal with what those in effect have changed?
 * @patch:	the patch
 *
 * Logs one line if not.
 *
 * Context: in an event.
 *
 * Return: 0 or -EINVAL.
 */
int xlp_states_check(const struct xlp_live_patch *patch);

#endif /* _XLP_COMMON_STATE_H */
