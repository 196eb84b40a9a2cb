// SPDX-License-Identifier: GPL-2.0
/*
 * A function is called no more: who called it changes, it is left alone.
 *
 *	changed function: f
 *	outside: xlp_sym.vmlinux.outside.0
 */
#include "../case.h"

#ifndef AFTER
static noinline int helper(int x)
{
	return outside(x) * 3;
}
#endif

int f(int x)
{
	return PICK(helper(x), outside(x));
}
