/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/growing.c, sites.c and the headers of common/ have of the kernel */
#ifndef _GROWING_KERNEL_H
#define _GROWING_KERNEL_H

#include <errno.h>
#include "../direct/kernel.h"

#define noinline

#define FTRACE_OPS_FL_IPMODIFY	2
#define FTRACE_OPS_FL_DYNAMIC	4

/* The first thing that a handler reads is which table is in use. */
unsigned long machine_read(unsigned long value);
#undef READ_ONCE
#define READ_ONCE(place)	((__typeof__(place))machine_read((unsigned long)(place)))

static inline unsigned int ilog2(unsigned long n)
{
	return sizeof(long) * 8 - 1 - __builtin_clzl(n);
}

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

static inline long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

static inline bool IS_ERR(const void *pointer)
{
	return (unsigned long)pointer >= -4095UL;
}

#endif /* _GROWING_KERNEL_H */
