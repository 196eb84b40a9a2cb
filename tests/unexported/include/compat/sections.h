/* SPDX-License-Identifier: GPL-2.0 */
/* compat/sections.h - what comes behind the search for functions */
#ifndef _UNEXPORTED_COMPAT_SECTIONS_H
#define _UNEXPORTED_COMPAT_SECTIONS_H

void xlp_find_sections(void);

#endif /* _UNEXPORTED_COMPAT_SECTIONS_H */
