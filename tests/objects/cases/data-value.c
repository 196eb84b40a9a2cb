// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's variable has been set long since.
 *
 *	refused: variable 'limit' changes its initial value, and the kernel's is in use: set it in a callback of the patch
 */
#include "../case.h"

int limit = PICK(5, 6);

int f(int x)
{
	return x < limit;
}
