/* SPDX-License-Identifier: GPL-2.0 */
/* compat/direct.h - whether this kernel has direct callers, as a test says */
#ifndef _CODE_COMPAT_DIRECT_H
#define _CODE_COMPAT_DIRECT_H

extern bool code_has_direct_callers;

static inline bool xlp_has_direct_callers(void)
{
	return code_has_direct_callers;
}

#endif /* _CODE_COMPAT_DIRECT_H */
