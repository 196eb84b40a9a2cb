// SPDX-License-Identifier: GPL-2.0
/*
 * Variables of one section: which is meant is to be seen by the place in it.
 *
 *	changed function: f
 *	new variable: fresh
 *	bound to the kernel's: second
 *	bound to the kernel's: third
 */
#include "../case.h"

static __percpu int first;
static __percpu int second;
static __percpu int third;
#ifdef AFTER
static __percpu int fresh;
#endif

noinline void f(int x)
{
	second = x;
	third = 5;
#ifdef AFTER
	fresh += x;
#endif
}

noinline void g(int x)
{
	first += x;
	second += first;
	third += second;
}
