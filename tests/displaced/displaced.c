// SPDX-License-Identifier: GPL-2.0
/*
 * displaced.c - does arch/arm know which instructions depend on where they stand?
 *
 * What compilers begin functions with may be executed in a stub; what branches or uses pc may
 * not, whatever it is. The words are the assembler's. Then there are functions whose entry a
 * branch may stand at, and others that only seem to have a site of ftrace.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef unsigned int u32;
#define BIT(n)			(1UL << (n))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#include "../../arch/arm/include/asm/xlp-decode.h"

struct instruction {
	const char *text;
	u32 word;
	bool may;
};

#define MAY(text, word)		{ text, word, true }
#define MAY_NOT(text, word)	{ text, word, false }

static const struct instruction instructions[] = {
	/* beginnings of functions */
	MAY("push {r4, lr}", 0xe92d4010),
	MAY("push {r0, r1, r2, r3}", 0xe92d000f),
	MAY("push {lr}", 0xe52de004),
	MAY("sub sp, sp, #8", 0xe24dd008),
	MAY("mov ip, sp", 0xe1a0c00d),
	MAY("mov r3, r0", 0xe1a03000),
	MAY("cmp r0, #0", 0xe3500000),
	MAY("subs r3, r0, #0", 0xe2503000),
	MAY("add r0, r0, r1, lsl #15", 0xe0800781),
	MAY("movw r3, #61440", 0xe30f3000),
	MAY("movt r3, #65535", 0xe34f3fff),
	MAY("mvn r3, #15", 0xe3e0300f),
	MAY("ldr r3, [r0, #4095]", 0xe5903fff),
	MAY("str r0, [sp, #-4]!", 0xe52d0004),
	MAY("ldr r3, [r0, r1, lsl #2]", 0xe7903101),
	MAY("ldrh r3, [r0, #254]", 0xe1d03fbe),
	MAY("ldrd r2, r3, [r0, #255]", 0xe1c02fdf),
	MAY("strh r1, [r0, r2]", 0xe18010b2),
	MAY("mul r0, r1, r0", 0xe0000091),
	MAY("mrs r3, cpsr", 0xe10f3000),
	MAY("mrc p15, 0, r3, c13, c0, 3", 0xee1d3f70),
	MAY("mcr p15, 0, r0, c7, c10, 4", 0xee070f9a),
	MAY("uxtb r0, r0", 0xe6ef0070),
	MAY("ubfx r3, r0, #3, #4", 0xe7e331d0),
	MAY("ldm r0, {r2, r3}", 0xe890000c),
	MAY("vpush {d8}", 0xed2d8b02),
	/* branches */
	MAY_NOT("b .", 0xeafffffe),
	MAY_NOT("bl .", 0xebfffffe),
	MAY_NOT("blx .", 0xfafffffe),
	MAY_NOT("bx lr", 0xe12fff1e),
	MAY_NOT("blx r3", 0xe12fff33),
	MAY_NOT("mov pc, lr", 0xe1a0f00e),
	MAY_NOT("ldr pc, [sp], #4", 0xe49df004),
	MAY_NOT("pop {r4, pc}", 0xe8bd8010),
	MAY_NOT("add pc, pc, r0, lsl #2", 0xe08ff100),
	MAY_NOT("svc #0", 0xef000000),
	/* traps: a debugger's, a warning's, those of kprobes */
	MAY_NOT("udf #65006", 0xe7ffdefe),
	MAY_NOT("udf #0", 0xe7f000f0),
	MAY_NOT("udf #24", 0xe7f001f8),
	MAY_NOT("bkpt 0x0000", 0xe1200070),
	/* what is made on a condition; some of it is a branch */
	MAY_NOT("beq .", 0x0afffffe),
	MAY_NOT("bxeq lr", 0x012fff1e),
	MAY_NOT("moveq r0, #0", 0x03a00000),
	/* without a condition */
	MAY_NOT("pld [pc]", 0xf5dff000),
	/* pc as an address or a value */
	MAY_NOT("ldr r3, [pc, #8]", 0xe59f3008),
	MAY_NOT("ldrd r2, r3, [pc, #8]", 0xe1cf20d8),
	MAY_NOT("ldrh r3, [pc, #8]", 0xe1df30b8),
	MAY_NOT("adr r3, .+16", 0xe28f3008),
	MAY_NOT("sub r3, pc, #8", 0xe24f3008),
	MAY_NOT("mov r3, pc", 0xe1a0300f),
	MAY_NOT("add r3, r3, pc", 0xe083300f),
	MAY_NOT("add r3, pc, r3, lsl r2", 0xe08f3213),
	MAY_NOT("ldr r3, [pc, r1]", 0xe79f3001),
	MAY_NOT("ldr pc, [r0, r1]", 0xe790f001),
	MAY_NOT("str pc, [r0]", 0xe580f000),
	MAY_NOT("stm r0, {r1, pc}", 0xe8808002),
	/* no assembler makes it */
	MAY_NOT("ldm pc, {r0, r1}", 0xe89f0003),
	MAY_NOT("vldr d0, [pc]", 0xed9f0b00),
};

