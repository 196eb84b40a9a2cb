// SPDX-License-Identifier: GPL-2.0
/*
 * Modules have been linked to it.
 *
 *	refused: 'f' is exported no more: leave its export, as modules have it
 */
#include "../case.h"

int f(int x)
{
	return outside(x);
}

#ifndef AFTER
export(f);
#endif
