// SPDX-License-Identifier: GPL-2.0
/* alloc.c - xlp's own memory, and how a test makes it scarce */

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "alloc.h"

atomic_t xlp_failing_allocation = ATOMIC_INIT(0);
atomic_t xlp_failing_atomic_allocation = ATOMIC_INIT(0);

/* Counts down to 1 and stays there until a test has seen enough. */
static bool fails_now(atomic_t *countdown)
{
	return unlikely(atomic_read(countdown) > 0) && !atomic_add_unless(countdown, -1, 1);
}

void *xlp_alloc(size_t size)
{
	return fails_now(&xlp_failing_allocation) ? NULL : kvzalloc(size, GFP_KERNEL);
}

void *xlp_alloc_array(size_t nr, size_t size)
{
	if (!nr || fails_now(&xlp_failing_allocation))
		return NULL;
	return kvcalloc(nr, size, GFP_KERNEL);
}

bool xlp_atomic_alloc_fails(void)
{
	return fails_now(&xlp_failing_atomic_allocation);
}

void *xlp_alloc_atomic(size_t size)
{
	return xlp_atomic_alloc_fails() ? NULL : kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
}

void *xlp_alloc_spare(size_t size)
{
	return kzalloc(size, GFP_KERNEL | __GFP_NOWARN);
}

void *xlp_alloc_for_patch(size_t size, gfp_t gfp)
{
	if (fails_now(gfpflags_allow_blocking(gfp) ? &xlp_failing_allocation :
						     &xlp_failing_atomic_allocation))
		return NULL;
	return kzalloc(size, gfp);
}

void xlp_free(const void *memory)
{
	kvfree(memory);
}

void xlp_free_atomic(const void *memory)
{
	kfree(memory);
}
