/* SPDX-License-Identifier: GPL-2.0 */
/* compat/text.h - what comes behind the search for functions */
#ifndef _UNEXPORTED_COMPAT_TEXT_H
#define _UNEXPORTED_COMPAT_TEXT_H

void xlp_find_text(void);

#endif /* _UNEXPORTED_COMPAT_TEXT_H */
