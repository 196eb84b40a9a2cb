/* SPDX-License-Identifier: GPL-2.0 */
/* layout.h - what the frame of a function looks like, by its code */
#ifndef _XLP_COMMON_LAYOUT_H
#define _XLP_COMMON_LAYOUT_H

#include <linux/types.h>

/**
 * struct xlp_layout - the frame of a function
 * @size:	in bytes; 0: there is none
 * @freed:	what is added to the stack pointer again; 0: nothing
 * @ra:		where the return address is, from its lower end on; -1: not known
 * @fp:		where the caller's fp is; -1: fp is as the caller had it, or is lost
 * @in_prologue: no branch since the frame was made
 * @fp_is_end:	fp points at its upper end
 * @fp_written:	fp may have other values
 * @dynamic:	the stack pointer may have other values
 * @odd:	not as described in layout.c
 */
struct xlp_layout {
	int size;
	int freed;
	int ra;
	int fp;
	bool in_prologue;
	bool fp_is_end;
	bool fp_written;
	bool dynamic;
	bool odd;
};

/**
 * xlp_layout_read() - what the frame of a function looks like
 * @layout:	it goes there
 * @insn:	the function's first instruction
 * @end:	behind its last one; the compiler may put what belongs to the beginning anywhere
 *
 * Return: true if all calls in it are made with such a frame.
 */
bool xlp_layout_read(struct xlp_layout *layout, const u32 *insn, const u32 *end);

#endif /* _XLP_COMMON_LAYOUT_H */
