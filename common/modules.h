/* SPDX-License-Identifier: GPL-2.0 */
/* modules.h - target modules come and go */
#ifndef _XLP_COMMON_MODULES_H
#define _XLP_COMMON_MODULES_H

#include <linux/types.h>

struct module;

int xlp_modules_init(void);
void xlp_modules_exit(void);

/**
 * xlp_module_find() - a module that patches may be applied to
 * @name:	its name
 *
 * That is one whose functions ftrace knows already and will know until
 * modules.c has seen it go.
 *
 * Context: process context, under xlp_mutex, for as long as which the module
 * stays.
 *
 * Return: the module, NULL if there is none, or ERR_PTR(-ENOMEM).
 */
struct module *xlp_module_find(const char *name);

#endif /* _XLP_COMMON_MODULES_H */
