/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_walk.h - chains of calls that are known, and looks at their stacks
 *
 * A chain is a list of links, functions that call the next one through a
 * pointer, and an end: the innermost one sleeps, spins or faults while somebody
 * looks. Every link notes where it will return to. Tracers and probes replace
 * that address before a link can note it, so each chain runs once, when the
 * module loads, for what it notes then.
 */
#ifndef _XLP_TEST_WALK_H
#define _XLP_TEST_WALK_H

#include <linux/completion.h>
#include <linux/instruction_pointer.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "xlp_test.h"

#define XW_MAX_FRAMES	512	/* of a chain */
#define XW_MAX_WORDS	4096	/* of a stack */
#define XW_SPIN_MS	2000	/* so that nothing hangs if nobody looks */

/**
 * struct xw_frames - the addresses that a chain must show, outermost first
 * @n:		how many
 * @addr:	an address, or 0 for any in the function
 * @in:		of this name
 */
struct xw_frames {
	unsigned int n;
	unsigned long addr[XW_MAX_FRAMES];
	const char *in[XW_MAX_FRAMES];
};

struct xw_chain;
typedef void (*xw_link)(struct xw_chain *chain);

/**
 * struct xw_shape - a chain to be
 * @name:	of the case
 * @links:	outermost first, ends with NULL
 * @expected:	what it must show, if it has run to tell
 */
struct xw_shape {
	const char *name;
	const xw_link *links;
	struct xw_frames *expected;
};

/**
 * struct xw_chain - a chain that runs
 * @shape:	what it is made of
 * @end:	what its last link calls
 * @next:	the link to be called next
 * @depth:	how often a recursive link has to call itself yet
 * @live:	addresses as the links found them
 * @there:	the end is reached
 * @go_on:	tells the end to return
 * @task:	who runs it
 * @frame:	where the frame of an end that sleeps begins; all that it calls is below
 * @user:	an address in user space, for an end that faults
 * @bytes:	room for what it copies
 * @spinning:	an end that spins or faults has begun
 * @stop:	tells it to return
 * @why_not:	why the case cannot be run here
 * @sum:	for work that the compiler cannot leave out
 */
struct xw_chain {
	const struct xw_shape *shape;
	xw_link end;
	unsigned int next;
	unsigned int depth;
	struct xw_frames live;
	struct completion there;
	struct completion go_on;
	struct task_struct *task;
	unsigned long frame;
	unsigned long user;
	char bytes[64];
	bool spinning;
	bool stop;
	const char *why_not;
	unsigned long sum;
};

static inline void xw_note(struct xw_chain *chain, unsigned long addr, const char *in)
{
	struct xw_frames *live = &chain->live;

	if (live->n == XW_MAX_FRAMES)
		return;
	live->addr[live->n] = addr;
	live->in[live->n++] = in;
}

/* Only in the function itself, which must not be inlined. */
#define xw_note_return(chain)	xw_note(chain, _RET_IP_, NULL)

/* chains.c */
extern struct xw_shape xw_plain, xw_recursion, xw_alloca, xw_registers, xw_user, xw_replaced;
void xw_run_chain(struct xw_chain *chain);
void xw_learn_chains(void);
void xw_end_sleep(struct xw_chain *chain);
void xw_end_spin(struct xw_chain *chain);
void xw_end_fault(struct xw_chain *chain);
void xw_spin(struct xw_chain *chain);

/* look.c */
struct xw_look {
	int walk_err;
	int scan_err;
	unsigned int walked;
	unsigned int scanned;
	unsigned long walk[XW_MAX_WORDS];
	unsigned long scan[XW_MAX_WORDS];
};

extern struct xw_look xw_look;
void xw_look_at(struct task_struct *task);
void xw_look_when_asleep(struct task_struct *task);
bool xw_is_in(unsigned long addr, const char *function);
bool xw_scanned(unsigned long addr);
void xw_show_chain(struct seq_file *m, const struct xw_frames *expected,
		   const struct xw_chain *chain);
const char *xw_judge(const struct xw_frames *expected);
void xw_saved(struct seq_file *m);
void xw_tasks(struct seq_file *m);
void xw_idle(struct seq_file *m);
void xw_zombie(struct seq_file *m);
void xw_exiting(struct seq_file *m);
void xw_never_ran(struct seq_file *m);
void xw_corrupt_returns(struct seq_file *m);
void xw_corrupt_links(struct seq_file *m);
void xw_idle_links(struct seq_file *m);
extern pid_t xw_zombie_pid;
extern ulong xw_boot_code;
int xw_arm_never_ran(bool on);

/* cases.c */
void xw_in_replacement(u64 argument);
struct task_struct *xw_start(struct xw_chain *chain, int cpu);
struct task_struct *xw_start_sleeper(struct seq_file *m, struct xw_chain *chain,
				     const struct xw_shape *shape);
void xw_finish(struct xw_chain *chain);
void xw_prepare(struct xw_chain *chain, const struct xw_shape *shape, xw_link end);

#endif /* _XLP_TEST_WALK_H */
