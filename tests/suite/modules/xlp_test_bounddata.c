// SPDX-License-Identifier: GPL-2.0
/* xlp_test_bounddata.c - reads a variable that is not exported */
#include "bound.h"

XLP_BOUND(int bound_max_threads, "max_threads.0");

static long answer(void)
{
	return bound_max_threads;
}
