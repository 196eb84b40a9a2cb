// SPDX-License-Identifier: GPL-2.0
/*
 * call.c - what caller.c calls, as it was and as it is to be
 *
 * It is linked and run on this machine: what the patch binds is what stands here.
 */
#include "case.h"

static int count;
static const char *volatile name = "old";

#ifdef AFTER
static int fresh = 100;
int shared = 7;

int brought(int x)
{
	return x + shared;
}

static noinline int helper(int x)
{
	fresh += x;
	return fresh;
}
#endif

static noinline int unchanged(int x)
{
	return x * 1000;
}

int recursive(int x);

/* call-other.c has another one of this name. */
static noinline int twin(int x)
{
	return x + PICK(1, 10);
}

/* Each way to refer to something: a count that both share, a string, a switch, a static local. */
noinline int f(int x)
{
	static int calls;

	calls++;
	count += PICK(1, 10);
	switch (x) {
	case 0: return count;
	case 1: return calls;
	case 2: return unchanged(name[0] - PICK('n', 'm'));
	case 3: return PICK("old", "a new string")[0];
	case 4: return PICK(4, helper(5));
	case 5: return name[0];
	case 6: return recursive(3);
	case 7: return twin(0) + PICK(0, 1);
	}
	return -1;
}

noinline int recursive(int x)
{
	return x ? recursive(x - 1) + PICK(1, 2) : outside(5);
}

/* Its address is that of the function that the kernel has. */
void *address(int x)
{
	return PICK(x ? (void *)0 : (void *)f, x ? (void *)recursive : (void *)f);
}
