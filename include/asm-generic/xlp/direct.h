/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm-generic/xlp/direct.h - reach functions through a trampoline that ftrace calls directly
 *
 * Also for assembly. An architecture that has the trampoline defines xlp_arch_direct_return() and
 * has common/direct.c compiled by its Kbuild.
 */
#ifndef _ASM_GENERIC_XLP_DIRECT_H
#define _ASM_GENERIC_XLP_DIRECT_H

/*
 * Where a trampoline looks for an address that it is to return to, in xlp_direct_table:
 *
 *	table + XLP_DIRECT_SLOTS + ((address * FACTOR >> SHIFT) & the word at table)
 *
 * is the first slot, and the slots behind it follow. A slot is two words: an address to return
 * to, or 0: that of the call is not in the table, which goes on in its own function; and where
 * the target is, which may be XLP_DIRECT_ASK.
 */
#define XLP_DIRECT_FACTOR	0x61c88647
#define XLP_DIRECT_SHIFT	28
#define XLP_DIRECT_SLOTS	16
#define XLP_DIRECT_SLOT_SIZE	16
#define XLP_DIRECT_SLOT_TARGETS	8
/* XLP_ASK of common/world.h; what is less is no address either. */
#define XLP_DIRECT_ASK		1

#ifndef __ASSEMBLER__

#include <linux/types.h>

struct xlp_direct_table;
struct xlp_method;

#ifdef xlp_arch_direct_return
/*
 * xlp_arch_direct_return() - what a trampoline finds as its return address
 * @site:	where a function's calls are caught, as ftrace knows it
 *
 * Whatever else ftrace has on the function. There is no default.
 *
 * Return: the address in the function at which it goes on.
 */

/**
 * xlp_direct_trampoline() - what ftrace calls in place of what it would trace
 *
 * Of the architecture; never called by name. Up to xlp_direct_trampoline_end(). It looks into
 * xlp_direct_table for the address it is to return to, and continues at the target found there,
 * with all argument registers, the stack and the address the caller wants to be returned to as
 * they were before the function was called; or returns into the function, if it finds none or
 * the target is 0. If the target is %XLP_DIRECT_ASK it saves the argument registers and asks
 * xlp_target_of_task(), with where the target is.
 *
 * No walk may pass it, so it is one of XLP_ARCH_TRAMPOLINES. Its address is even: ftrace takes an
 * odd one for something else.
 */
void xlp_direct_trampoline(void);
void xlp_direct_trampoline_end(void);

/* Read by the trampoline at any time, so it is never freed while it may be in there. */
extern struct xlp_direct_table *xlp_direct_table;

/**
 * xlp_direct_method_if_any() - the method by direct calls
 *
 * Return: the method, or NULL: this architecture has no trampoline, or this kernel lacks what
 * the trampoline takes.
 */
const struct xlp_method *xlp_direct_method_if_any(void);
#else
static inline const struct xlp_method *xlp_direct_method_if_any(void)
{
	return NULL;
}
#endif

#ifndef xlp_arch_prefers_direct
/**
 * xlp_arch_prefers_direct() - is the direct method to be used when nobody says so?
 *
 * A function that it reaches has no room for BPF, so the default is not to: wherever BPF can
 * share a function with ftrace's handlers it should.
 *
 * Return: true where a function that is patched through ftrace cannot have BPF either.
 */
static inline bool xlp_arch_prefers_direct(void)
{
	return false;
}
#endif

#endif /* __ASSEMBLER__ */
#endif /* _ASM_GENERIC_XLP_DIRECT_H */
