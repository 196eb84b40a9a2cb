/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/branch.c, hook.c and the headers of common/ have of the kernel */
#ifndef _BRANCH_KERNEL_H
#define _BRANCH_KERNEL_H

#include "../code/kernel.h"

#undef READ_ONCE
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, value)	((x) = (value))
#define abs(n)			__builtin_labs(n)
#define likely(condition)	(condition)
#define notrace
/* One task runs, so nobody sees in which order. */
#define smp_load_acquire(place)		(*(place))
/* Likewise. */
#define smp_store_release(place, value)	((void)(*(place) = (value)))
#define atomic_inc_return(place)	(++(place)->counter)
#define cpu_relax()		do {} while (0)
#define preempt_disable()	do {} while (0)
#define preempt_enable()	do {} while (0)

/* What has been said last. */
extern char said[];
#undef pr_err
#define pr_err(format, ...)	((void)snprintf(said, 1000, format, ##__VA_ARGS__))
#define pr_warn(...)		do {} while (0)
#define strscpy(to, from, size)	((void)snprintf(to, size, "%s", from))

/* One task runs. */
struct mutex {
	bool locked;
};

#define DEFINE_MUTEX(name)	struct mutex name
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

#define THIS_MODULE		NULL
void __module_get(const void *unused);
void module_put(const void *unused);

/* All CPUs but this one wait. */
#define cpu_online_mask		NULL
int stop_machine(int (*stopped)(void *data), void *data, const void *unused);
void synchronize_rcu_tasks(void);

typedef u32 kprobe_opcode_t;
#define KPROBE_FLAG_GONE	1
#define KPROBE_FLAG_DISABLED	2

struct kprobe {
	kprobe_opcode_t *addr;
	const char *symbol_name;
	kprobe_opcode_t opcode;
	unsigned int flags;
};

int register_kprobe(struct kprobe *probe);
void unregister_kprobe(struct kprobe *probe);
struct kprobe *machine_get_kprobe(kprobe_opcode_t *addr);

#define unexported(name)	machine_##name
#define unexported_found(name)	(!!unexported(name))

/* ---- lists and tables ---- */

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_del_init(struct list_head *node)
{
	list_del(node);
	INIT_LIST_HEAD(node);
}

#define list_first_entry_or_null(head, type, member)	\
	(list_empty(head) ? NULL : container_of((head)->next, type, member))

/* All of one table in one list. */
struct hlist_head {
	struct hlist_node *first;
};

#define DEFINE_HASHTABLE(name, bits)	struct hlist_head name

static inline void hlist_add(struct hlist_head *head, struct hlist_node *node)
{
	node->next = head->first;
	node->pprev = &head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
}

static inline void hash_del(struct hlist_node *node)
{
	if (!node->pprev)
		return;
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	node->pprev = NULL;
}

#define hash_add(table, node, key)	hlist_add(&(table), node)
#define hash_for_each_possible(table, entry, member, key)				\
	for ((entry) = hash_entry((table).first, __typeof__(*(entry)), member); (entry);	\
	     (entry) = hash_entry((entry)->member.next, __typeof__(*(entry)), member))
#define hash_entry(node, type, member)	((node) ? container_of(node, type, member) : NULL)

struct work_struct {
	int unused;
};

struct delayed_work {
	void (*look)(struct work_struct *work);
	bool pending;
};

#define DECLARE_DELAYED_WORK(name, function)	struct delayed_work name = { .look = (function) }
#define msecs_to_jiffies(ms)	(ms)
void schedule_delayed_work(struct delayed_work *work, unsigned long unused);
void flush_delayed_work(struct delayed_work *work);
void cancel_delayed_work(struct delayed_work *work);

struct seq_file {
	unsigned int lines;
};

#define seq_printf(file, ...)	((void)(file)->lines++)

#endif /* _BRANCH_KERNEL_H */
