// SPDX-License-Identifier: GPL-2.0
/* alloc.c - xlp's own memory, and how a test makes it scarce */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "alloc.h"

atomic_t xlp_failing_allocation = ATOMIC_INIT(0);
atomic_t xlp_failing_atomic_allocation = ATOMIC_INIT(0);

/* Allocations in use: those of each CPU less those that were freed on it. */
static DEFINE_PER_CPU(long, alloc_balance);

static void *alloc_count(void *memory)
{
	if (memory)
		this_cpu_inc(alloc_balance);
	return memory;
}

static const void *alloc_discount(const void *memory)
{
	if (memory)
		this_cpu_dec(alloc_balance);
	return memory;
}

/* Counts down to 1 and stays there until a test has seen enough. */
static bool alloc_fails_now(atomic_t *countdown)
{
	return unlikely(atomic_read(countdown) > 0) && !atomic_add_unless(countdown, -1, 1);
}

void *xlp_alloc(size_t size)
{
	return alloc_fails_now(&xlp_failing_allocation) ? NULL :
	       alloc_count(kvzalloc(size, GFP_KERNEL));
}

void *xlp_alloc_array(size_t nr, size_t size)
{
	if (!nr || alloc_fails_now(&xlp_failing_allocation))
		return NULL;
	return alloc_count(kvcalloc(nr, size, GFP_KERNEL));
}

bool xlp_atomic_alloc_fails(void)
{
	return alloc_fails_now(&xlp_failing_atomic_allocation);
}

void *xlp_alloc_atomic(size_t size)
{
	return xlp_atomic_alloc_fails() ? NULL :
	       alloc_count(kmalloc(size, GFP_ATOMIC | __GFP_NOWARN));
}

void *xlp_alloc_spare(size_t size)
{
	return alloc_count(kvzalloc(size, GFP_KERNEL | __GFP_NOWARN));
}

void *xlp_alloc_for_patch(size_t size, gfp_t gfp)
{
	if (alloc_fails_now(gfpflags_allow_blocking(gfp) ? &xlp_failing_allocation :
						     &xlp_failing_atomic_allocation))
		return NULL;
	return kzalloc(size, gfp);
}

void xlp_free(const void *memory)
{
	kvfree(alloc_discount(memory));
}

void xlp_free_atomic(const void *memory)
{
	kfree(alloc_discount(memory));
}

void xlp_alloc_exit(void)
{
	long nr = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		nr += per_cpu(alloc_balance, cpu);
	WARN(nr, "xlp: %ld allocations are not freed\n", nr);
}
