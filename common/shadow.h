/* SPDX-License-Identifier: GPL-2.0 */
/* shadow.h - life of the table of shadow variables; the rest is in <xlp/shadow.h> */
#ifndef _XLP_COMMON_SHADOW_H
#define _XLP_COMMON_SHADOW_H

/**
 * xlp_shadow_init() - make the table, before any patch can want it
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_shadow_init(void);

/**
 * xlp_shadow_exit() - free the table and every variable in it, without destructors
 *
 * Their code may be gone: no module that links to xlp.ko is left.
 */
void xlp_shadow_exit(void);

#endif /* _XLP_COMMON_SHADOW_H */
