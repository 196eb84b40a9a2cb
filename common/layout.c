// SPDX-License-Identifier: GPL-2.0
/*
 * layout.c - what the frame of a function looks like, by its code
 *
 * A function that calls another says in its first instructions where its caller is: they
 * make the frame, store the return address and, if the function uses that, what the frame
 * pointer was, and may let it point at the frame's end.
 *
 * They are believed only if nothing else in all of the function makes or frees a frame.
 * Where the stack pointer changes in other ways fp may keep where the frame ends; who walks
 * sees to that. Built for tests/prologue, too.
 */
#include <asm/xlp-steps.h>
#include <linux/align.h>
#include <linux/compiler.h>
#include "layout.h"

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

/* What the prologue has kept is what the caller has. Anything else is a value like others. */
static void layout_loads_fp(struct xlp_layout *layout, int from)
{
	layout->fp_written |= layout->fp < 0 || from != layout->fp;
}

static void layout_look(struct xlp_layout *layout, struct xlp_step step)
{
	switch (step.kind) {
	case XLP_STEP_BRANCH:
		layout->in_prologue = false;
		break;
	case XLP_STEP_UNKNOWN:
		layout->odd = true;
		break;
	case XLP_STEP_MOVES_SP:
		layout_moves_sp(layout, step.by);
		break;
	case XLP_STEP_WRITES_SP:
		layout->dynamic = true;
		break;
	case XLP_STEP_KEEPS_RA:
		layout_keeps_ra(layout, step.by);
		break;
	case XLP_STEP_KEEPS_FP:
		layout_keeps_fp(layout, step.by);
		break;
	case XLP_STEP_SETS_FP:
		layout_sets_fp(layout, step.by);
		break;
	case XLP_STEP_LOADS_FP:
		layout_loads_fp(layout, step.by);
		break;
	case XLP_STEP_WRITES_FP:
		layout->fp_written = true;
		break;
	case XLP_STEP_OTHER:
		break;
	}
}

static bool layout_has_word(const struct xlp_layout *layout, int at)
{
	return at >= 0 && at < layout->size && IS_ALIGNED(at, (int)sizeof(long));
}

static bool layout_is_sound(const struct xlp_layout *layout)
{
	return !layout->odd && layout->size && IS_ALIGNED(layout->size, XLP_STACK_ALIGN) &&
	       (!layout->freed || layout->freed == layout->size) &&
	       layout_has_word(layout, layout->ra) &&
	       (layout->fp == -1 || layout_has_word(layout, layout->fp));
}

bool xlp_layout_read(struct xlp_layout *layout, const u32 *insn, const u32 *end)
{
	*layout = (struct xlp_layout){ .ra = -1, .fp = -1 };
	for (; insn < end; insn++)
		layout_look(layout, xlp_arch_step(READ_ONCE(*insn)));
	return layout_is_sound(layout);
}
