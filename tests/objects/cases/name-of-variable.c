// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's variable of that name is the other one.
 *
 *	changed function: g
 *	bound to the kernel's: first
 *	refused: 'v' is a name of 'first' no more: change those that use it
 */
#include "../case.h"

int first = 1, second = 1;

extern int v __attribute__((alias(PICK("first", "second"))));

int g(void)
{
	return first + PICK(1, 2);
}
