// SPDX-License-Identifier: GPL-2.0
/*
 * What limits how often messages are printed is as good anew, so it does not matter which is which
 * when one comes.
 *
 *	changed function: f
 *	own copy: _rs.0
 *	own copy: _rs.1
 *	own copy: _rs.2
 *	outside: printk
 */
#include "../case.h"

#define limited(text)				\
	do {					\
		static int _rs = 10;		\
						\
		if (_rs-- > 0)			\
			printk(text);		\
	} while (0)

int f(int x)
{
#ifdef AFTER
	if (!x)
		limited("none\n");
#endif
	if (x > 5)
		limited("large\n");
	if (x > 50)
		limited("too large\n");
	return x;
}
