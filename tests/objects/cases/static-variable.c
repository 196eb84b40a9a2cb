// SPDX-License-Identifier: GPL-2.0
/*
 * Variables of the file are the kernel's own; a new one comes along.
 *
 *	changed function: f
 *	new variable: fresh
 *	bound to the kernel's: count
 *	bound to the kernel's: limit
 */
#include "../case.h"

static int count;
static int limit = 5;
#ifdef AFTER
static int fresh = 7;
#endif

int f(int x)
{
	count += x;
#ifdef AFTER
	fresh += x;
	if (fresh > 100)
		fresh = 0;
	if (x > limit)
		limit = fresh;
#endif
	return count < limit;
}

void g(int x)
{
	limit = x;
}
