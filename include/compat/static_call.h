/* SPDX-License-Identifier: GPL-2.0 */
/* compat/static_call.h - whether a static call may call whatever function it is made to */
#ifndef _XLP_COMPAT_STATIC_CALL_H
#define _XLP_COMPAT_STATIC_CALL_H

#include <linux/kconfig.h>

/**
 * xlp_static_calls_are_checked() - are static calls pointers, whose types are compared?
 *
 * With kCFI a call through a pointer ends the kernel unless what is called has the type in
 * front of it. A function that nothing but its own file calls, and directly, has none, and
 * nobody can tell from its address. Where static calls are direct they are not compared.
 *
 * Return: true if they are.
 */
static inline bool xlp_static_calls_are_checked(void)
{
	/* v6.18 "kcfi: Rename CONFIG_CFI_CLANG to CONFIG_CFI" */
	return (IS_ENABLED(CONFIG_CFI) || IS_ENABLED(CONFIG_CFI_CLANG)) &&
	       !IS_ENABLED(CONFIG_HAVE_STATIC_CALL);
}

#endif /* _XLP_COMPAT_STATIC_CALL_H */
