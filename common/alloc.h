/* SPDX-License-Identifier: GPL-2.0 */
/*
 * alloc.h - xlp's own memory, all of which comes from here
 *
 * So that a test can make any allocation fail on any kernel: see
 * fail_allocation in debugfs.c.
 */
#ifndef _XLP_COMMON_ALLOC_H
#define _XLP_COMMON_ALLOC_H

#include <linux/atomic.h>
#include <linux/types.h>

/**
 * xlp_alloc() - allocate zeroed memory
 * @size:	in bytes
 *
 * Context: process context, may sleep.
 *
 * Return: the memory, to be freed by xlp_free(), or NULL.
 */
void *xlp_alloc(size_t size);

/**
 * xlp_alloc_array() - allocate a zeroed array
 * @nr:		how many elements
 * @size:	of one
 *
 * Context: process context, may sleep.
 *
 * Return: the memory, to be freed by xlp_free(), or NULL, also if @nr is 0.
 */
void *xlp_alloc_array(size_t nr, size_t size);

/**
 * xlp_alloc_atomic() - allocate a little memory where sleeping is not possible
 * @size:	in bytes
 *
 * Context: any; on PREEMPT_RT not with preemption disabled.
 *
 * Return: the memory, to be freed by xlp_free_atomic(), or NULL.
 */
void *xlp_alloc_atomic(size_t size);

/**
 * xlp_alloc_for_patch() - allocate zeroed memory on behalf of a patch
 * @size:	in bytes
 * @gfp:	how, as the patch has said
 *
 * Context: any that @gfp suits.
 *
 * Return: the memory, to be freed by kfree() or kfree_rcu(), or NULL.
 */
void *xlp_alloc_for_patch(size_t size, gfp_t gfp);

/**
 * xlp_free() - free what xlp_alloc(), xlp_alloc_array() or xlp_alloc_spare() returned
 * @memory:	the memory, or NULL
 *
 * Context: process context, may sleep.
 */
void xlp_free(const void *memory);

/**
 * xlp_alloc_spare() - allocate zeroed memory for later, to be used where not
 *	even an atomic allocation is possible
 * @size:	in bytes
 *
 * Does not count for a test: that it is missing when it is wanted is what a test may
 * ask for, see xlp_atomic_alloc_fails().
 *
 * Context: process context, may sleep.
 *
 * Return: the memory, to be freed by xlp_free(), or NULL.
 */
void *xlp_alloc_spare(size_t size);

/**
 * xlp_atomic_alloc_fails() - has a test asked that this use of a spare fails?
 *
 * Context: any.
 *
 * Return: true if it has.
 */
bool xlp_atomic_alloc_fails(void);

/**
 * xlp_free_atomic() - free what xlp_alloc_atomic() returned
 * @memory:	the memory, or NULL
 *
 * Context: any; on PREEMPT_RT not with preemption disabled.
 */
void xlp_free_atomic(const void *memory);

/**
 * xlp_alloc_exit() - warn if any memory that was allocated here has not been freed
 *
 * But for xlp_alloc_for_patch(), whose memory the kernel frees.
 *
 * Context: when nothing of xlp's runs any more.
 */
void xlp_alloc_exit(void);

/*
 * How many allocations it is until they fail, all from then on; 0: none will.
 * Atomic ones have a count of their own: whatever exits on the machine makes some.
 */
extern atomic_t xlp_failing_allocation;
extern atomic_t xlp_failing_atomic_allocation;

#endif /* _XLP_COMMON_ALLOC_H */
