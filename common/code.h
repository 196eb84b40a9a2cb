/* SPDX-License-Identifier: GPL-2.0 */
/* code.h - sets of code that stacks are checked against */
#ifndef _XLP_COMMON_CODE_H
#define _XLP_COMMON_CODE_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/types.h>

struct xlp_live_patch;

/**
 * struct xlp_code_range - a piece of code
 * @offset:	of its first byte from the set's lowest one
 * @size:	in bytes
 */
struct xlp_code_range {
	unsigned long offset;
	unsigned long size;
};

/**
 * struct xlp_code - a set of code that tasks may be inside of
 * @negated_low: minus the lowest address. Negated, so that xlp's own use of the
 *		set leaves nothing on a stack that looks like a return address.
 * @span:	from the lowest address to the highest end
 * @gap:	offset of the first byte of the widest gap between ranges, which is
 *		usually the one between vmlinux and modules
 * @gap_size:	in bytes
 * @entries_of:	a patch whose new functions' entries say nothing where no walk can
 *		decide, or NULL: they count like any other address
 * @nr:		how many ranges
 * @ranges:	ascending, not overlapping
 */
struct xlp_code {
	unsigned long negated_low;
	unsigned long span;
	unsigned long gap;
	unsigned long gap_size;
	const struct xlp_live_patch *entries_of;
	unsigned int nr;
	struct xlp_code_range ranges[];
};

/**
 * xlp_code_of_module() - all code of a patch's module
 * @patch:	the patch, which new calls do not reach any more
 *
 * The entry of a new function on a stack is usually what a handler of ftrace has
 * left there, and says nothing once synchronize_rcu_tasks() has waited for those
 * who were preempted between a handler's choice and the jump. It is a true return
 * address where a direct caller has been called between the two: a sleepable BPF
 * program, for instance, during which a task may sleep for as long as it likes, and
 * RCU tasks do not wait for who sleeps. Nobody tells whether there has been one on
 * a function. So an entry counts, and a walk decides; where none can, it is
 * passed over on kernels that have no direct callers.
 *
 * Return: the set, to be freed by xlp_code_free(), or NULL: out of memory.
 */
struct xlp_code *xlp_code_of_module(const struct xlp_live_patch *patch);

/**
 * xlp_code_of_functions() - all code of some functions, in all their versions
 * @patches:	the patches that replace the functions; some may be NULL
 * @nr:		how many patches
 *
 * The replaced function itself, what the compiler has split off it, and what any
 * patch has made of it: enabled, about to be, or disabled with tasks perhaps still
 * inside. Functions of objects that
 * are not there have no code.
 *
 * Context: in an event.
 *
 * Return: the set, to be freed by xlp_code_free(), or NULL: out of memory.
 */
struct xlp_code *xlp_code_of_functions(struct xlp_live_patch *const *patches,
				       unsigned int nr);

/**
 * xlp_code_has_but_entries() - the same as xlp_code_has(), without entries
 * @code:	a set with @entries_of
 * @addr:	the address
 *
 * Return: true if @addr leads into @code and is no new function's entry.
 */
bool xlp_code_has_but_entries(const struct xlp_code *code, unsigned long addr) __pure;

/**
 * xlp_code_equal() - are two sets the same code?
 * @one:	a set
 * @other:	another one
 *
 * Return: true if they are, and the same entries say nothing.
 */
bool xlp_code_equal(const struct xlp_code *one, const struct xlp_code *other);

/**
 * xlp_code_free() - free a set
 * @code:	the set, or NULL
 */
void xlp_code_free(struct xlp_code *code);

/*
 * The part of xlp_code_has() behind the quick answers. Pure, so that a loop around
 * it keeps what those take in registers.
 */
bool xlp_code_has_offset(const struct xlp_code *code, unsigned long offset) __pure;

/**
 * xlp_code_has() - does an address on a stack lead into a set of code?
 * @code:	the set
 * @addr:	the address
 *
 * One past the end of a range counts: a call that does not return leaves that.
 *
 * Return: true if it does.
 */
static __always_inline bool xlp_code_has(const struct xlp_code *code, unsigned long addr)
{
	unsigned long offset = addr + code->negated_low;

	return unlikely(offset <= code->span) && offset - code->gap >= code->gap_size &&
	       xlp_code_has_offset(code, offset);
}

#endif /* _XLP_COMMON_CODE_H */
