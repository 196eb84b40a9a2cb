// SPDX-License-Identifier: GPL-2.0
/*
 * A second static variable of one name: nothing says which of them is the new one.
 *
 *	changed function: f
 *	refused: 'count.0': its function has several of that name, and nothing says which was which: rename the new one
 *	refused: 'count.1': its function has several of that name, and nothing says which was which: rename the new one
 */
#include "../case.h"

int f(int x)
{
	if (x > 5) {
		static int count;

		return count += x;
	}
#ifdef AFTER
	if (x < -5) {
		static int count;

		return count -= x;
	}
#endif
	return 0;
}
