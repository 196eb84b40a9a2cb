// SPDX-License-Identifier: GPL-2.0
/*
 * prologue.c - what does common/layout.c make of functions of loongarch?
 *
 * The first of them are as compilers make them; then something is different in each, so
 * that a walk which went by the rest would be led astray.
 */
#include <asm/break.h>
#include <linux/types.h>
#include <stdio.h>
#include "layout.h"

enum { zero, ra, a0 = 4, t0 = 12, sp = 3, fp = 22, s0 };

#define REG2_IMM(op, rd, rj, imm)	((op) << 22 | ((imm) & 0xfff) << 10 | (rj) << 5 | (rd))
#define ADDI(rd, rj, imm)	REG2_IMM(0x0bu, rd, rj, imm)
#define LD(rd, rj, imm)		REG2_IMM(0xa3u, rd, rj, imm)
#define ST(rd, rj, imm)		REG2_IMM(0xa7u, rd, rj, imm)
#define SUB(rd, rj, rk)		(0x00118000u | (rk) << 10 | (rj) << 5 | (rd))
#define MOVE(rd, rj)		(0x00150000u | (rj) << 5 | (rd))
#define BL			(0x15u << 26 | 3)	/* with bits that look like $sp */
#define BEQ			(0x16u << 26 | sp)
#define BEQZ			(0x10u << 26)
#define JR_RA			(0x13u << 26 | ra << 5)
#define NOP			0x03400000u
#define KPROBE			(0x002a0000u | BRK_KPROBE_BP)
#define BRK			(0x002a0000u | 1)	/* of a warning */
#define END			0xffffffffu

/**
 * struct function - a function
 * @what:	in a few words
 * @sound:	it is to be believed
 * @size:	of its frame
 * @ra:		see struct xlp_layout
 * @fp:		see there
 * @dynamic:	see there
 * @fp_is_end:	see there
 * @fp_written:	see there
 * @code:	until END
 */
struct function {
	const char *what;
	bool sound;
	int size;
	int ra;
	int fp;
	bool dynamic;
	bool fp_is_end;
	bool fp_written;
	u32 code[16];
};

#define OPENING(size)	MOVE(t0, ra), NOP, ADDI(sp, sp, -(size)), ST(ra, sp, (size) - 8)
#define CLOSING(size)	LD(ra, sp, (size) - 8), ADDI(sp, sp, size), JR_RA, END
#define MISLEADS(what)	what, false, 0, 0, 0, false, false, false

