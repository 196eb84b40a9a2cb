// SPDX-License-Identifier: GPL-2.0
/*
 * A warning names its file by a label that is a number, in a section of strings, as on arm64. The assembler
 * keeps it there as a symbol that has control characters in its name.
 *
 *	changed function: second
 */
#include "../case.h"

static inline __attribute__((always_inline)) void name_file(int line)
{
	asm volatile(".pushsection .rodata.str,\"aMS\",@progbits,1\n"
		     "14472:\t.string \"" __FILE__ "\"\n\t.popsection\n"
		     "1:\n\t.pushsection __bug_table,\"aw\"\n\t"
		     "2:\t.long 1b - .\n\t"
		     ".long 14472b - .\n\t.short %c0\n\t.short 0\n\t"
		     ".popsection" : : "i" (line));
}

noinline void first(void)
{
	name_file(1);
}

noinline void second(void)
{
	name_file(PICK(2, 22));
}
