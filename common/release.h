/* SPDX-License-Identifier: GPL-2.0 */
/*
 * release.h - when a disabled patch may be unloaded
 *
 * Disabling only changes where new calls go. What follows takes time and is done by a
 * thread: when functions without a version are unhooked (unhook.c), and handlers in flight
 * have been waited for, every patch that is DISABLED is let go as soon as no task may
 * return into it.
 */
#ifndef _XLP_COMMON_RELEASE_H
#define _XLP_COMMON_RELEASE_H

int xlp_release_init(void);
/* No patch is registered any more. Waits for the look that is being made. */
void xlp_release_exit(void);

#endif /* _XLP_COMMON_RELEASE_H */
