// SPDX-License-Identifier: GPL-2.0
/*
 * The compiler makes a version of a function for a constant argument: that one is replaced.
 *
 *	changed function: f.constprop.0
 *	outside: xlp_sym.vmlinux.outside.0
 */
#include "../case.h"

static __attribute__((__noinline__)) int f(int x, int by)
{
	return outside(x * by) + outside(x + by) * PICK(3, 4);
}

noinline int g(int x)
{
	return f(x, 17);
}

noinline int h(int x)
{
	return f(x + 1, 17);
}
