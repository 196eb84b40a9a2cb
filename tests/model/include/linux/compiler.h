/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_COMPILER_H
#define _MODEL_LINUX_COMPILER_H

#include <stddef.h>
#include "../../memory.h"

#undef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define READ_ONCE(x)							\
({									\
	__typeof__(&(x)) place_ = &(x);					\
									\
	model_before_load(place_, #x);					\
	*(volatile __typeof__(x) *)place_;				\
})

#define WRITE_ONCE(x, value)						\
	model_store(&(x), sizeof(x), (unsigned long)(value), RELAXED, #x)

#endif /* _MODEL_LINUX_COMPILER_H */
