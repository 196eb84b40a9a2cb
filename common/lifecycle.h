/* SPDX-License-Identifier: GPL-2.0 */
/* lifecycle.h - what is asked for a patch: by its module, by sysfs, by the module loader */
#ifndef _XLP_COMMON_LIFECYCLE_H
#define _XLP_COMMON_LIFECYCLE_H

struct module;

/* Let sysfs ask; before a patch is declared. */
void xlp_lifecycle_init(void);

/**
 * xlp_lifecycle_going() - a module is about to be freed; forget its patch
 * @mod:	any module
 *
 * Returns only when no task can return into the module's code. That is so
 * already, unless the module's init function failed after enabling its patch.
 *
 * Context: module notifier, not in an event.
 */
void xlp_lifecycle_going(const struct module *mod);

#endif /* _XLP_COMMON_LIFECYCLE_H */
