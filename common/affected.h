/* SPDX-License-Identifier: GPL-2.0 */
/* affected.h - the code that tasks must be outside of when patches change */
#ifndef _XLP_COMMON_AFFECTED_H
#define _XLP_COMMON_AFFECTED_H

struct xlp_code;
struct xlp_live_patch;

/**
 * xlp_affected_module() - all code of a patch's module
 * @patch:	the patch, which new calls do not reach any more
 *
 * The entry of a new function on a stack is usually what a handler of ftrace has
 * left there, and says nothing once synchronize_rcu_tasks() has waited for those
 * who were preempted between a handler's choice and the jump. It is a true return
 * address where a direct caller has been called between the two: a sleepable BPF
 * program, for instance, during which a task may sleep for as long as it likes, and
 * RCU tasks do not wait for who sleeps. Nobody tells whether there has been one on
 * a function. So an entry counts, and a walk decides; where none can, it is
 * passed over on kernels that have no direct callers.
 *
 * Return: the set, to be freed by xlp_code_free(), or NULL: out of memory.
 */
struct xlp_code *xlp_affected_module(const struct xlp_live_patch *patch);

/**
 * xlp_affected_functions() - all code of some functions, in all their versions
 * @patches:	the patches that replace the functions; some may be NULL
 * @nr:		how many patches
 *
 * The replaced function itself, what the compiler has split off it, and what any
 * patch has made of it: enabled, about to be, or disabled with tasks perhaps still
 * inside. Functions of objects that
 * are not there have no code.
 *
 * Context: in an event.
 *
 * Return: the set, to be freed by xlp_code_free(), or NULL: out of memory.
 */
struct xlp_code *xlp_affected_functions(struct xlp_live_patch *const *patches, unsigned int nr);

#endif /* _XLP_COMMON_AFFECTED_H */
