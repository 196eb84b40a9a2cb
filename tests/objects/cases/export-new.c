// SPDX-License-Identifier: GPL-2.0
/*
 * What is exported is known when the object is loaded.
 *
 *	refused: 'g' becomes exported: export it from a module of its own
 */
#include "../case.h"

int f(int x)
{
	return outside(x);
}

int g(int x)
{
	return outside(x) + 1;
}

export(f);
#ifdef AFTER
export(g);
#endif
