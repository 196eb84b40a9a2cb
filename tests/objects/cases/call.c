// SPDX-License-Identifier: GPL-2.0
/*
 * Another function is called: no byte differs, but what the relocation names.
 *
 *	changed function: f
 *	outside: xlp_sym.vmlinux.outside_two.0
 */
#include "../case.h"

int outside_two(int x);

noinline int f(int x)
{
	return PICK(outside, outside_two)(x) + 1;
}

noinline int g(int x)
{
	return outside(x) + 1;
}
