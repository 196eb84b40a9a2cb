/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_ASM_BARRIER_H
#define _MODEL_ASM_BARRIER_H

#include <linux/compiler.h>

/* Loads are never early here: see the README. */
#define smp_load_acquire(place)	READ_ONCE(*(place))
#define smp_store_release(place, value)					\
	model_store(place, sizeof(*(place)), (unsigned long)(value), RELEASE, #place)
#define smp_mb()		model_barrier()

#endif /* _MODEL_ASM_BARRIER_H */
