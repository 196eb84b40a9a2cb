// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions change, and one calls the other: directly, as both are in the patch. Its
 * address is that of the kernel's.
 *
 *	changed function: inner
 *	changed function: outer
 *	outside: xlp_sym.vmlinux.outside.0
 *	outside: xlp_sym.vmlinux.outside_call.0
 */
#include "../case.h"

int outside_call(int (*call)(int x));

noinline int inner(int x)
{
	return outside(x) + PICK(1, 2);
}

noinline int outer(int x)
{
	return inner(x) + PICK(3, 4) + outside_call(inner);
}