/* ---- entries ---- */

#define PUSH		0xe92d4010	/* push {r4, lr} */
#define PUSH_PC		0xe92dd800	/* push {fp, ip, lr, pc} */
#define PUSH_LR		0xe52de004	/* before a site */
#define MOVE		0xe1a03000
#define CALL		0xebfffffe
#define RETURN_IF	0x012fff1e	/* bxeq lr */
#define POP		0xe8bd8010	/* pop {r4, pc} */
#define BRANCH		0xea000000
#define BREAKPOINT	0xe7f001f8

typedef u32 kprobe_opcode_t;
#define KPROBE_FLAG_GONE	1

struct kprobe {
	kprobe_opcode_t opcode;
	unsigned int flags;
};

#define MOST_WORDS	12
#define MOST_SITES	2

/**
 * struct function - what seems to be a function, up to the next symbol
 * @text:	what it is
 * @words:	its code
 * @sites:	which of them ftrace knows; 0 for none
 * @probed:	on which of them a probe is; 0 for none
 * @probe:	that
 * @goes:	the probe has been taken out, and goes once the word has been read
 * @has:	a branch may stand at the entry
 */
struct function {
	const char *text;
	u32 words[MOST_WORDS];
	unsigned int sites[MOST_SITES];
	unsigned int probed;
	struct kprobe probe;
	bool goes;
	bool has;
};

static struct function functions[] = {
	{ "one that ftrace knows", { PUSH, MOVE, PUSH_LR, CALL, MOVE, POP }, { 3 }, .has = true },
	{ "one without a frame", { PUSH_LR, CALL, MOVE, POP }, { 1 }, .has = true },
	{ "one with a frame record",
	  { 0xe1a0c00d, PUSH_PC, PUSH_LR, CALL, POP }, { 3 }, .has = true },
	{ "one that is replaced already",
	  { BRANCH, MOVE, PUSH_LR, CALL, POP }, { 3 }, .has = true },
	{ "one before a dropped one",
	  { PUSH, PUSH_LR, CALL, POP, PUSH, PUSH_LR, CALL, POP }, { 2, 6 }, .has = true },
	{ "one that ftrace does not know", { PUSH, MOVE, CALL, POP } },
	{ "one before a dropped one that ftrace knows",
	  { PUSH, MOVE, POP, PUSH, PUSH_LR, CALL, POP }, { 5 } },
	{ "the same with two dropped ones",
	  { PUSH, POP, PUSH, PUSH_LR, CALL, POP, PUSH, PUSH_LR, CALL, POP }, { 4, 8 } },
	{ "one that calls and does not return, before a dropped one",
	  { PUSH, CALL, PUSH, PUSH_LR, CALL, POP }, { 4 } },
	{ "one that goes on by a branch, before a dropped one",
	  { MOVE, BRANCH, PUSH, PUSH_LR, CALL, POP }, { 4 } },
	{ "one that may return at once, before a dropped one",
	  { MOVE, RETURN_IF, PUSH, PUSH_LR, CALL, POP }, { 4 } },
	{ "one with a probe in the prologue",
	  { PUSH, BREAKPOINT, PUSH_LR, CALL, POP }, { 3 }, 1, { MOVE }, .has = true },
	{ "one with a probe that is just going",
	  { PUSH, BREAKPOINT, PUSH_LR, CALL, POP }, { 3 }, 1, { MOVE }, .goes = true, .has = true },
	{ "one with a trap in the prologue, where a probe was on a module that has gone",
	  { PUSH, BREAKPOINT, PUSH_LR, CALL, POP }, { 3 }, 1, { MOVE, KPROBE_FLAG_GONE } },
	{ "one with a probe where it returns, before a dropped one",
	  { PUSH, BREAKPOINT, PUSH, PUSH_LR, CALL, POP }, { 4 }, 1, { POP } },
};

