// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_bound.c - calls a function that is not exported, and has the address of the
 * first of several
 */
#include "bound.h"

XLP_BOUND(int bound_nr_processes(void), "nr_processes.0");
XLP_BOUND(void bound_init_once(void *object), "init_once.1");

static void (*first)(void *object);

static long answer(void)
{
	WRITE_ONCE(first, bound_init_once);
	return first ? bound_nr_processes() : 0;
}
