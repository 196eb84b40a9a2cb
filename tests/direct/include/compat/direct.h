/* SPDX-License-Identifier: GPL-2.0 */
/* compat/direct.h - who else has a function */
#ifndef _DIRECT_COMPAT_DIRECT_H
#define _DIRECT_COMPAT_DIRECT_H

unsigned long xlp_direct_caller(unsigned long site);
unsigned int xlp_first_redirected(const unsigned long *sites, unsigned int nr);

#endif /* _DIRECT_COMPAT_DIRECT_H */
