// SPDX-License-Identifier: GPL-2.0
/*
 * The jumps of a switch are a constant that refers to places in its function.
 *
 *	changed function: f
 *	outside: xlp_sym.vmlinux.outside.0
 */
#include "../case.h"

noinline int f(int x)
{
	switch (x) {
	case 1: return outside(5);
	case 2: return outside(1) + 7;
	case 3: return outside(2) * 3;
	case 4: return outside(9) - 1;
	case 5: return outside(PICK(10, 11)) ^ 3;
	case 6: return outside(2) + outside(3);
	case 7: return outside(77) & 5;
	}
	return 0;
}

noinline int g(int x)
{
	switch (x) {
	case 1: return outside(5);
	case 2: return outside(1) + 7;
	case 3: return outside(2) * 3;
	case 4: return outside(9) - 1;
	case 5: return outside(10) ^ 3;
	case 6: return outside(2) + outside(3);
	case 7: return outside(77) & 5;
	}
	return 0;
}
