// SPDX-License-Identifier: GPL-2.0
/*
 * A function gets another name, which is no change of the others.
 *
 *	changed function: f
 */
#include "../case.h"

int f(int x)
{
	return x + PICK(1, 2);
}

#ifdef AFTER
int e(int x) __attribute__((alias("f")));
#endif
