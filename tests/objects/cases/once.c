// SPDX-License-Identifier: GPL-2.0
/*
 * What says whether a message has been printed is as good anew; so are names of functions.
 *
 *	changed function: f
 *	own copy: __already_done.1
 *	own copy: __func__.0
 *	outside: printk
 */
#include "../case.h"

int f(int x)
{
	static in_section(".data.once") char __already_done;

	if (x > 5 && !__already_done) {
		__already_done = 1;
		printk(PICK("%s: large\n", "%s: too large\n"), __func__);
	}
	return x;
}
