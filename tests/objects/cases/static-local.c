// SPDX-License-Identifier: GPL-2.0
/*
 * The compiler numbers static variables of functions: a new one behind them gives the others
 * another number. They are found by who uses them, and bound by the number that the kernel has.
 *
 *	changed function: g
 *	bound to the kernel's: count.0
 */
#include "../case.h"

noinline int f(int x)
{
	static int count;

	count += x;
	return count;
}

noinline int g(int x)
{
	static int count;

	count += PICK(x, 2 * x);
	return count;
}

#ifdef AFTER
static noinline used int none(int x)
{
	static int count;

	return count += x;
}
#endif
