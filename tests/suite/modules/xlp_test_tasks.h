/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_tasks.h - functions that tasks stay inside of, as a template
 *
 * Included with XK_WORLD, XK() and XK_FUNCTION defined: for the originals
 * (xlp_test_tasks.c) and for their replacements (xlp_test_change.h). All of them
 * answer with their world, or with a negative error code.
 */
#ifndef _XLP_TEST_TASKS_H
#define _XLP_TEST_TASKS_H

#include "xlp_test.h"

/**
 * struct xk_call - what a task that was inside saw when it was woken
 * @leaf:	who answered a call of xk_leaf()
 * @late:	who answered one of xk_late(), 0 if xlp_test_late was not there
 */
struct xk_call {
	u64 leaf;
	u64 late;
};

/* What they do inside: see xlp_test_tasks.c. */
void xk_wait(u64 call);
void xk_stay(void);
long xk_doze(void);
void xk_spin(u64 ms);

/* The originals of xlp_test_tasks ... */
u64 xk_block(u64 call);
u64 xk_sleep(u64 unused);
u64 xk_busy(u64 ms);
u64 xk_detour(u64 unused);
u64 xk_leaf(u64 unused);

/* ... and the one of xlp_test_late, which tells of itself. */
void xk_set_late(u64 (*late)(u64 sleeps));

#endif /* _XLP_TEST_TASKS_H */

#ifdef XK_WORLD
/* Sleeps uninterruptibly. */
XK_FUNCTION u64 XK(block)(u64 call)
{
	xk_wait(call);
	return xt_answer(XK_WORLD);
}

/* Sleeps interruptibly. */
XK_FUNCTION u64 XK(sleep)(u64 unused)
{
	long err = xk_doze();

	return xt_answer(err ? err : XK_WORLD);
}

/* Does not sleep. */
XK_FUNCTION u64 XK(busy)(u64 ms)
{
	xk_spin(ms);
	return xt_answer(XK_WORLD);
}

XK_FUNCTION u64 XK(leaf)(u64 unused)
{
	return xt_answer(XK_WORLD);
}
#endif
