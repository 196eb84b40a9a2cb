/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - what common/shadow.c has of the kernel, for this machine
 *
 * All headers of the kernel that it names lead here. What is volatile here is what the
 * kernel's own code marks by READ_ONCE(), WRITE_ONCE() or an RCU macro.
 */
#ifndef _GROWTH_KERNEL_H
#define _GROWTH_KERNEL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include "growth.h"

typedef unsigned long long u64;
typedef unsigned int gfp_t;

typedef struct {
	int counter;
} atomic_t;

#define ENOMEM			12
#define BITS_PER_LONG		64

#define __rcu
#define __aligned(bytes)	__attribute__((aligned(bytes)))
#define EXPORT_SYMBOL_GPL(name)
#define pr_err(...)		do {} while (0)

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))

#define min(a, b)		((a) < (b) ? (a) : (b))
#define ilog2(n)		((unsigned int)(BITS_PER_LONG - 1 - __builtin_clzl(n)))
#define struct_size(at, member, nr)	\
	(sizeof(*(at)) + (nr) * sizeof((at)->member[0]))
#define container_of(place, type, member)	\
	((type *)((char *)(place) - offsetof(type, member)))

static inline unsigned int hash_long(unsigned long value, unsigned int bits)
{
	return value * 0x61c8864680b583ebUL >> (BITS_PER_LONG - bits);
}

#define WARN(condition, ...)						\
({									\
	bool warn_ = (condition);					\
									\
	growth_must(!warn_, "shadow.c warns: " #condition);		\
	warn_;								\
})

/* ---- lock, RCU, work, memory ---- */

typedef struct {
	int unused;
} spinlock_t;

#define DEFINE_SPINLOCK(name)		spinlock_t name
#define spin_lock_irq(lock)		((void)(lock), growth_lock())
#define spin_unlock_irq(lock)		((void)(lock), growth_unlock())
#define spin_lock_irqsave(lock, flags)	((flags) = 0, growth_lock())
#define spin_unlock_irqrestore(lock, flags)	((void)(flags), growth_unlock())
#define lockdep_is_held(lock)		growth_holds_lock()

#define rcu_read_lock()			growth_read_lock()
#define rcu_read_unlock()		growth_read_unlock()
#define synchronize_rcu()		growth_synchronize()
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference(p)		\
	(growth_must(growth_is_reader(), "rcu_dereference() in no reader"), READ_ONCE(p))
#define rcu_dereference_protected(p, condition)	\
	(growth_must(condition, "not protected: " #condition), READ_ONCE(p))
#define rcu_assign_pointer(p, value)	WRITE_ONCE(p, value)
#define RCU_INIT_POINTER(p, value)	WRITE_ONCE(p, value)

struct rcu_head {
	void *unused[2];
};

#define kfree_rcu(memory, head)		growth_free_later(memory)
#define kfree(memory)			growth_free(memory)

struct work_struct {
	void (*function)(struct work_struct *work);
};

#define DECLARE_WORK(name, fn)		struct work_struct name = { .function = (fn) }
#define schedule_work(work)		growth_schedule((work)->function)
#define cancel_work_sync(work)		do {} while (0)
#define cond_resched()			growth_step()

/* ---- chains ---- */

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

#define hlist_first_rcu(head)		((head)->first)
#define hlist_next_rcu(node)		((node)->next)
#define hlist_entry(node, type, member)	container_of(node, type, member)

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	node->pprev = &head->first;
	WRITE_ONCE(head->first, node);
	if (first)
		first->pprev = &node->next;
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	struct hlist_node *next = node->next;

	WRITE_ONCE(*node->pprev, next);
	if (next)
		next->pprev = node->pprev;
	node->pprev = NULL;
}

#endif /* _GROWTH_KERNEL_H */
