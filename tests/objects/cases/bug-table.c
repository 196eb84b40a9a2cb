// SPDX-License-Identifier: GPL-2.0
/*
 * A warning is a place in a table. One function has another line in it, which is all that
 * changes, one has none any more, and those before and behind are as they were.
 *
 *	changed function: second
 *	changed function: third
 */
#include "../case.h"

noinline void first(void)
{
	mark_bug(1);
}

noinline void second(void)
{
	mark_bug(PICK(2, 22));
}

noinline void third(void)
{
#ifndef AFTER
	mark_bug(3);
#endif
	asm volatile("nop");
}

noinline void fourth(void)
{
	mark_bug(4);
}
