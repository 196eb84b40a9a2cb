/* SPDX-License-Identifier: GPL-2.0 */
/* declare.h - from a patch author's declaration to the core's copy of it */
#ifndef _XLP_COMMON_DECLARE_H
#define _XLP_COMMON_DECLARE_H

#include "patch.h"

/**
 * xlp_declare() - check a declaration and make the core's twin of it
 * @decl:	the declaration
 * @abi:	the layout it was built against
 *
 * Logs one line that says what is wrong.
 *
 * Return: the patch, not registered, its kobjects initialised; or an ERR_PTR():
 * -EINVAL, -ENOEXEC or -ENOMEM. xlp_sysfs_remove() frees it.
 */
struct xlp_live_patch *xlp_declare(struct xlp_patch *decl,
				   const struct xlp_abi *abi);

#endif /* _XLP_COMMON_DECLARE_H */
