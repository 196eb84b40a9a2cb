/* SPDX-License-Identifier: GPL-2.0 */
/* unhook.h - have calls of functions that no patch replaces any more caught no longer */
#ifndef _XLP_COMMON_UNHOOK_H
#define _XLP_COMMON_UNHOOK_H

int xlp_unhook_init(void);

/*
 * No patch is registered any more. Waits until nothing is hooked, and until nobody is in
 * code of xlp.ko on behalf of a hook.
 */
void xlp_unhook_exit(void);

#endif /* _XLP_COMMON_UNHOOK_H */
