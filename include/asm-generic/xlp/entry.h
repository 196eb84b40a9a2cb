/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/entry.h - where calls of a function can be caught */
#ifndef _ASM_GENERIC_XLP_ENTRY_H
#define _ASM_GENERIC_XLP_ENTRY_H

#include <asm-generic/xlp/site.h>
#include <compat/ftrace.h>

#ifndef xlp_arch_entry_site
/**
 * xlp_arch_entry_site() - the instruction that catches calls of a function
 * @addr:	address of the function's symbol
 * @size:	of the function, in bytes; 0 if nobody knows
 *
 * The default, the address under which ftrace knows the function, is right
 * wherever the redirect item works through ftrace: ftrace itself knows how far
 * landing pads and padding push its call site into the function.
 *
 * Context: process context, may sleep.
 *
 * Return: the site, or 0 if calls of this function cannot be caught.
 */
static inline unsigned long xlp_arch_entry_site(unsigned long addr, unsigned long size)
{
	return xlp_first_site(addr, size);
}
#endif

#ifndef xlp_arch_ftrace_flags
/*
 * xlp_arch_ftrace_flags - which registers ftrace must save for the redirect
 * item, as FTRACE_OPS_FL_*. The default saves the least that lets a handler
 * change where its call returns to.
 */
#define xlp_arch_ftrace_flags	XLP_FTRACE_SAVE_FLAGS
#endif

#ifndef xlp_arch_ftrace_register
/**
 * xlp_arch_ftrace_register() - let ftrace call a handler from now on
 * @ops:	whose filter is complete
 * @sites:	the addresses in it
 * @nr:		their number
 *
 * The default leaves it to ftrace whom a function may be shared with.
 *
 * Context: process context, may sleep; without ftrace's locks.
 *
 * Return: 0 or a negative error code: -EBUSY if somebody else has one of them.
 */
static inline int xlp_arch_ftrace_register(struct ftrace_ops *ops, const unsigned long *sites,
					   unsigned int nr)
{
	return register_ftrace_function(ops);
}
#endif

#ifndef xlp_arch_call_size
/*
 * xlp_arch_call_size - bytes of code from ftrace's address of a function on that ftrace changes
 *
 * A kprobe may stand right behind them, where the arguments are as they came.
 */
# define xlp_arch_call_size	MCOUNT_INSN_SIZE
#endif

/*
 * xlp_arch_argument(regs, nr) - what a function was called with: from 0, the first, to 3
 *
 * From the registers before anything of the function has run but what saves its caller's. No
 * default is right everywhere: without it xlp.ko binds no names (common/bind.c).
 */
#ifdef xlp_arch_argument
# define XLP_CAN_READ_ARGUMENTS	true
#else
# define XLP_CAN_READ_ARGUMENTS	false
# define xlp_arch_argument(regs, nr)	((void)(regs), (void)(nr), 0UL)
#endif

#endif /* _ASM_GENERIC_XLP_ENTRY_H */
