// SPDX-License-Identifier: GPL-2.0
/*
 * A label has another name and a comment has changed: these are the same.
 *
 *	refused: no functional change: these objects do the same
 */
#include "../case.h"

static int count;

int f(int x)
{
	if (x)
		return printk("one\n") + PICK(count++, count++);
	return outside(x);
}
