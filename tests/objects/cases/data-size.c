// SPDX-License-Identifier: GPL-2.0
/*
 * There is no room behind the kernel's variable.
 *
 *	changed function: f
 *	refused: variable 'table' changes its size from 16 to 20 bytes, and the kernel's has the old one: put what is new into a shadow variable, or into a variable of its own
 */
#include "../case.h"

#define SIZE	PICK(4, 5)

static int table[SIZE];

int f(unsigned int x)
{
	return x < SIZE ? table[x]++ : 0;
}
