/* SPDX-License-Identifier: GPL-2.0 */
/* linux/types.h - what arch/loongarch/prologue.c needs of the kernel */
#ifndef _PROLOGUE_LINUX_TYPES_H
#define _PROLOGUE_LINUX_TYPES_H

#include <stdbool.h>

typedef unsigned int u32;

#define IS_ALIGNED(x, a)	(((x) & ((a) - 1)) == 0)
#define READ_ONCE(x)		(x)
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static inline int sign_extend32(u32 value, int index)
{
	return (int)(value << (31 - index)) >> (31 - index);
}

#endif /* _PROLOGUE_LINUX_TYPES_H */
