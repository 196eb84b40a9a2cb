/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/leaving.c has of the kernel; others may go on at each atomic step */
#ifndef _LEAVING_KERNEL_H
#define _LEAVING_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

typedef unsigned int gfp_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic_long_t;

/**
 * struct task_struct - a task
 * @flags:	PF_EXITING
 * @exit_state:	not 0: it is dead
 * @usage:	references
 * @is_listed:	it is on the task list
 * @has_ended:	it returns nowhere any more
 * @life:	how often its memory has been a task's, times 2; odd: it is one now
 * @met:	in which life it was met last
 */
struct task_struct {
	unsigned int flags;
	int exit_state;
	int usage;
	bool is_listed;
	bool has_ended;
	unsigned long life;
	unsigned long met;
} __attribute__((aligned(64)));

struct work_struct {
	void (*fn)(struct work_struct *work);
	bool is_due;
};

struct delayed_work {
	struct work_struct work;
};

#define PF_EXITING		4
#define ATOMIC_INIT(value)	{ value }
#define ATOMIC_LONG_INIT(value)	{ value }
#define DECLARE_WORK(name, function)		struct work_struct name = { .fn = function }
#define DECLARE_DELAYED_WORK(name, function)	struct delayed_work name = { { .fn = function } }

#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define unlikely(condition)	(condition)

/* Perhaps others go on; certainly they do. */
void step(void);
void let_others_go_on(void);

#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, value)	((x) = (value))
#define smp_load_acquire(place)	(step(), *(place))
#define smp_store_release(place, value)	(step(), (void)(*(place) = (value)))
#define smp_mb()		step()
#define cpu_relax()		let_others_go_on()

static inline bool try_cmpxchg(unsigned long *place, unsigned long *old, unsigned long value)
{
	step();
	if (*place == *old) {
		*place = value;
		return true;
	}
	*old = *place;
	return false;
}

#define cmpxchg(place, old, value) ({			\
	__typeof__(*(place)) found_;			\
	step();						\
	found_ = *(place);				\
	if (found_ == (old))				\
		*(place) = (value);			\
	found_;						\
})

#define atomic_read(v)		(step(), (v)->counter)
#define atomic_inc(v)		(step(), (void)++(v)->counter)
#define atomic_dec(v)		(step(), (void)--(v)->counter)
#define atomic_long_read	atomic_read
#define atomic_long_inc		atomic_inc
#define atomic_long_set(v, value)	((v)->counter = (value))

/* Two homes for all tasks, so that windows are full. */
static inline unsigned int hash_ptr(const void *place, unsigned int bits)
{
	return (unsigned long)place / sizeof(struct task_struct) & 1;
}

#define local_irq_save(flags)		((flags) = 0)
#define local_irq_restore(flags)	((void)(flags))
#define msecs_to_jiffies(ms)		(ms)

struct task_struct *get_task_struct(struct task_struct *task);
void put_task_struct(struct task_struct *task);
void synchronize_rcu_tasks(void);
void schedule_work(struct work_struct *work);
void schedule_delayed_work(struct delayed_work *work, unsigned long delay);
void cancel_work_sync(struct work_struct *work);
void cancel_delayed_work_sync(struct delayed_work *work);

#endif /* _LEAVING_KERNEL_H */
