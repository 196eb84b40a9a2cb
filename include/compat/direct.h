/* SPDX-License-Identifier: GPL-2.0 */
/* compat/direct.h - whom ftrace calls directly before a function, and whose calls are redirected */
#ifndef _XLP_COMPAT_DIRECT_H
#define _XLP_COMPAT_DIRECT_H

#include <linux/ftrace.h>
#include <linux/kconfig.h>
#include <linux/types.h>

/**
 * xlp_has_direct_callers() - may ftrace let others call before a function?
 *
 * A direct caller, such as a BPF trampoline, runs between the handlers of ftrace and
 * the function that they have chosen, and it may sleep.
 *
 * Return: true if this kernel has direct callers.
 */
static inline bool xlp_has_direct_callers(void)
{
	return IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS);
}

/**
 * xlp_find_direct() - find the locks of ftrace's records and direct callers
 *
 * Context: process context, once, before the questions below.
 */
void xlp_find_direct(void);

/**
 * xlp_first_redirected() - whose calls somebody redirects through ftrace
 * @sites:	where functions' calls are caught
 * @nr:		their number
 *
 * Context: may sleep, like xlp_direct_caller(): takes ftrace_lock.
 *
 * Return: which one of @sites is the first that somebody redirects (IPMODIFY); @nr if there is
 * none, or this kernel has no symbol of a function or of the lock that it takes to tell.
 */
unsigned int xlp_first_redirected(const unsigned long *sites, unsigned int nr);

/**
 * xlp_tells_direct_callers() - does xlp_direct_caller() know?
 *
 * Return: false if this kernel has direct callers, but no symbol of their lock or of
 * the function that finds them.
 */
bool xlp_tells_direct_callers(void);

/**
 * xlp_direct_caller() - whom ftrace calls directly before a function
 * @site:	where the function's calls are caught
 *
 * Context: may sleep, for as long as ftrace takes to attach or detach a direct caller,
 * which may be a grace period of RCU tasks: takes direct_mutex. Not under ftrace_lock.
 *
 * Return: the direct caller's address, 0 if there is none or nobody can tell.
 */
unsigned long xlp_direct_caller(unsigned long site);

/**
 * xlp_excludes_direct_callers() - can xlp_register_without_direct_callers() do so?
 *
 * Return: false if this kernel has direct callers, but lacks a symbol that it takes.
 */
bool xlp_excludes_direct_callers(void);

/**
 * xlp_register_without_direct_callers() - register_ftrace_function(), or a direct caller
 * @ops:	what to register; its filter has been set
 * @sites:	the addresses of its filter
 * @nr:		their number
 *
 * Afterwards the handler of @ops runs behind every direct caller that comes: its ops is
 * registered later, and ftrace calls the last one first. (One that takes a function into a
 * filter it has registered before would be behind: update_ftrace_direct_add() can do that, and
 * BPF uses it on x86 alone.)
 *
 * Context: may sleep, like xlp_direct_caller(): takes direct_mutex, then ftrace_lock.
 *
 * Return: 0, -EBUSY if one of @sites has a direct caller, -EOPNOTSUPP if nobody can tell,
 * or an error of ftrace.
 */
int xlp_register_without_direct_callers(struct ftrace_ops *ops, const unsigned long *sites,
					unsigned int nr);

#endif /* _XLP_COMPAT_DIRECT_H */
