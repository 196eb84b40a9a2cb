// SPDX-License-Identifier: GPL-2.0
/* alloc.c - xlp's own memory, and how a test makes it scarce */

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "alloc.h"

/* How many allocations until one fails; 0: none will. */
static atomic_t failing = ATOMIC_INIT(0);

static bool fails_now(void)
{
	return unlikely(atomic_read(&failing)) && !atomic_dec_if_positive(&failing);
}

void xlp_alloc_set_failing(unsigned int n)
{
	atomic_set(&failing, n);
}

unsigned int xlp_alloc_failing(void)
{
	return atomic_read(&failing);
}

void *xlp_alloc(size_t size)
{
	return fails_now() ? NULL : kvzalloc(size, GFP_KERNEL);
}

void *xlp_alloc_array(size_t nr, size_t size)
{
	return !nr || fails_now() ? NULL : kvcalloc(nr, size, GFP_KERNEL);
}

void *xlp_alloc_atomic(size_t size)
{
	return fails_now() ? NULL : kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
}

void xlp_free(const void *memory)
{
	kvfree(memory);
}

void xlp_free_atomic(const void *memory)
{
	kfree(memory);
}
