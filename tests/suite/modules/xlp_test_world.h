/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_world.h - what the modules of the world checker share
 *
 *	xlp_test_world		the checker: judges every call of a member
 *	xlp_test_world_target	the members, in version 0
 *	xlp_test_world_calls	calls them from every context
 *	xlp_test_world_a, _b	patches, versions 1 and 2 of all members
 *
 * Members are functions that a patch replaces together. Each tells the checker
 * which version of it is running; every caller tells it before each call.
 */
#ifndef _XLP_TEST_WORLD_H
#define _XLP_TEST_WORLD_H

#include <linux/compiler.h>
#include <linux/notifier.h>
#include <linux/types.h>

#include "xlp_test.h"

/* Original, patch a, patch b. */
#define XW_VERSIONS	3
/* No version at all. */
#define XW_NONE		XW_VERSIONS

/* Where calls come from; from XW_TIMER on they are interrupts. */
#define XW_CONTEXTS(X)							\
	X(SYSCALL, syscall) X(MODULE, module) X(KTHREAD, kthread)	\
	X(WORK, work) X(TIMER, timer) X(TASKLET, tasklet)		\
	X(HRTIMER, hrtimer) X(IRQ_WORK, irq_work)

/*
 * The members that take a caller and return nothing. In the set "chain" each
 * calls the next, "nap" sleeps between outer and inner, in "row" one calls three
 * others in turn, which are also called one by one.
 */
#define XW_MEMBERS(X)							\
	X(CHAIN_OUTER, chain_outer) X(CHAIN_MIDDLE, chain_middle)	\
	X(CHAIN_INNER, chain_inner)					\
	X(NAP_OUTER, nap_outer) X(NAP_INNER, nap_inner)			\
	X(ROW_ALL, row_all) X(ROW_FIRST, row_first)			\
	X(ROW_SECOND, row_second) X(ROW_THIRD, row_third)

/* The set "notify": a function of vmlinux, and what it calls. */
#define XW_NOTIFY(X)							\
	X(NOTIFIED, notified)						\
	X(NOTIFY, atomic_notifier_call_chain)

#define XW_CONTEXT_ID(id, name)	XW_##id,
#define XW_NAME(id, name)	#name,

enum xw_context {
	XW_CONTEXTS(XW_CONTEXT_ID)
	XW_NR_CONTEXTS
};

enum xw_func {
	XW_MEMBERS(XW_CONTEXT_ID)
	XW_NOTIFY(XW_CONTEXT_ID)
	XW_NR_FUNCS
};

/**
 * struct xw_caller - one that calls members: a task, or one source of interrupts
 * @context:	what it is
 * @made:	the phase it read before its last call
 * @met:	the switch whose new world somebody had seen before that call
 * @inside:	how many members are on the stack
 * @version:	version of the outermost of them
 * @first:	first version seen since xw_begin()
 * @phase:	the phase in which a member last ran
 * @last:	its version
 * @notifier_known: the caller of notified() has said its version
 * @lingered:	how often it did, see xw_linger()
 *
 * Belongs to one thread of execution; an interrupt has one of its own.
 */
struct xw_caller {
	enum xw_context context;
	unsigned long made;
	unsigned long met;
	unsigned int inside;
	unsigned int version;
	unsigned int first;
	unsigned long phase;
	unsigned int last;
	bool notifier_known;
	unsigned int lingered;
};

/**
 * struct xw_world - what the controller has told, and what callers have found
 * @phase:	which versions may run, see xlp_test_world.c
 * @met:	number of the last switch whose new world somebody has seen
 */
struct xw_world {
	unsigned long phase;
	unsigned long met;
};

extern struct xw_world xw_world;

/* xlp_test_world.c */
void xw_enter(struct xw_caller *caller, enum xw_func func, unsigned int version);
void xw_linger(struct xw_caller *caller);
void xw_nap(void);

/* Before the calls of one system call, one turn or one interrupt. */
static inline void xw_begin(struct xw_caller *caller)
{
	caller->inside = 0;
	caller->first = XW_NONE;
}

/* What a caller knows at the moment of a call; xlp_test_world.c says why in order. */
static __always_inline void xw_before_call(struct xw_caller *caller)
{
	/* pairs with the release in tell_phase() */
	caller->made = smp_load_acquire(&xw_world.phase);
	/* pairs with the release in judge_direction() */
	caller->met = smp_load_acquire(&xw_world.met);
}

static __always_inline void xw_call(struct xw_caller *caller,
				    void (*member)(struct xw_caller *caller))
{
	xw_before_call(caller);
	member(caller);
}

/* The last step of a member, which keeps its calls from being tail calls. */
static __always_inline void xw_leave(struct xw_caller *caller)
{
	barrier();
	caller->inside--;
}

/* xlp_test_world_target.c */
#define XW_DECLARE(id, name)	void xw_##name(struct xw_caller *caller);
XW_MEMBERS(XW_DECLARE)
int xw_notified(struct notifier_block *nb, unsigned long unused, void *caller);
extern struct atomic_notifier_head xw_notifiers;

#endif /* _XLP_TEST_WORLD_H */
