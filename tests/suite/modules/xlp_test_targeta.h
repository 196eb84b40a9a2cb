/* SPDX-License-Identifier: GPL-2.0 */
/* xlp_test_targeta.h - what its functions do, on behalf of originals and replacements */
#ifndef _XLP_TEST_TARGETA_H
#define _XLP_TEST_TARGETA_H

#include <linux/delay.h>

#include "xlp_test.h"

/* Of xa_number in every target. */
#define XA_NUMBER	4711

/* How long it sleeps, in ms. */
#define XA_SHORT	3
#define XA_LONG		300

/* Long enough to be interrupted in the middle, and to have room for a probe. */
static __always_inline u64 xa_compute(u64 x)
{
	unsigned int i;

	for (i = 0; i < 500; i++) {
		x += i;
		barrier();
	}
	while (i--) {
		x -= i;
		barrier();
	}
	return x;
}

/* What patches replace. */
u64 xa_leaf(u64 x);
u64 xa_work(s64 ms);

/* Uninterruptibly if it is negative. */
static __always_inline void xa_sleep(s64 ms)
{
	if (ms < 0)
		msleep(-ms);
	else
		msleep_interruptible(ms);
	barrier();
}

#endif /* _XLP_TEST_TARGETA_H */
