/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/redirect.h - how a caught call continues elsewhere */
#ifndef _ASM_GENERIC_XLP_REDIRECT_H
#define _ASM_GENERIC_XLP_REDIRECT_H

#include <compat/ftrace.h>

struct xlp_method;

/* Catches calls through ftrace; common/ftrace.c. */
extern const struct xlp_method xlp_ftrace_method;

/*
 * xlp_arch_redirect() - let a call that ftrace caught continue elsewhere
 * @fregs:	the caller's registers, at the function's entry
 * @target:	the function to continue in, as a C function pointer's value
 * @stack_args:	where it stands how many bytes of arguments the caller may have passed in
 *		memory: whoever takes them along reads it by READ_ONCE(), after @target
 *
 * Must leave everything as if the caller had called @target itself: argument
 * registers, return address, and whatever the caller expects to be restored.
 * Runs with interrupts in any state and in NMIs, and may call nothing that can
 * be traced.
 *
 * There is no default, because whether a changed instruction pointer does it
 * depends on where in the function ftrace's call stands. Where it comes first
 * and nothing else has to be kept right, define it as xlp_redirect_by_ip.
 */
static __always_inline void xlp_redirect_by_ip(struct ftrace_regs *fregs,
					       unsigned long target,
					       const unsigned int *stack_args)
{
	xlp_ftrace_continue_at(fregs, target);
}

/* Why there is no method, for the log. */
#if defined(XLP_NO_METHOD)
/* The architecture says it. */
#elif defined(xlp_arch_redirect)
# define XLP_NO_METHOD	"no support for this kernel"
#else
# define XLP_NO_METHOD	"no support for this architecture"
#endif

#ifndef xlp_arch_method
/**
 * xlp_arch_method() - how functions are reached on this architecture
 *
 * Through ftrace if the architecture can redirect there. An architecture whose
 * ftrace comes too late brings a struct xlp_method of its own.
 *
 * Return: the method, or NULL: this architecture, or this kernel of it, cannot redirect.
 * Always the same once xlp_find_unexported() has been called.
 */
static inline const struct xlp_method *xlp_arch_method(void)
{
#ifdef xlp_arch_redirect
	return &xlp_ftrace_method;
#else
	return NULL;
#endif
}
#endif

#ifndef xlp_arch_continue
/**
 * xlp_arch_continue() - let a call that ftrace caught continue where it was going
 * @fregs:	as for xlp_arch_redirect()
 *
 * Only for an architecture whose ftrace does not bring every register back as it has to
 * be by then.
 *
 * Context: as for xlp_arch_redirect().
 */
static __always_inline void xlp_arch_continue(struct ftrace_regs *fregs)
{
}
#endif

#ifndef xlp_arch_redirect
/* Never called, as no patch is accepted then; lets the handler compile. */
static __always_inline void xlp_arch_redirect(struct ftrace_regs *fregs,
					      unsigned long target,
					      const unsigned int *stack_args)
{
}
#endif

#endif /* _ASM_GENERIC_XLP_REDIRECT_H */
