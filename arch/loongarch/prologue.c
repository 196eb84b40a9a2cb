// SPDX-License-Identifier: GPL-2.0
/*
 * prologue.c - what the frame of a function looks like, by its code
 *
 * A function that calls another says in its first instructions where its caller is:
 *
 *	addi.d	sp, sp, -size		its frame
 *	st.d	ra, sp, offset		the return address
 *	st.d	fp, sp, offset		what fp was, if it uses that
 *	addi.d	fp, sp, size		if parts of its frame have no fixed size
 *
 * It is believed only if nothing else in all of it makes or frees a frame. Where the stack
 * pointer changes in other ways fp may keep where the frame ends; who walks sees to that.
 * Built for tests/prologue, too.
 */
#include <asm/break.h>
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include "prologue.h"

enum reg { RA = 1, SP = 3, FP = 22 };

/* ---- instructions ---- */

static bool rd_is(u32 insn, enum reg reg)
{
	return (insn & 31) == reg;
}

static bool rj_is(u32 insn, enum reg reg)
{
	return (insn >> 5 & 31) == reg;
}

static int immediate(u32 insn)
{
	return sign_extend32(insn >> 10, 11);
}

static bool is_addi_d(u32 insn)
{
	return insn >> 22 == 0x0b;
}

static bool is_ld_d(u32 insn)
{
	return insn >> 22 == 0xa3;
}

static bool is_st_d(u32 insn)
{
	return insn >> 22 == 0xa7;
}

/* Of a byte, a halfword, a word, a doubleword. */
static bool is_store(u32 insn)
{
	return insn >> 24 == 0x29;
}

static bool is_branch(u32 insn)
{
	return insn >> 26 >= 0x10 && insn >> 26 <= 0x1b;
}

/* Of one that is no branch. Some that write no register count as well. */
static bool writes(u32 insn, enum reg reg)
{
	return rd_is(insn, reg) && !is_store(insn);
}

/* An instruction stands for another one, which may be any. */
static bool is_probe(u32 insn)
{
	return insn == (0x002a0000 | BRK_KPROBE_BP);
}

/* ---- functions ---- */

static void layout_moves_sp(struct xlp_layout *layout, int by)
{
	if (by < 0) {
		layout->odd |= layout->size;
		layout->size = -by;
		layout->in_prologue = true;
	} else {
		layout->odd |= layout->freed && layout->freed != by;
		layout->freed = by;
	}
}

/* Until the first branch ra is as it came. Elsewhere it is a value like others. */
static void layout_keeps_ra(struct xlp_layout *layout, int at)
{
	if (layout->in_prologue && layout->ra < 0)
		layout->ra = at;
	else
		layout->odd |= layout->in_prologue || layout->ra == at;
}

/* Elsewhere fp is saved for a part of the function, or is a value like others. */
static void layout_keeps_fp(struct xlp_layout *layout, int at)
{
	if (layout->in_prologue && layout->fp < 0 && !layout->fp_written)
		layout->fp = at;
}

static void layout_sets_fp(struct xlp_layout *layout, int to)
{
	if (layout->in_prologue && to == layout->size)
		layout->fp_is_end = true;
	else
		layout->fp_written = true;
}

static void layout_look(struct xlp_layout *layout, u32 insn)
{
	bool at_sp = rj_is(insn, SP);

	if (is_branch(insn))
		layout->in_prologue = false;
	else if (is_probe(insn))
		layout->odd = true;
	else if (is_addi_d(insn) && at_sp && rd_is(insn, SP))
		layout_moves_sp(layout, immediate(insn));
	else if (writes(insn, SP))
		layout->dynamic = true;
	else if (is_st_d(insn) && at_sp && rd_is(insn, RA))
		layout_keeps_ra(layout, immediate(insn));
	else if (is_st_d(insn) && at_sp && rd_is(insn, FP))
		layout_keeps_fp(layout, immediate(insn));
	else if (is_addi_d(insn) && at_sp && rd_is(insn, FP))
		layout_sets_fp(layout, immediate(insn));
	else if (writes(insn, FP) && !(is_ld_d(insn) && at_sp))
		layout->fp_written = true;
}

static bool layout_is_sound(const struct xlp_layout *layout)
{
	return !layout->odd && layout->size && IS_ALIGNED(layout->size, 16) &&
	       (!layout->freed || layout->freed == layout->size) &&
	       layout->ra >= 0 && IS_ALIGNED(layout->ra, 8) && layout->ra < layout->size &&
	       (layout->fp < 0 || (IS_ALIGNED(layout->fp, 8) && layout->fp < layout->size));
}

bool xlp_layout_read(struct xlp_layout *layout, const u32 *insn, const u32 *end)
{
	*layout = (struct xlp_layout){ .ra = -1, .fp = -1 };
	for (; insn < end; insn++)
		layout_look(layout, READ_ONCE(*insn));
	return layout_is_sound(layout);
}
