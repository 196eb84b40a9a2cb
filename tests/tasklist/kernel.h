/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/tasklist.c has of the kernel: tasks in lists, and RCU */
#ifndef _TASKLIST_KERNEL_H
#define _TASKLIST_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned long long u64;

typedef struct {
	int counter;
} atomic_t;

#define ATOMIC_INIT(value)	{ value }
#define unlikely(condition)	(condition)
#define READ_ONCE(x)		(x)
#define container_of(place, type, member)	\
	((type *)((char *)(place) - offsetof(type, member)))

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

struct list_head {
	struct list_head *next, *prev;
};

/* Nobody else runs between two steps of a walk. */
#define list_next_or_null_rcu(head, ptr, type, member)	\
	((ptr)->next == (head) ? NULL : container_of((ptr)->next, type, member))
#define list_first_or_null_rcu(head, type, member)	\
	list_next_or_null_rcu(head, head, type, member)

/**
 * struct signal_struct - what the threads of a process share
 * @thread_head: their list
 * @nr:		how many tasks refer to it
 */
struct signal_struct {
	struct list_head thread_head;
	unsigned int nr;
};

/**
 * struct task_struct - a task
 * @tasks:	in the list of processes, if it leads one
 * @thread_node: in that of its process's threads
 * @signal:	its process
 * @group_leader: who leads that
 * @old_leader:	a leader whose place it has taken, and that is not released yet
 * @usage:	references, the lists' included
 * @has_pid:	it has not been released
 * @was_there:	it was on the list when the walk began
 * @visited:	and has been visited
 * @node:	among all tasks that are not freed
 * @gone:	among those that are when RCU is left
 */
struct task_struct {
	struct list_head tasks;
	struct list_head thread_node;
	struct signal_struct *signal;
	struct task_struct *group_leader;
	struct task_struct *old_leader;
	unsigned int usage;
	bool has_pid;
	bool was_there;
	bool visited;
	struct list_head node;
	struct task_struct *gone;
};

extern struct task_struct init_task;

void rcu_read_lock(void);
void rcu_read_unlock(void);
bool need_resched(void);
void cond_resched(void);
void schedule_timeout_idle(long timeout);
void put_task_struct(struct task_struct *task);

static inline struct task_struct *get_task_struct(struct task_struct *task)
{
	task->usage++;
	return task;
}

static inline bool pid_alive(const struct task_struct *task)
{
	return task->has_pid;
}

#endif /* _TASKLIST_KERNEL_H */
