// SPDX-License-Identifier: GPL-2.0
/* xlp_test_boundinit.c - wants a function that is there during boot only */
#include "bound.h"

XLP_BOUND(void bound_function(void), "start_kernel.0");

static long answer(void)
{
	bound_function();
	return 0;
}
