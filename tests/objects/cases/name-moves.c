// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever calls a function by its other name has the old one, however both are.
 *
 *	changed function: g
 *	refused: 'f' is a name of 'a' no more: change those that use it
 */
#include "../case.h"

int a(int x)
{
	return x + 1;
}

int b(int x)
{
	return x + 2;
}

int f(int x) __attribute__((alias(PICK("a", "b"))));

int g(int x)
{
	return x + PICK(1, 2);
}
