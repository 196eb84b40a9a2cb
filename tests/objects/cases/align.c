// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's variable lies where it lies.
 *
 *	changed function: f
 *	bound to the kernel's: table
 *	refused: variable 'table' changes its alignment from 32 to 128 bytes, and the kernel's has the old one: use a variable of its own
 */
#include "../case.h"

static int table[64] __attribute__((aligned(PICK(32, 128))));

int f(unsigned int x)
{
	return table[x] += PICK(1, 2);
}
