/* SPDX-License-Identifier: GPL-2.0 */
/*
 * alloc.h - xlp's own memory, all of which comes from here
 *
 * So that a test can make any one allocation fail on any kernel:
 * /sys/kernel/debug/xlp/fail_allocation.
 */
#ifndef _XLP_COMMON_ALLOC_H
#define _XLP_COMMON_ALLOC_H

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
 * Context: any.
 *
 * Return: the memory, to be freed by xlp_free_atomic(), or NULL.
 */
void *xlp_alloc_atomic(size_t size);

/**
 * xlp_free() - free what xlp_alloc() or xlp_alloc_array() returned
 * @memory:	the memory, or NULL
 *
 * Context: process context, may sleep.
 */
void xlp_free(const void *memory);

/**
 * xlp_free_atomic() - free what xlp_alloc_atomic() returned
 * @memory:	the memory, or NULL
 *
 * Context: any.
 */
void xlp_free_atomic(const void *memory);

/*
 * The @n-th allocation from now on fails, once; 0: none. What is left of the
 * count tells a test whether it has happened: 0 again.
 */
void xlp_alloc_set_failing(unsigned int n);
unsigned int xlp_alloc_failing(void);

#endif /* _XLP_COMMON_ALLOC_H */
