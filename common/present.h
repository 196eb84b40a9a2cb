/* SPDX-License-Identifier: GPL-2.0 */
/*
 * present.h - modules that patches may be applied to
 *
 * Those are modules whose functions ftrace knows already, and will know until modules.c
 * has seen them go.
 */
#ifndef _XLP_COMMON_PRESENT_H
#define _XLP_COMMON_PRESENT_H

#include <linux/types.h>

struct module;

/**
 * xlp_present_find() - a module that patches may be applied to
 * @name:	its name
 *
 * Context: in an event, to the end of which the module stays.
 *
 * Return: the module, NULL if there is none or its turn has not come yet, or
 * ERR_PTR(-ENOMEM).
 */
struct module *xlp_present_find(const char *name);

/**
 * xlp_present_add() - a module has come
 * @mod:	the module
 * @coming:	patches are being applied to it, oldest first: until xlp_present_come() it is
 *		not there for whoever enables another patch
 *
 * Context: in an event.
 *
 * Return: 0; -EEXIST: another one of that name is there; or -ENOMEM.
 */
int xlp_present_add(struct module *mod, bool coming);

/**
 * xlp_present_come() - patches have been applied to a module that was coming
 * @mod:	the module
 *
 * Context: in an event.
 */
void xlp_present_come(const struct module *mod);

/**
 * xlp_present_remove() - a module goes
 * @mod:	the module
 *
 * Context: in an event.
 *
 * Return: true; or false: it was not known.
 */
bool xlp_present_remove(const struct module *mod);

/* When nobody looks any more. */
void xlp_present_exit(void);

#endif /* _XLP_COMMON_PRESENT_H */
