/* SPDX-License-Identifier: GPL-2.0 */
/*
 * case.h - what the sources in cases/ have in place of the kernel's headers
 *
 * Each is compiled as it was, and as it is to be (AFTER). Lines of its first comment that
 * begin with a tab are what xlp diff-objects has to say of it.
 */
#ifndef _XLP_TESTS_OBJECTS_CASE_H
#define _XLP_TESTS_OBJECTS_CASE_H

#ifdef AFTER
#define PICK(before, after)	after
#else
#define PICK(before, after)	before
#endif

#define noinline	__attribute__((noinline, noclone))
#define notrace		__attribute__((patchable_function_entry(0, 0)))
#define used		__attribute__((used))
#define in_section(s)	__attribute__((section(s)))
#define __init		in_section(".init.text")
#define __initdata	in_section(".init.data")
#define __percpu	in_section(".data..percpu")
#define __read_mostly	in_section(".data..read_mostly")

int printk(const char *fmt, ...);
int outside(int x);
extern int outside_data;

/* New in call.c. */
int brought(int x);
extern int shared;

/* As BUG() and WARN() mark a place, with the file and the line. */
#define mark_bug(line)							\
	asm volatile("1:\n\t.pushsection __bug_table,\"aw\"\n\t"	\
		     "2:\t.long 1b - .\n\t"				\
		     ".long %c0 - .\n\t.short %c1\n\t.short 0\n\t"	\
		     ".popsection" : : "i" (__FILE__), "i" (line))

/* As a warning hands its entry to whoever prints it. */
#define use_bug(line)							\
	asm volatile("1:\n\t.pushsection __bug_table,\"aw\"\n\t"	\
		     "2:\t.long 1b - .\n\t"				\
		     ".long %c0 - .\n\t.short %c1\n\t.short 0\n\t"	\
		     ".popsection\n\t.balign 8\n\t.quad 2b" : : "i" (__FILE__), "i" (line))

/* As an access to user memory marks where it goes on after a fault. */
#define mark_fault()							\
	asm volatile("1:\n\t.pushsection __ex_table,\"a\"\n\t"		\
		     ".long 1b - .\n\t.long 2f - .\n\t"			\
		     PICK_EX_DATA ".popsection\n2:" : :)
#ifdef __powerpc64__
#define PICK_EX_DATA	""
#else
#define PICK_EX_DATA	".short 0\n\t.short 0\n\t"
#endif

/* As a static key marks a jump. */
#define mark_jump(key)							\
	asm volatile("1:\n\t.pushsection __jump_table,\"aw\"\n\t"	\
		     ".balign 8\n\t.long 1b - .\n\t.long 2f - .\n\t"	\
		     ".quad %c0 - .\n\t.popsection\n2:" : : "i" (key))

/* As an alternative of an instruction. */
#define mark_alternative(feature)					\
	asm volatile("1:\tnop\n\t.pushsection .altinstructions,\"a\"\n\t" \
		     ".long 1b - .\n\t.long 3f - .\n\t.short " #feature "\n\t" \
		     ".byte 1\n\t.byte 1\n\t.popsection\n\t"		\
		     ".pushsection .altinstr_replacement,\"ax\"\n"	\
		     "3:\tnop\n\t.popsection" : :)

#define export(name)							\
	asm(".pushsection .export_symbol,\"a\"\n"			\
	    "__export_symbol_" #name ":\n\t.asciz \"GPL\"\n\t.asciz \"\"\n\t.balign 8\n\t" \
	    ".quad " #name "\n\t.popsection")

#endif /* _XLP_TESTS_OBJECTS_CASE_H */
