/* SPDX-License-Identifier: GPL-2.0 */
/* compat/direct.h - what comes behind the search for functions */
#ifndef _UNEXPORTED_COMPAT_DIRECT_H
#define _UNEXPORTED_COMPAT_DIRECT_H

void xlp_find_direct(void);

#endif /* _UNEXPORTED_COMPAT_DIRECT_H */
