// SPDX-License-Identifier: GPL-2.0
/*
 * A table of functions that refers to another one: whoever uses the old table goes on doing so.
 *
 *	refused: constant 'ops' changes, and whoever has its address keeps the old one: change the functions that use it
 */
#include "../case.h"

struct ops {
	int (*call)(int x);
};

static int one(int x)
{
	return outside(x);
}

static used int two(int x)
{
	return outside(x) + 2;
}

const struct ops ops = { PICK(one, two) };

/* Used in both, so that both are there. */
int (*volatile keep)(int x) = one;
