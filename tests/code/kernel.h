/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/code.c, cold.c and the headers of common/ have of the kernel */
#ifndef _CODE_KERNEL_H
#define _CODE_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef unsigned long long u64;
typedef unsigned int u32;
typedef int s32;
typedef unsigned int gfp_t;

typedef struct {
	int counter;
} atomic_t;

#define __pure			__attribute__((pure))
#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define unlikely(condition)	(condition)
#define READ_ONCE(x)		(x)
#define BIT(nr)			(1UL << (nr))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define pr_err(...)		do {} while (0)
#define WARN_ON_ONCE(condition)	((void)(condition))

#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define array_size(nr, size)	((nr) * (size))
#define struct_size(at, member, nr)	\
	(sizeof(*(at)) + (nr) * sizeof((at)->member[0]))
#define container_of(place, type, member)	\
	((type *)((char *)(place) - offsetof(type, member)))
#define sort(base, nr, size, compare, swap)	qsort(base, nr, size, compare)

#define KSYM_NAME_LEN		512
#define KSYM_SYMBOL_LEN		600
#define TASK_COMM_LEN		16

/* Nobody else runs. */
static inline unsigned long smp_load_acquire(const unsigned long *place)
{
	return *place;
}

static inline unsigned int hash_long(unsigned long value, unsigned int bits)
{
	return value >> (sizeof(long) * 8 - bits);
}

/* FNV. */
static inline unsigned long init_name_hash(const void *salt)
{
	return 0x811c9dc5;
}

static inline unsigned long partial_name_hash(unsigned long c, unsigned long hash)
{
	return (hash ^ c) * 0x01000193;
}

static inline unsigned int end_name_hash(unsigned long hash)
{
	return hash;
}

struct completion;
struct static_call_key;
struct task_struct;

struct kobject {
	int unused;
};

struct ftrace_ops {
	int unused;
};

/**
 * struct module - a module
 * @name:	its name
 * @start:	of its code
 * @end:	of that
 */
struct module {
	const char *name;
	unsigned long start;
	unsigned long end;
};

/* ---- lists ---- */

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }

static inline void list_add(struct list_head *node, struct list_head *head)
{
	list_add_tail(node, head->next);
}

static inline void list_del(struct list_head *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
}

static inline void list_move_tail(struct list_head *node, struct list_head *head)
{
	list_del(node);
	list_add_tail(node, head);
}

#define list_for_each_entry(entry, head, member)					\
	for ((entry) = container_of((head)->next, __typeof__(*(entry)), member);	\
	     &(entry)->member != (head);						\
	     (entry) = container_of((entry)->member.next, __typeof__(*(entry)), member))

#define list_for_each_entry_safe(entry, next_entry, head, member)			\
	for ((entry) = container_of((head)->next, __typeof__(*(entry)), member);	\
	     (next_entry) = container_of((entry)->member.next, __typeof__(*(entry)), member), \
	     &(entry)->member != (head);						\
	     (entry) = (next_entry))

#endif /* _CODE_KERNEL_H */
