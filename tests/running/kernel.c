// SPDX-License-Identifier: GPL-2.0
/* kernel.c - the rest of a kernel that has code.c in it */
int outside, unlisted, pair[2], mask;

int of_others(const char *text)
{
	return *text;
}

int of_others_too(const char *text)
{
	return *text + 1;
}

int weak_one(int x)
{
	return x + 6;
}

/* One of the same name stands in code.c. */
static int __attribute__((noinline, used)) twice(int x)
{
	return x / 2;
}

int half(int x)
{
	return twice(x);
}

void __fentry__(void)
{
}

void __x86_return_thunk(void)
{
}

void __SCT__key(void)
{
}

/* One of its strings stands in constants.c, too. */
asm(".pushsection .rodata.str1.1, \"aMS\", %progbits, 1\n"
	"\t.asciz \"others have these, too\"\n"
	"\t.asciz \"what nobody else has\"\n"
	"\t.popsection");
