/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/frames.c has of the kernel and of xlp */
#ifndef _FRAMES_KERNEL_H
#define _FRAMES_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#define THREAD_SIZE		4096UL

#define __no_sanitize_address
#define READ_ONCE(x)		(x)
#define READ_ONCE_NOCHECK(x)	(x)
#define ALIGN(x, size)		(((x) + (size) - 1) & ~((size) - 1UL))
#define IS_ALIGNED(x, size)	(!((x) & ((size) - 1)))
#define max(x, y)		((x) > (y) ? (x) : (y))

struct llist_node {
	struct llist_node *next;
};

/**
 * struct thread_struct - what a context switch saves, by riscv's names
 * @ra:		where the task goes on
 * @sp:		the stack pointer
 * @s:		the first one is the frame pointer
 * @fstate:	comes next
 */
struct thread_struct {
	unsigned long ra;
	unsigned long sp;
	unsigned long s[12];
	unsigned long fstate;
};

/**
 * struct task_struct - a task
 * @thread:	what its context switch has saved
 * @stack:	its stack
 * @probes:	what return probes have replaced
 * @is_idle:	it is a CPU's idle task
 */
struct task_struct {
	struct thread_struct thread;
	unsigned long *stack;
	struct llist_node *probes;
	bool is_idle;
};

/* Nobody's: no task walks its own stack here. */
#define current			((struct task_struct *)NULL)
#define task_stack_page(task)	((void *)(task)->stack)
#define is_idle_task(task)	((task)->is_idle)

/* Above it are the registers of user space. */
static inline unsigned long task_pt_regs(const struct task_struct *task)
{
	return (unsigned long)task->stack + THREAD_SIZE - 256;
}

/* ---- code, by its addresses ---- */

#define PLAIN_CODE		0x10000UL
#define ENTRY_CODE		0x20000UL
#define NEWBORN_CODE		0x28000UL	/* where new tasks begin */
#define OUTERMOST_CODE		0x30000UL
#define THREAD_CODE		0x38000UL	/* what threads of the kernel are there for */
#define GRAPH_TRAMPOLINE	0x40000UL
#define PROBE_TRAMPOLINE	0x50000UL
#define CODE_SIZE		0x1000UL
#define FUNCTION_SIZE		0x100UL

static inline bool is_in(unsigned long code, unsigned long addr)
{
	return addr >= code && addr < code + CODE_SIZE;
}

static inline bool xlp_in_entry_code(unsigned long addr)
{
	return is_in(ENTRY_CODE, addr) || is_in(NEWBORN_CODE, addr);
}

bool xlp_in_outermost_code(unsigned long addr);

struct xlp_range {
	unsigned long start;
	unsigned long end;
};

static inline bool xlp_in_range(const struct xlp_range *range, unsigned long addr)
{
	return addr >= range->start && addr < range->end;
}

static inline struct xlp_range xlp_symbol_around(unsigned long addr)
{
	unsigned long start = addr - addr % FUNCTION_SIZE;

	if (!is_in(PLAIN_CODE, addr) && !is_in(THREAD_CODE, addr))
		return (struct xlp_range){ 0, 0 };
	return (struct xlp_range){ start, start + FUNCTION_SIZE };
}

static inline bool xlp_is_hooked_return(unsigned long addr)
{
	return addr == GRAPH_TRAMPOLINE || addr == PROBE_TRAMPOLINE;
}

extern bool is_text_found, is_entry_found;

#define xlp_text_found()	is_text_found
#define xlp_entry_code_found()	is_entry_found

/* ---- what tracers and probes have replaced ---- */

/**
 * struct probed - what a return probe has replaced
 * @node:	in the task's list
 * @frame:	whose
 * @addr:	by its trampoline
 */
struct probed {
	struct llist_node node;
	unsigned long frame;
	unsigned long addr;
};

#define xlp_hooked_returns(task)	((task)->probes)
#define xlp_hooked_frame(place)		(((struct probed *)(place))->frame)
#define xlp_hooked_return(place)	(((struct probed *)(place))->addr)

unsigned long ftrace_graph_ret_addr(struct task_struct *task, int *index, unsigned long addr,
				    unsigned long *place);

#define unexported(name)	name
#define unexported_found(name)	true

/* ---- what every walker has of xlp ---- */

struct xlp_walk {
	const struct task_struct *task;
	bool (*visit)(void *data, unsigned long addr);
	void *data;
};

static inline bool xlp_visit_frame(void *data, unsigned long addr)
{
	const struct xlp_walk *walk = data;

	return walk->visit(walk->data, addr) &&
	       (is_in(PLAIN_CODE, addr) || is_in(THREAD_CODE, addr) ||
		is_in(OUTERMOST_CODE, addr - 1) || xlp_in_entry_code(addr));
}

#endif /* _FRAMES_KERNEL_H */
