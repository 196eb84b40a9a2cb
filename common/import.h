/* SPDX-License-Identifier: GPL-2.0 */
/* import.h - symbols that patches use and cannot link to */
#ifndef _XLP_COMMON_IMPORT_H
#define _XLP_COMMON_IMPORT_H

#include <linux/types.h>

struct module;
struct xlp_live_patch;

/**
 * xlp_imports_check() - what is wrong with imports whatever kernel they meet
 * @patch:	the patch, whose objects have been copied and checked
 *
 * Logs one line if something is.
 *
 * Return: 0 or -EINVAL.
 */
int xlp_imports_check(const struct xlp_live_patch *patch);

/**
 * xlp_imports_fill() - let a patch reach what it imports
 * @patch:	the patch
 * @mod:	from this module, which comes; NULL: from vmlinux and all modules that are
 *		present
 *
 * On failure one line names the import. What has been filled in stays so until
 * xlp_imports_take_back().
 *
 * Context: process context, in an event.
 *
 * Return: 0, or
 * * -EINVAL	one is not there or not there any more after init, there are several of
 *		that name, the position is past the end, or it is no function where
 *		one is wanted
 * * -ENOMEM	out of memory
 */
int xlp_imports_fill(struct xlp_live_patch *patch, const struct module *mod);

/**
 * xlp_imports_take_back() - make a patch's imports NULL
 * @patch:	the patch
 * @mod:	those of this module; NULL: all
 *
 * Context: process context, in an event.
 */
void xlp_imports_take_back(struct xlp_live_patch *patch, const struct module *mod);

#endif /* _XLP_COMMON_IMPORT_H */
