// SPDX-License-Identifier: GPL-2.0
/*
 * From zero to a value is a change of the value, too.
 *
 *	changed function: f
 *	refused: variable 'limit' changes its initial value, and the kernel's is in use: set it in a callback of the patch
 */
#include "../case.h"

static int limit PICK(, = 6);

int f(int x)
{
	limit += PICK(1, 2);
	return x < limit;
}
