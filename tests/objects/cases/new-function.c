// SPDX-License-Identifier: GPL-2.0
/*
 * A changed function calls a new one, and one that is as it was.
 *
 *	changed function: f
 *	new function: helper
 *	bound to the kernel's: old
 *	outside: xlp_sym.vmlinux.outside.0
 */
#include "../case.h"

static noinline int old(int x)
{
	return outside(x) + 1;
}

#ifdef AFTER
static noinline int helper(int x)
{
	return outside(x) + 3;
}
#endif

int f(int x)
{
	return old(x) + PICK(0, helper(x));
}
