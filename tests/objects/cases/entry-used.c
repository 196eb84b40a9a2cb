// SPDX-License-Identifier: GPL-2.0
/*
 * Code refers to its entry in a table. One function has a new entry, another one has what is
 * in it changed; that of the one behind them has moved, which is no change.
 *
 *	changed function: first
 *	changed function: second
 */
#include "../case.h"

noinline void first(void)
{
	use_bug(1);
#ifdef AFTER
	use_bug(11);
#endif
}

noinline void second(void)
{
	use_bug(PICK(2, 22));
}

noinline void third(void)
{
	use_bug(3);
}