static const struct function functions[] = {
	{ "a small frame", true, 16, 8, -1, false, false, false,
	  { OPENING(16), BL, CLOSING(16) } },
	{ "the largest of one step", true, 2032, 2024, -1, false, false, false,
	  { OPENING(2032), BL, CLOSING(2032) } },
	{ "it returns early, and in two places", true, 32, 24, -1, false, false, false,
	  { BEQ, OPENING(32), BL, BEQ, CLOSING(32), JR_RA, END } },
	{ "it never returns", true, 32, 24, -1, false, false, false,
	  { OPENING(32), BL, BRK, END } },
	{ "the frame is made behind where it is freed", true, 32, 24, -1, false, false, false,
	  { BEQ, LD(ra, sp, 24), ADDI(sp, sp, 32), JR_RA, ADDI(sp, sp, -32), ST(ra, sp, 24), BL,
	    END } },
	{ "fp is used as any register", true, 32, 24, 16, false, false, true,
	  { OPENING(32), ST(fp, sp, 16), MOVE(fp, a0), BL, LD(fp, sp, 16), CLOSING(32) } },
	{ "it is saved for a part only", true, 32, 24, -1, false, false, true,
	  { OPENING(32), BEQ, ST(fp, sp, 16), MOVE(fp, a0), BL, LD(fp, sp, 16), CLOSING(32) } },
	{ "fp keeps the end of a frame of variable size", true, 48, 40, 32, true, true, false,
	  { OPENING(48), ST(fp, sp, 32), ADDI(fp, sp, 48), SUB(sp, sp, a0), BL, ADDI(sp, fp, -48),
	    LD(fp, sp, 32), CLOSING(48) } },
	{ "the stack pointer moves, and fp is something else", true, 48, 40, 32, true, false, true,
	  { OPENING(48), ST(fp, sp, 32), ADDI(fp, sp, 16), SUB(sp, sp, a0), BL, CLOSING(48) } },
	{ "fp keeps the end at first only", true, 48, 40, 32, true, true, true,
	  { OPENING(48), ST(fp, sp, 32), ADDI(fp, sp, 48), SUB(sp, sp, a0), MOVE(fp, a0), BL,
	    CLOSING(48) } },
	{ "or behind a branch", true, 48, 40, 32, true, false, true,
	  { OPENING(48), ST(fp, sp, 32), BEQ, ADDI(fp, sp, 48), SUB(sp, sp, a0), BL,
	    CLOSING(48) } },
	{ "or that is another place", true, 48, 40, 32, true, false, true,
	  { OPENING(48), ST(fp, sp, 32), ADDI(fp, a0, 48), SUB(sp, sp, a0), BL, CLOSING(48) } },
	{ "fp is loaded from where it was not saved", true, 32, 24, 16, false, false, true,
	  { OPENING(32), ST(fp, sp, 16), LD(fp, sp, 8), BL, LD(fp, sp, 16), CLOSING(32) } },
	{ "fp is loaded, and was not saved", true, 32, 24, -1, false, false, true,
	  { OPENING(32), BEQ, LD(fp, sp, 16), BL, CLOSING(32) } },
	{ "what fp was is not what is saved", true, 32, 24, -1, false, false, true,
	  { OPENING(32), MOVE(fp, a0), ST(fp, sp, 16), BL, CLOSING(32) } },
	{ "both are stored elsewhere, too", true, 32, 24, 16, false, false, false,
	  { ADDI(sp, sp, -32), ST(ra, a0, 8), ST(fp, a0, 0), ST(ra, sp, 24), ST(fp, sp, 16), BL,
	    CLOSING(32) } },
	{ "it goes to another stack and comes back", true, 32, 24, -1, true, false, false,
	  { OPENING(32), MOVE(s0, sp), MOVE(sp, t0), BL, MOVE(sp, s0), CLOSING(32) } },
	{ "the return address is a value, too", true, 48, 40, -1, false, false, false,
	  { OPENING(48), BEQ, ST(ra, sp, 24), BL, LD(t0, sp, 24), CLOSING(48) } },
	{ "the stack pointer is stored", true, 32, 24, -1, false, false, false,
	  { OPENING(32), ST(sp, a0, 8), BL, CLOSING(32) } },

	{ MISLEADS("no code at all"), { END } },
	{ MISLEADS("no frame"), { MOVE(t0, ra), NOP, BL, JR_RA, END } },
	{ MISLEADS("a frame without return address"),
	  { ADDI(sp, sp, -16), BL, ADDI(sp, sp, 16), JR_RA, END } },
	{ MISLEADS("a second frame inside the first"),
	  { OPENING(2032), ADDI(sp, sp, -64), BL, ADDI(sp, sp, 64), CLOSING(2032) } },
	{ MISLEADS("one of the same size"),
	  { OPENING(2032), ADDI(sp, sp, -2032), BL, ADDI(sp, sp, 2032), CLOSING(2032) } },
	{ MISLEADS("less is freed than was made"),
	  { OPENING(32), BL, LD(ra, sp, 24), ADDI(sp, sp, 16), JR_RA, END } },
	{ MISLEADS("once more, once less"),
	  { OPENING(32), BL, ADDI(sp, sp, 32), JR_RA, ADDI(sp, sp, 16), JR_RA, END } },
	{ MISLEADS("once less, once right"),
	  { OPENING(32), BL, ADDI(sp, sp, 16), JR_RA, CLOSING(32) } },
	{ MISLEADS("an odd size"), { OPENING(24), BL, CLOSING(24) } },
	{ MISLEADS("the return address is saved behind a branch"),
	  { ADDI(sp, sp, -32), BEQ, ST(ra, sp, 24), BL, CLOSING(32) } },
	{ MISLEADS("or behind one that looks at one register"),
	  { ADDI(sp, sp, -32), BEQZ, ST(ra, sp, 24), BL, CLOSING(32) } },
	{ MISLEADS("and once more later"), { OPENING(32), BL, ST(ra, sp, 24), BL, CLOSING(32) } },
	{ MISLEADS("in two places"), { OPENING(32), ST(ra, sp, 16), BL, CLOSING(32) } },
	{ MISLEADS("outside of the frame"),
	  { ADDI(sp, sp, -32), ST(ra, sp, 32), BL, CLOSING(32) } },
	{ MISLEADS("where none can be"), { ADDI(sp, sp, -32), ST(ra, sp, 20), BL, CLOSING(32) } },
	{ MISLEADS("below the stack pointer"),
	  { ADDI(sp, sp, -32), ST(ra, sp, -8), BL, CLOSING(32) } },
	{ MISLEADS("fp is saved outside of the frame"),
	  { OPENING(32), ST(fp, sp, 32), BL, CLOSING(32) } },
	{ MISLEADS("and fp where none can be"),
	  { OPENING(32), ST(fp, sp, 20), BL, CLOSING(32) } },
	{ MISLEADS("a kprobe is in the place of an instruction"),
	  { OPENING(32), KPROBE, BL, CLOSING(32) } },
};

static const u32 *end_of(const u32 *insn)
{
	while (*insn != END)
		insn++;
	return insn;
}

static bool is_right(const struct function *function)
{
	struct xlp_layout layout;

	if (xlp_layout_read(&layout, function->code, end_of(function->code)) != function->sound)
		return false;
	return !function->sound ||
	       (layout.size == function->size && layout.ra == function->ra &&
		layout.fp == function->fp && layout.dynamic == function->dynamic &&
		layout.fp_is_end == function->fp_is_end &&
		layout.fp_written == function->fp_written);
}

int main(void)
{
	const int n = ARRAY_SIZE(functions);
	int i, status = 0;

	printf("KTAP version 1\n1..%d\n", n);
	for (i = 0; i < n; i++) {
		bool right = is_right(&functions[i]);

		printf("%sok %d %s%s\n", right ? "" : "not ", i + 1,
		       functions[i].sound ? "" : "refused: ", functions[i].what);
		status |= !right;
	}
	return status;
}
