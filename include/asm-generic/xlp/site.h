/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/site.h - what ftrace knows of a function */
#ifndef _ASM_GENERIC_XLP_SITE_H
#define _ASM_GENERIC_XLP_SITE_H

#include <compat/unexported.h>

/*
 * The address under which ftrace knows a function, or 0. The first one counts: where the linker
 * has dropped a weak function, the one before it seems to go on.
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
	return site;
}

#endif /* _ASM_GENERIC_XLP_SITE_H */
