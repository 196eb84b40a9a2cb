/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machine.h - a machine with a few functions, kprobes, and tasks that call
 *
 * A function is its first instruction. Kprobes are like the kernel's: they keep the word that
 * they find, put a breakpoint in its place, simulate it, and write it back when they go.
 */
#ifndef _BRANCH_MACHINE_H
#define _BRANCH_MACHINE_H

#include <asm/xlp-branch.h>

#define NR_FUNCS	8
#define BREAKPOINT	0xe7f001f8
#define OPTIMIZED	(BRANCH + 99)
/* What functions begin with: PUSH + their number. */
#define PUSH		0xe92d4000

enum answer {
	OLD,
	NEW,
	CRASH,
};

extern u32 text[NR_FUNCS];
/* Of the last functions the module can go. */
extern bool module_is_gone;
extern unsigned int references, probe_hits;
extern struct delayed_work *scheduled;
/* Called by the next stop of the machine, before it stops. */
extern void (*before_stop)(void);
/* By the next who waits for the lock of kprobes. */
extern void (*before_settling)(void);
/* By the next who asks for a probe. */
extern void (*before_asking)(void);
/* By the next who asks whether something is text, behind the answer. */
extern void (*behind_answer)(void);
extern bool memory_fails;
/* What who registers a kprobe is told, before he waits for the lock. */
extern int probe_error;
/* How often RCU tasks have been waited for. */
extern unsigned int waits;
/* How often the machine has been stopped. */
extern unsigned int stops;

void machine_reset(void);
enum answer call(unsigned int func);
/* A probe of a function, armed or not; at once, or in two steps with others in between. */
void probe_begin(struct kprobe *probe, unsigned int func, bool armed);
void probe_end(struct kprobe *probe);
void probe_arm(struct kprobe *probe);
void probe_remove(struct kprobe *probe);
/* A branch of the kernel's own takes the place of the breakpoint. */
void probe_optimize(struct kprobe *probe);
/* A second passes. */
void second(void);
unsigned int stubs_busy(void);

#endif /* _BRANCH_MACHINE_H */
