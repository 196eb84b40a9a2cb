// SPDX-License-Identifier: GPL-2.0
/*
 * Somebody may keep the address of a new function when the patch goes.
 *
 *	changed function: f
 *	new function: helper
 *	outside: xlp_sym.vmlinux.outside_call.0
 *	note: the address of the new function 'helper' is taken: it must be used by nobody when the patch goes
 */
#include "../case.h"

int outside_call(int (*call)(int x));

#ifdef AFTER
static int helper(int x)
{
	return x + 3;
}
#endif

int f(int x)
{
	return PICK(x, outside_call(helper));
}
