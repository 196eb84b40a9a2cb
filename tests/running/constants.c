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

/*
 * What an index has too little is in the offset, which is at the end of the first, and in the
 * second.
 */
asm(".pushsection .rodata.pair, \"a\", %progbits\n"
	"\t.balign 16\n"
	"\t.type first_of_pair, %object\n"
	"first_of_pair: .long 1, 2, 3, 4\n"
	"\t.size first_of_pair, 16\n"
	"\t.type second_of_pair, %object\n"
	"second_of_pair: .long 5, 6, 7, 8\n"
	"\t.size second_of_pair, 16\n"
	"\t.popsection");

noinline int counts_from_end(long i)
{
	const int *end;

#if defined(__x86_64__)
	asm("movq $first_of_pair + 16, %0" : "=r" (end));
#else
	asm("adrp %0, first_of_pair + 16\n\tadd %0, %0, :lo12:first_of_pair + 16" : "=r" (end));
#endif
	return end[i];
}

noinline int counts_from_behind(long i)
{
	const int *behind;

#if defined(__x86_64__)
	asm("movq $first_of_pair + 24, %0" : "=r" (behind));
#else
	asm("adrp %0, first_of_pair + 24\n\tadd %0, %0, :lo12:first_of_pair + 24" : "=r" (behind));
#endif
	return behind[i];
}

/* They lead to each other: who looks at the first comes to the second before it has seen all. */
const struct node first_node = { &second_node, "a word of the first node" };
const struct node second_node = { &first_node, "a word of the second" };

noinline const struct node *uses_first(void)
{
	return &first_node;
}

noinline const struct node *uses_second(void)
{
	return &second_node;
}
