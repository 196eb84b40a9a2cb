/* SPDX-License-Identifier: GPL-2.0 */
/* hold.h - modules that patches are bound to, which must not go before them */
#ifndef _XLP_COMMON_HOLD_H
#define _XLP_COMMON_HOLD_H

struct module;

/**
 * xlp_hold() - keep a module for as long as a patch is loaded
 * @patch:	the patch, which is announced as coming
 * @name:	the module's name
 *
 * Context: process context, may sleep.
 *
 * Return: the module, whose init is over, held once for each patch; ERR_PTR(-ENOENT) if no such
 * one is there, or ERR_PTR(-ENOMEM).
 */
struct module *xlp_hold(const struct module *patch, const char *name);

/**
 * xlp_hold_end() - let go of the modules that a patch has held
 * @patch:	the patch, of which nothing runs any more; any other module, too
 *
 * Context: process context, may sleep.
 */
void xlp_hold_end(const struct module *patch);

#endif /* _XLP_COMMON_HOLD_H */
