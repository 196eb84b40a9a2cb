// SPDX-License-Identifier: GPL-2.0
/*
 * A string changes: the function that prints it does. That strings before and behind it
 * have moved concerns nobody.
 *
 *	changed function: second
 *	outside: printk
 */
#include "../case.h"

noinline int first(void)
{
	return printk("the first\n");
}

noinline int second(void)
{
	return printk(PICK("short\n", "a much longer one\n"));
}

noinline int third(void)
{
	return printk("the third\n");
}
