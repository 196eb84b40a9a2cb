// SPDX-License-Identifier: GPL-2.0
/*
 * The cold part of a function changes: the function does.
 *
 *	changed function: f
 *	outside: printk
 *	outside: xlp_sym.vmlinux.outside.0
 *	outside: xlp_sym.vmlinux.outside_cold.0
 */
#include "../case.h"

__attribute__((cold)) int outside_cold(int x);

noinline int f(int x)
{
	if (x > 1000) {
		printk("unlikely: %d\n", x);
		return outside_cold(x) + PICK(1, 2);
	}
	return outside(x);
}

noinline int g(int x)
{
	if (x > 1000) {
		printk("unlikely as well: %d\n", x);
		return outside_cold(x) + 1;
	}
	return outside(x);
}
