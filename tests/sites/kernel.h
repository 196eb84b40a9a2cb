/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/sites.c and the headers of common/ have of the kernel */
#ifndef _SITES_KERNEL_H
#define _SITES_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long u64;

#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define likely(condition)	(condition)
#define unlikely(condition)	(condition)
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BUILD_BUG_ON(condition)	((void)sizeof(char[1 - 2 * !!(condition)]))

#define READ_ONCE(place)	(place)
#define WRITE_ONCE(place, value)	((place) = (value))
#define struct_size(at, member, n)	(sizeof(*(at)) + (n) * sizeof(*(at)->member))

#define KSYM_SYMBOL_LEN		600

typedef struct { int counter; } atomic_t;
typedef unsigned int gfp_t;

/* Only how many lines there are counts. */
void log_line(void);
#define pr_err(...)		((void)sizeof(printf(__VA_ARGS__)), log_line())

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

static inline unsigned int ilog2(unsigned long n)
{
	return sizeof(long) * 8 - 1 - __builtin_clzl(n);
}

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n == 1 ? 1 : 2UL << ilog2(n - 1);
}

/* Nobody else runs. */
static inline unsigned long smp_load_acquire(const unsigned long *place)
{
	return *place;
}

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

#endif /* _SITES_KERNEL_H */
