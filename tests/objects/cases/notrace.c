// SPDX-License-Identifier: GPL-2.0
/*
 * A function without a place for ftrace is never caught.
 *
 *	changed function: quiet
 *	outside: xlp_sym.vmlinux.outside.0
 *	refused: function 'quiet' cannot be hooked by ftrace (notrace, noinstr or __kprobes): change its callers
 */
#include "../case.h"

notrace noinline int quiet(int x)
{
	return outside(x) + PICK(1, 2);
}

noinline int f(int x)
{
	return outside(x);
}
