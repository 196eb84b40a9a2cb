// SPDX-License-Identifier: GPL-2.0
/*
 * A function that nobody calls.
 *
 *	new function: fresh
 *	outside: xlp_sym.vmlinux.outside.0
 *	refused: no function of the kernel changes: nobody would call the new ones
 */
#include "../case.h"

int f(int x)
{
	return outside(x);
}

#ifdef AFTER
int fresh(int x)
{
	return outside(x) + 1;
}
#endif