static struct function *asked;

/* Of several, the last. */
static unsigned long machine_ftrace_location_range(unsigned long start, unsigned long end)
{
	unsigned long site, found = 0;
	unsigned int i;

	for (i = 0; i < MOST_SITES && asked->sites[i]; i++) {
		site = (unsigned long)&asked->words[asked->sites[i]];
		if (site >= start && site <= end)
			found = site;
	}
	return found;
}

static struct kprobe *machine_get_kprobe(kprobe_opcode_t *addr)
{
	if (!asked->probed || addr != &asked->words[asked->probed])
		return NULL;
	if (!asked->goes)
		return &asked->probe;
	*addr = asked->probe.opcode;
	return NULL;
}

static unsigned long most_before_site;

#define XLP_MOST_BEFORE_SITE	most_before_site
#define unexported(name)	machine_##name
#define unexported_found(name)	(!!unexported(name))
#define preempt_disable()	do {} while (0)
#define preempt_enable()	do {} while (0)

static u32 xlp_arch_text_word(unsigned long addr)
{
	return *(u32 *)addr;
}

#include <asm-generic/xlp/prologue.h>

static bool entry_is_right(struct function *function)
{
	unsigned long addr = (unsigned long)function->words;

	asked = function;
	most_before_site = ~0UL;
	return xlp_entry_before_site(addr, sizeof(function->words)) == (function->has ? addr : 0);
}

/* Where functions begin alike, as many bytes as stand before the first function's site tell. */
static bool is_known_up_to(unsigned long most)
{
	struct function *function = asked = functions;
	unsigned long addr = (unsigned long)function->words;

	most_before_site = most;
	return xlp_first_site(addr, sizeof(function->words)) ==
	       addr + function->sites[0] * sizeof(u32);
}

int main(void)
{
	const unsigned long before = functions[0].sites[0] * sizeof(u32);
	const size_t nr = ARRAY_SIZE(instructions) + 1;
	const struct instruction *this;
	bool all_right = true, right;
	struct function *function;

	printf("KTAP version 1\n1..%zu\n", nr + ARRAY_SIZE(functions) + 1);
	for (this = instructions; this < instructions + ARRAY_SIZE(instructions); this++) {
		right = xlp_arch_may_be_displaced(this->word) == this->may;
		printf("%s %td %s %s be executed elsewhere\n", right ? "ok" : "not ok",
		       this - instructions + 1, this->text, this->may ? "may" : "may not");
		all_right &= right;
	}
	right = !xlp_arch_may_be_displaced(PUSH_PC) && xlp_arch_may_be_in_prologue(PUSH_PC);
	printf("%s %zu push {fp, ip, lr, pc} may be in a prologue only\n",
	       right ? "ok" : "not ok", nr);
	all_right &= right;
	for (function = functions; function < functions + ARRAY_SIZE(functions); function++) {
		right = entry_is_right(function);
		printf("%s %zu %s %s be replaced\n", right ? "ok" : "not ok",
		       nr + 1 + (function - functions), function->text,
		       function->has ? "may" : "may not");
		all_right &= right;
	}
	right = is_known_up_to(before) && !is_known_up_to(before - 1);
	printf("%s %zu a site too far on is another function's\n", right ? "ok" : "not ok",
	       nr + ARRAY_SIZE(functions) + 1);
	all_right &= right;
	return !all_right;
}
