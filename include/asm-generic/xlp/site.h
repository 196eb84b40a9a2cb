/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/site.h - what ftrace knows of a function */
#ifndef _ASM_GENERIC_XLP_SITE_H
#define _ASM_GENERIC_XLP_SITE_H

#include <compat/ftrace.h>
#include <compat/unexported.h>

/*
 * The address under which ftrace knows a function, or 0. Where the linker has dropped a weak
 * function, the one before it seems to go on: so the first one counts, and that only if it is not
 * farther on than any is (asm-generic/xlp/prologue.h asks for more).
 */
static inline unsigned long xlp_first_site(unsigned long addr, unsigned long size)
{
	unsigned long end = addr + (size ? size - 1 : 0), site = 0, found;

	while ((found = unexported(ftrace_location_range)(addr, end))) {
		site = found;
		if (site == addr)
			break;
		end = site - 1;
	}
	return site - addr <= XLP_MOST_BEFORE_SITE ? site : 0;
}

#endif /* _ASM_GENERIC_XLP_SITE_H */
