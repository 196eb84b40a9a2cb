/* SPDX-License-Identifier: GPL-2.0 */
/* compat/module.h - what compat/text.c needs of it */
#ifndef _TEXT_COMPAT_MODULE_H
#define _TEXT_COMPAT_MODULE_H

#include <stdbool.h>

struct xlp_range {
	unsigned long start;
	unsigned long end;
};

static inline bool xlp_in_range(const struct xlp_range *range, unsigned long addr)
{
	return addr >= range->start && addr < range->end;
}

#endif /* _TEXT_COMPAT_MODULE_H */
