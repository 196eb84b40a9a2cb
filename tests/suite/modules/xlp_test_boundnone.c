// SPDX-License-Identifier: GPL-2.0
/* xlp_test_boundnone.c - wants a function that no kernel has */
#include "bound.h"

XLP_BOUND(void bound_function(void), "no_such_function.0");

static long answer(void)
{
	bound_function();
	return 0;
}
