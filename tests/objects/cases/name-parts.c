// SPDX-License-Identifier: GPL-2.0
/*
 * What was another name of a function becomes a function of its own.
 *
 *	changed function: g
 *	new function: f
 *	refused: 'f' is a name of 'a' no more: change those that use it
 */
#include "../case.h"

int a(int x)
{
	return x + 1;
}

#ifdef AFTER
int f(int x)
{
	return x + 2;
}
#else
int f(int x) __attribute__((alias("a")));
#endif

int g(int x)
{
	return x + PICK(1, 2);
}
