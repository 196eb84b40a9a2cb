/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp-steps.h - what an instruction of loongarch does to the frame of its function
 *
 *	addi.d	sp, sp, -size		a function's frame
 *	st.d	ra, sp, offset		the return address
 *	st.d	fp, sp, offset		what fp was, if it uses that
 *	addi.d	fp, sp, size		if parts of its frame have no fixed size
 */
#ifndef _ASM_LOONGARCH_XLP_STEPS_H
#define _ASM_LOONGARCH_XLP_STEPS_H

#include <asm-generic/xlp/steps.h>
#include <asm/break.h>
#include <linux/bitops.h>
#include <linux/types.h>

#define XLP_STACK_ALIGN	16

enum xlp_reg { XLP_RA = 1, XLP_SP = 3, XLP_FP = 22 };

/* Of two registers and 12 bits: the two, and what is common to all. */
#define XLP_INSN(opcode, rd, rj)	((opcode) << 22 | (rj) << 5 | (rd))
#define XLP_INSN_MASK			(~(0xfffU << 10))
#define XLP_ADDI_D	0x00bU
#define XLP_LD_D	0x0a3U
#define XLP_ST_D	0x0a7U

/* Of one that is no branch. Some that write no register count as well. */
static inline bool xlp_insn_writes(u32 insn, enum xlp_reg reg)
{
	bool is_store = insn >> 24 == 0x29;	/* of any size */

	return (insn & 31) == reg && !is_store;
}

static inline enum xlp_step_kind xlp_arch_step_kind(u32 insn)
{
	if (insn >> 26 >= 0x10 && insn >> 26 <= 0x1b)
		return XLP_STEP_BRANCH;
	if (insn == (0x002a0000 | BRK_KPROBE_BP))
		return XLP_STEP_UNKNOWN;
	switch (insn & XLP_INSN_MASK) {
	case XLP_INSN(XLP_ADDI_D, XLP_SP, XLP_SP):
		return XLP_STEP_MOVES_SP;
	case XLP_INSN(XLP_ST_D, XLP_RA, XLP_SP):
		return XLP_STEP_KEEPS_RA;
	case XLP_INSN(XLP_ST_D, XLP_FP, XLP_SP):
		return XLP_STEP_KEEPS_FP;
	case XLP_INSN(XLP_ADDI_D, XLP_FP, XLP_SP):
		return XLP_STEP_SETS_FP;
	case XLP_INSN(XLP_LD_D, XLP_FP, XLP_SP):
		return XLP_STEP_LOADS_FP;
	}
	return xlp_insn_writes(insn, XLP_SP) ? XLP_STEP_WRITES_SP :
	       xlp_insn_writes(insn, XLP_FP) ? XLP_STEP_WRITES_FP : XLP_STEP_OTHER;
}

static inline struct xlp_step xlp_arch_step(u32 insn)
{
	return (struct xlp_step){
		.kind = xlp_arch_step_kind(insn),
		.by = sign_extend32(insn >> 10, 11),
	};
}

#endif /* _ASM_LOONGARCH_XLP_STEPS_H */
