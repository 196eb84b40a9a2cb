// SPDX-License-Identifier: GPL-2.0
/*
 * One function changes; the other does not, though it stands behind it.
 *
 *	changed function: f
 *	outside: xlp_sym.vmlinux.outside.0
 */
#include "../case.h"

noinline int f(int x)
{
	return outside(x) + PICK(1, 2);
}

noinline int g(int x)
{
	return outside(x);
}
