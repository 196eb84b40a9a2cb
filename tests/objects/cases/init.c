// SPDX-License-Identifier: GPL-2.0
/*
 * What has run at boot runs no more.
 *
 *	changed function: setup
 *	outside: xlp_sym.vmlinux.outside.0
 *	refused: function 'setup' is in .init.text: it runs once only, so no patch can change what it has done: do it in a callback
 */
#include "../case.h"

int __init setup(int x)
{
	return outside(x) + PICK(1, 2);
}

int f(int x)
{
	return outside(x);
}
