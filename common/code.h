/* SPDX-License-Identifier: GPL-2.0 */
/* code.h - sets of code that stacks are checked against */
#ifndef _XLP_COMMON_CODE_H
#define _XLP_COMMON_CODE_H

#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/types.h>

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
 * @entries:	addresses that say nothing where no walk can decide, ascending; or NULL
 * @nr_entries:	how many
 * @nr:		how many ranges
 * @ranges:	ascending, not overlapping
 */
struct xlp_code {
	unsigned long negated_low;
	unsigned long span;
	unsigned long gap;
	unsigned long gap_size;
	unsigned long *entries;
	unsigned int nr_entries;
	unsigned int nr;
	struct xlp_code_range ranges[];
};

struct xlp_code_collection;

/**
 * xlp_code_collect() - make a set of code
 * @visit:	adds ranges to the collection; called twice, and both times it must add the same
 * @data:	passed on
 *
 * Context: process context.
 *
 * Return: the set, to be freed by xlp_code_free(), or NULL: out of memory.
 */
struct xlp_code *xlp_code_collect(void (*visit)(struct xlp_code_collection *all,
						const void *data),
				  const void *data);

/**
 * xlp_code_add() - add a range to a collection
 * @all:	the collection
 * @start:	address of its first byte
 * @size:	in bytes
 */
void xlp_code_add(struct xlp_code_collection *all, unsigned long start, unsigned long size);

/**
 * xlp_code_add_function() - add the whole of a function to a collection
 * @all:	the collection
 * @addr:	an address in the function; its first one, if @size is known
 * @size:	in bytes; 0: it is looked for, which takes long
 */
void xlp_code_add_function(void *all, unsigned long addr, unsigned long size);

/**
 * xlp_code_is_empty() - has anything been added to a collection yet?
 * @all:	the collection
 *
 * Return: true if nothing has.
 */
bool xlp_code_is_empty(const struct xlp_code_collection *all);

/**
 * xlp_code_pass_over() - some addresses say nothing where no walk can decide
 * @code:	a set that has them
 * @entries:	the addresses, in memory of xlp_alloc_array(), which is the set's from here on
 * @nr:		how many
 */
void xlp_code_pass_over(struct xlp_code *code, unsigned long *entries, unsigned int nr);

/**
 * xlp_code_has_but_entries() - the same as xlp_code_has(), without entries
 * @code:	a set with @entries
 * @addr:	the address
 *
 * Return: true if @addr leads into @code and is none of its @entries.
 */
bool xlp_code_has_but_entries(const struct xlp_code *code, unsigned long addr) __pure;

/**
 * xlp_code_equal() - are two sets the same code?
 * @one:	a set
 * @other:	another one
 *
 * Return: true if they are, and as many entries say nothing.
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
