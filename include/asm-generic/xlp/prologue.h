/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm-generic/xlp/prologue.h - entries of functions that ftrace's call comes after the prologue of
 *
 * For branches at the entry (branch.h). ftrace leaves out what must not be redirected, so only
 * what it knows counts. But a site need not be the function's own: where the linker has dropped
 * a weak function, that one's code, and its site, belong to the function before it. That has left
 * by then, and a prologue does not.
 */
#ifndef _ASM_GENERIC_XLP_PROLOGUE_H
#define _ASM_GENERIC_XLP_PROLOGUE_H

#include <asm-generic/xlp/branch.h>
#include <asm-generic/xlp/site.h>
#include <asm/xlp-branch.h>
#include <compat/unexported.h>

/* An instruction as it was compiled. A probe says what it stands on as long as it does. */
static inline u32 xlp_compiled_word(unsigned long addr)
{
	u32 word, now = xlp_arch_text_word(addr);

	do {
		word = now;
		if (unexported_found(get_kprobe) && xlp_is_probed(addr, &word))
			break;
		now = xlp_arch_text_word(addr);
	} while (now != word);	/* a probe has come or gone */
	return word;
}

/*
 * xlp_entry_before_site() - the entry of a function as its site, or 0: ftrace does not know it
 *
 * Whoever puts a branch there judges the first instruction, which may be a branch already.
 */
static inline unsigned long xlp_entry_before_site(unsigned long addr, unsigned long size)
{
	unsigned long site = xlp_first_site(addr, size), at;

	if (!site)
		return 0;
	for (at = addr + sizeof(u32); at < site; at += sizeof(u32))
		if (!xlp_arch_may_be_in_prologue(xlp_compiled_word(at)))
			return 0;
	return addr;
}

#endif /* _ASM_GENERIC_XLP_PROLOGUE_H */
