// SPDX-License-Identifier: GPL-2.0
/*
 * A function that has an entry in each table: these come along, those of others do not.
 *
 *	changed function: f
 *	bound to the kernel's: key
 *	outside: xlp_sym.vmlinux.outside.0
 */
#include "../case.h"

struct key {
	int enabled;
};

struct key key;
static struct key other;

noinline int before(int x)
{
	mark_bug(1);
	mark_fault();
	mark_jump(&other);
	mark_alternative(1);
	return x;
}

noinline int f(int x)
{
	mark_bug(2);
	mark_fault();
	mark_jump(&key);
	mark_alternative(2);
	return outside(x) + PICK(1, 2);
}

noinline int behind(int x)
{
	mark_bug(3);
	mark_fault();
	mark_jump(&other);
	mark_alternative(3);
	return x;
}
