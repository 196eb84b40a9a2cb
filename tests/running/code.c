// SPDX-License-Identifier: GPL-2.0
/*
 * code.c - functions with all that linker and kernel write into code, for tests/running/run
 *
 * Labels say where: the test looks for them in what is linked.
 */
#define noinline __attribute__((noinline))
#define section(name) __attribute__((section(name)))

extern int outside, unlisted, pair[2];
extern int of_others(const char *text);
int of_others_too(const char *text);

static int kept = 5, counted;
static int other_kept = 7;

#if defined(__x86_64__)
#define SITES								\
	".globl at_fentry, at_label, at_label_end, at_alternative\n\t"	\
	".globl at_lock, at_call, at_constant\n\t"			\
	"at_fentry: call __fentry__\n\t"				\
	"at_label: .byte 0xe9; .long 0\n"				\
	"at_label_end: .pushsection __jump_table, \"aw\"\n\t"		\
	".long at_label - ., at_label_end - .\n\t"			\
	".quad 0\n\t.popsection\n\tnop\n"				\
	"at_alternative: nopl 8(%rax)\n"				\
	"1: .pushsection .altinstructions, \"a\"\n\t"			\
	".long at_alternative - ., at_alternative - .\n\t"		\
	".long 1\n\t.byte 1b - at_alternative, 0\n\t.popsection\n\tnop\n" \
	"at_lock: lock; incl (%rsp)\n\t"				\
	".pushsection .smp_locks, \"a\"\n\t"				\
	".long at_lock - .\n\t.popsection\n\t"				\
	"at_call: call __SCT__key\n\t"					\
	"movabs $0x0123456789abcdef, %rax\n"				\
	"2: .globl at_constant\n\t.set at_constant, 2b - 8\n\t"		\
	".pushsection runtime_ptr_mask, \"a\"\n\t"			\
	".long 2b - 8 - .\n\t.popsection\n\t"
#define ENDBR "endbr64\n\t"
#define LEAVE "at_return: jmp __x86_return_thunk\n\t.globl at_return"
#elif defined(__aarch64__)
#define SITES								\
	".globl at_label, at_label_end, at_alternative\n\t"		\
	"at_label: nop\n"						\
	"at_label_end: .pushsection __jump_table, \"aw\"\n\t"		\
	".long at_label - ., at_label_end - .\n\t"			\
	".quad 0\n\t.popsection\n\t"					\
	"at_alternative: nop\n"						\
	"1: .pushsection .altinstructions, \"a\"\n\t"			\
	".long at_alternative - ., at_alternative - .\n\t"		\
	".short 1\n\t.byte 1b - at_alternative, 0\n\t.popsection\n\t"
#define ENDBR
#define LEAVE "ret"

/* At the end of a page the linker makes an adr of the adrp. */
asm(".pushsection .text\n\t"
    ".balign 4096\n\t"
    ".globl page_end\n\t"
    ".type page_end, %function\n"
    "page_end: .rept 1022\n\tnop\n\t.endr\n\t"
    "adrp x0, outside\n\t"
    "ldr x1, [x1]\n\t"
    "ldr w0, [x0, :lo12:outside]\n\t"
    "ret\n\t"
    ".size page_end, . - page_end\n\t"
    ".popsection");
#endif

__attribute__((naked)) void sites(void)
{
	asm volatile(ENDBR SITES LEAVE);
}

noinline int adds(int x)
{
	return x + kept + outside;
}

noinline int twice(int x)
{
	return x * counted;
}

__attribute__((weak)) int weak_one(int x)
{
	return x + 4;
}

void __SCT__other(void)
{
}

int calls(int x)
{
	x += weak_one(x);
	counted += of_others("some text") + of_others("more text");
	other_kept++;
	return adds(x) + twice(x) + outside + of_others_too("some text");
}

int uses_unlisted(int x)
{
	return x + unlisted + pair[0];
}

int uses_it_too(int x)
{
	unlisted += x;
	return unlisted + pair[1];
}

int changes(int x)
{
	kept = x;
	return x + other_kept;
}

int section(".init.text") early(int x)
{
	return x + 3;
}
