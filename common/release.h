/* SPDX-License-Identifier: GPL-2.0 */
/*
 * release.h - when a disabled patch may be unloaded
 *
 * Disabling only changes where new calls go. What follows takes time and
 * happens in a work item, under no lock that module loading or sysfs takes:
 * functions without a version are unhooked, handlers in flight are waited for,
 * and then every pinned patch that is disabled is given free as soon as no task
 * may return into it.
 */
#ifndef _XLP_COMMON_RELEASE_H
#define _XLP_COMMON_RELEASE_H

int xlp_release_init(void);
/* No patch is registered any more. Waits for everything under way. */
void xlp_release_exit(void);

/**
 * xlp_release_soon() - something was disabled; unhook and unpin what is unused
 *
 * Context: any that may queue work.
 */
void xlp_release_soon(void);

#endif /* _XLP_COMMON_RELEASE_H */
