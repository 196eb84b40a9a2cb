// SPDX-License-Identifier: GPL-2.0
/*
 * call-other.c - a second file that caller.c calls, of the same patch
 */
#include "case.h"

int recursive(int x);

static int others;

/* call.c has another one of this name. */
static noinline int twin(int x)
{
	return x + PICK(100, 1000);
}

/* What is new in call.c, what is old there, what has changed here, and what stays. */
noinline int other(int x)
{
	others += PICK(1, 10);
	switch (x) {
	case 0: return others;
	case 1: return twin(0) + PICK(0, 1);
	case 2: return PICK(2, brought(1));
	case 3: return PICK(3, ++shared);
	case 4: return recursive(PICK(0, 1));
	}
	return -1;
}
