/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machine.h - a machine with functions that ftrace may have call the trampoline
 *
 * All functions that call it are called after each store: what the trampoline finds must be right
 * then. One task may be kept in the trampoline, behind its look at which table is in use.
 */
#ifndef _DIRECT_MACHINE_H
#define _DIRECT_MACHINE_H

#define NR_FUNCS	3000
/* Functions are so far apart. */
#define FUNC_SIZE	32

struct xlp_targets;

/* Who else has a function. */
extern bool is_held[NR_FUNCS], is_redirected[NR_FUNCS];
/* Where calls of a function ought to go: 0 is the function itself. */
extern unsigned long wanted[NR_FUNCS];
extern bool ftrace_is_off, trampoline_is_known;
/* Who has a function is not to be learnt: ftrace refuses it all the same. */
extern bool nobody_tells;
/* Calls that went elsewhere. */
extern unsigned int wrong_calls;
/* Slots that the longest search of all has looked at. */
extern unsigned int longest_search;
extern unsigned int waits;

void machine_reset(void);
unsigned long site_of(unsigned int func);
bool calls_trampoline(unsigned int func);
/* Where a call goes. */
unsigned long call(unsigned int func);
/* A call begins, and goes on when the kernel waits for tasks or by the second function. */
void call_begin(unsigned int func);
void call_end(void);
/* Is it still there? */
bool is_on_its_way(void);
/* May somebody switch ftrace off? */
bool can_switch_off(void);
/* Nothing is registered and nothing has been lost. */
bool all_is_free(void);

#endif /* _DIRECT_MACHINE_H */
