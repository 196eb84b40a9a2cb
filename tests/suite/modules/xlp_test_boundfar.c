// SPDX-License-Identifier: GPL-2.0
/* xlp_test_boundfar.c - calls a function of a module, which calls what the patch replaces */
#include "bound.h"

XLP_BOUND_OF("xlp_test_target", u64 bound_answer(void), "answer_leaf.0");

static long answer(void)
{
	return bound_answer();
}
