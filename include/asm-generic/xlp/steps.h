/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm-generic/xlp/steps.h - what an instruction does to the frame of its function
 *
 * For common/layout.c, and for architectures whose stacks common/prologues.c walks. Such an
 * architecture has instructions of 32 bits, keeps return address and frame pointer on the
 * stack by itself, and defines in its asm/xlp-steps.h
 *
 *	XLP_STACK_ALIGN		what the size of each frame is a multiple of
 *	xlp_arch_step(insn)	the step that an instruction is
 *
 * Built for tests/prologue, too.
 */
#ifndef _ASM_GENERIC_XLP_STEPS_H
#define _ASM_GENERIC_XLP_STEPS_H

/**
 * enum xlp_step_kind - what an instruction does
 * @XLP_STEP_OTHER:	nothing to the frame
 * @XLP_STEP_BRANCH:	what follows may not run next, or not only behind this
 * @XLP_STEP_UNKNOWN:	it stands for another one, which may be any
 * @XLP_STEP_MOVES_SP:	adds &xlp_step.by to the stack pointer
 * @XLP_STEP_WRITES_SP:	gives it another value
 * @XLP_STEP_KEEPS_RA:	stores the register with the return address, &xlp_step.by from there
 * @XLP_STEP_KEEPS_FP:	the same of the frame pointer
 * @XLP_STEP_SETS_FP:	lets that point &xlp_step.by from the stack pointer
 * @XLP_STEP_LOADS_FP:	gives it what is &xlp_step.by from the stack pointer
 * @XLP_STEP_WRITES_FP:	gives it another value
 *
 * An instruction that may be several of these is the first of them.
 */
enum xlp_step_kind {
	XLP_STEP_OTHER,
	XLP_STEP_BRANCH,
	XLP_STEP_UNKNOWN,
	XLP_STEP_MOVES_SP,
	XLP_STEP_WRITES_SP,
	XLP_STEP_KEEPS_RA,
	XLP_STEP_KEEPS_FP,
	XLP_STEP_SETS_FP,
	XLP_STEP_LOADS_FP,
	XLP_STEP_WRITES_FP,
};

/**
 * struct xlp_step - an instruction, as far as the frame is concerned
 * @kind:	what it does
 * @by:		see there; in bytes
 */
struct xlp_step {
	enum xlp_step_kind kind;
	int by;
};

#endif /* _ASM_GENERIC_XLP_STEPS_H */
