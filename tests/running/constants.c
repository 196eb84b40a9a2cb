// SPDX-License-Identifier: GPL-2.0
/* constants.c - functions that differ by nothing but what they refer to, for tests/running/run */
#include "others.h"

#define noinline __attribute__((noinline))

static const int table[] = { 11, 22, 33, 44 };
static const int other_table[] = { 55, 66, 77, 88 };
static const char *const words[] = { "the first word", "the second word" };

noinline int says_words(int x)
{
	return x + of_others("words of its own");
}

noinline int looks_up(int x)
{
	return table[x & 3];
}

noinline int looks_up_others(int x)
{
	return other_table[x & 3];
}

noinline int says_one_of(int x)
{
	return of_others(words[x & 1]);
}

/*
 * A loop may count from a place before a string, which is in another one here, and in a third one
 * when the linker has joined those that are equal.
 */
asm(".pushsection .rodata.str1.1, \"aMS\", %progbits, 1\n"
	"\t.asciz \"others have these, too\"\n"
	".Lcounted: .asciz \"counted from before it\"\n"
	"\t.popsection");

noinline const char *counts_from_before(void)
{
	const char *before;

#if defined(__x86_64__)
	asm("movq $.Lcounted - 5, %0" : "=r" (before));
#else
	asm("adrp %0, .Lcounted - 5\n\tadd %0, %0, :lo12:.Lcounted - 5" : "=r" (before));
#endif
	return before + 5;
}
