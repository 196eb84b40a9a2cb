// SPDX-License-Identifier: GPL-2.0
/*
 * A table of numbers changes: all functions that read it do, and have the new one.
 *
 *	changed function: f
 *	changed function: g
 *	own copy: table
 */
#include "../case.h"

static const int table[] = { 1, 2, PICK(3, 30), 4, 5, 6, 7, 8 };

noinline int f(unsigned int x)
{
	return table[x & 7];
}

noinline int g(unsigned int x)
{
	return table[x & 3];
}

noinline int h(unsigned int x)
{
	return x;
}
