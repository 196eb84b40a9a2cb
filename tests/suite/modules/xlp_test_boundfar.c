// SPDX-License-Identifier: GPL-2.0
/* xlp_test_boundfar.c - wants a function of a module */
#include "bound.h"

void bound_function(void) __asm__("xlp_sym.xlp_test_target.xt_leaf.0");
__asm__(".weak xlp_sym.xlp_test_target.xt_leaf.0");

static long answer(void)
{
	bound_function();
	return 0;
}
