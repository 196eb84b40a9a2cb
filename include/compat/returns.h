/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat/returns.h - return addresses that are not on the stack
 *
 * Function graph tracing and kretprobes put the address of a trampoline where a
 * function's return address was, and keep that one in a list of the task's.
 * The lists belong to the task: they do not change while it does not run.
 */
#ifndef _XLP_COMPAT_RETURNS_H
#define _XLP_COMPAT_RETURNS_H

#include <linux/kprobes.h>
#include <linux/llist.h>
#include <linux/rethook.h>
#include <linux/sched.h>

/**
 * xlp_graph_returns() - what function graph tracing keeps for a task
 * @task:	a task that is not running
 * @words:	set to how many words there are
 *
 * Return: the first of the words, the return addresses among others.
 */
static inline const unsigned long *
xlp_graph_returns(const struct task_struct *task, unsigned int *words)
{
	*words = 0;
#ifdef CONFIG_FUNCTION_GRAPH_TRACER
	/* Pairs with the tracer's publishing of a new, empty ret_stack. */
	const void *returns = smp_load_acquire(&task->ret_stack);
	int current_entry = READ_ONCE(task->curr_ret_stack);

	if (!returns)
		return NULL;
# ifdef XLP_HAVE_GRAPH_WORDS
	if (current_entry > 0)
		*words = current_entry;
# else
	if (current_entry >= 0)
		*words = (current_entry + 1) * sizeof(*task->ret_stack) / sizeof(long);
# endif
	return returns;
#else
	return NULL;
#endif
}

/*
 * A probe's node also says whose return address it has replaced. In which terms
 * differs: on arm64 it is the frame pointer that the caller had.
 */
#ifdef CONFIG_RETHOOK
static inline struct llist_node *xlp_hooked_returns(const struct task_struct *task)
{
	return READ_ONCE(task->rethooks.first);
}

static inline unsigned long xlp_hooked_return(struct llist_node *node)
{
	return llist_entry(node, struct rethook_node, llist)->ret_addr;
}

static inline unsigned long xlp_hooked_frame(struct llist_node *node)
{
	return llist_entry(node, struct rethook_node, llist)->frame;
}
#elif defined(CONFIG_KRETPROBES)
static inline struct llist_node *xlp_hooked_returns(const struct task_struct *task)
{
	return READ_ONCE(task->kretprobe_instances.first);
}

static inline unsigned long xlp_hooked_return(struct llist_node *node)
{
	return (unsigned long)llist_entry(node, struct kretprobe_instance, llist)->ret_addr;
}

static inline unsigned long xlp_hooked_frame(struct llist_node *node)
{
	return (unsigned long)llist_entry(node, struct kretprobe_instance, llist)->fp;
}
#else
static inline struct llist_node *xlp_hooked_returns(const struct task_struct *task)
{
	return NULL;
}

static inline unsigned long xlp_hooked_return(struct llist_node *node)
{
	return 0;
}

static inline unsigned long xlp_hooked_frame(struct llist_node *node)
{
	return 0;
}
#endif

#endif /* _XLP_COMPAT_RETURNS_H */
