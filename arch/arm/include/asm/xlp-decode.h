/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp-decode.h - may an instruction be executed elsewhere?
 *
 * Only so much as to tell that it does not depend on where it stands: it is executed always,
 * is no branch and no trap, and no field that may be a register names pc. Some instructions use
 * such a field for something else, and are taken for what they are not; compilers begin
 * no functions with them.
 */
#ifndef _ASM_ARM_XLP_DECODE_H
#define _ASM_ARM_XLP_DECODE_H

#include <linux/bits.h>
#include <linux/types.h>

static inline bool xlp_is_pc(u32 insn, unsigned int low)
{
	return (insn >> low & 0xf) == 15;
}

/* Arithmetic of registers, and what shares its place: BX, multiplications, LDRH, LDRD, MRS. */
static inline bool xlp_uses_pc_by_register(u32 insn)
{
	bool by_amount_in_register = insn & BIT(4) && !(insn & BIT(7));
	bool with_immediate = insn & BIT(4) && insn & BIT(7) && insn & BIT(22);

	if ((insn & 0x0fbf0fff) == 0x010f0000)		/* MRS */
		return xlp_is_pc(insn, 12);
	return xlp_is_pc(insn, 16) || xlp_is_pc(insn, 12) ||
	       (!with_immediate && xlp_is_pc(insn, 0)) ||
	       (by_amount_in_register && xlp_is_pc(insn, 8));
}

/* Arithmetic with a constant, of which MOVW and MOVT have a part in the first field. */
static inline bool xlp_uses_pc_by_constant(u32 insn)
{
	bool is_wide_move = (insn & 0x0fb00000) == 0x03000000;

	return xlp_is_pc(insn, 12) || (!is_wide_move && xlp_is_pc(insn, 16));
}

/* LDR and STR with an offset in a register; what shares their place never has pc. */
static inline bool xlp_uses_pc_by_index(u32 insn)
{
	return !(insn & BIT(4)) && (xlp_is_pc(insn, 16) || xlp_is_pc(insn, 12) ||
				    xlp_is_pc(insn, 0));
}

/* UDF and BKPT: whoever has put it there, or catches it, goes by where it stands. */
static inline bool xlp_is_trap(u32 insn)
{
	return (insn & 0xfff000f0) == 0xe7f000f0 || (insn & 0xfff000f0) == 0xe1200070;
}

/**
 * xlp_arch_may_be_displaced() - may an instruction be executed elsewhere?
 * @insn:	of the A32 instruction set
 *
 * Return: true if it does the same wherever it stands, and goes on behind itself.
 */
static inline bool xlp_arch_may_be_displaced(u32 insn)
{
	if (insn >> 28 != 14)		/* on a condition, or without one */
		return false;
	if (xlp_is_trap(insn))
		return false;
	switch (insn >> 25 & 7) {
	case 0:
		return !xlp_uses_pc_by_register(insn);
	case 1:
		return !xlp_uses_pc_by_constant(insn);
	case 2:		/* LDR and STR with a constant offset */
		return !xlp_is_pc(insn, 16) && !xlp_is_pc(insn, 12);
	case 3:
		return !xlp_uses_pc_by_index(insn);
	case 4:		/* LDM and STM */
		return !xlp_is_pc(insn, 16) && !(insn & BIT(15));
	case 6:		/* loads and stores of coprocessors */
		return !xlp_is_pc(insn, 16);
	case 7:		/* coprocessors; SVC */
		return !(insn & BIT(24));
	default:	/* B and BL */
		return false;
	}
}

/* Kernels with frame pointers push pc, too. */
static inline bool xlp_arch_may_be_in_prologue(u32 insn)
{
	return xlp_arch_may_be_displaced(insn) || (insn & 0xffff8000) == 0xe92d8000;
}

#endif /* _ASM_ARM_XLP_DECODE_H */
