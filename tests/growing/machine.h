/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machine.h - a machine whose ftrace has one way to all handlers
 *
 * All functions of the filter are called after each store, by a CPU that sees all stores and by one
 * that may lag behind: it finds the table that was in use when it fell behind, until somebody waits
 * for all CPUs.
 */
#ifndef _GROWING_MACHINE_H
#define _GROWING_MACHINE_H

#define NR_FUNCS	2000

/* Who else changes where a function's calls go. */
extern bool is_redirected[NR_FUNCS];
/* Where calls of a function ought to go: 0 is the function itself. */
extern unsigned long wanted[NR_FUNCS];
/* ftrace does not let go of functions. */
extern bool ftrace_fails;
/* When this function is added ftrace does nothing any more, and does not say so. */
extern unsigned int dies_at;
/* What ftrace does not let go of is warned of. */
extern bool expect_warning;
/* Calls that went elsewhere. */
extern unsigned int wrong_calls;
extern unsigned int waits, registrations;

void machine_reset(void);
unsigned long site_of(unsigned int func);
bool is_caught(unsigned int func);
/* Where a call goes. */
unsigned long call(unsigned int func);
/* One of the CPUs sees no table from now on that is not in use yet. */
void cpu_falls_behind(void);
/* Likewise, but for the one that is in use when it makes its next call. */
void cpu_is_to_fall_behind(void);
/* A call of a function by that CPU begins, and goes on when somebody waits for handlers. */
void call_begin(unsigned int func);
bool is_on_its_way(void);
void ftrace_revives(void);
/* Nothing is registered and nothing has been lost. */
bool all_is_free(void);

#endif /* _GROWING_MACHINE_H */
