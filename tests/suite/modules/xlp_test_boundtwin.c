// SPDX-License-Identifier: GPL-2.0
/* xlp_test_boundtwin.c - wants one of several without saying which */
#include "bound.h"

XLP_BOUND(void bound_function(void), "init_once.0");

static long answer(void)
{
	bound_function();
	return 0;
}
