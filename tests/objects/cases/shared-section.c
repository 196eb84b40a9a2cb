// SPDX-License-Identifier: GPL-2.0
/*
 * The source has put these into one section.
 *
 *	changed function: f
 *	outside: xlp_sym.vmlinux.outside.0
 *	refused: function 'f' shares section .sched.text with others: compile with -ffunction-sections; if it was, the source puts it there, so change its callers
 */
#include "../case.h"

in_section(".sched.text") noinline int f(int x)
{
	return outside(x) + PICK(1, 2);
}

in_section(".sched.text") noinline int g(int x)
{
	return outside(x) * 5;
}
