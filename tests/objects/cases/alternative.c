// SPDX-License-Identifier: GPL-2.0
/*
 * The feature of an alternative changes, and no byte of the function. The one behind has its
 * own at another place now, which is no change.
 *
 *	changed function: before
 *	changed function: f
 */
#include "../case.h"

noinline void before(void)
{
	mark_alternative(7);
#ifdef AFTER
	mark_alternative(9);
#endif
}

noinline void f(void)
{
#ifdef AFTER
	mark_alternative(2);
#else
	mark_alternative(1);
#endif
}

noinline void behind(void)
{
	mark_alternative(5);
}
