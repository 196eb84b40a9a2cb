/* SPDX-License-Identifier: GPL-2.0 */
/* methods.h - which of the methods is used */
#ifndef _XLP_COMMON_METHODS_H
#define _XLP_COMMON_METHODS_H

struct xlp_method;

/**
 * xlp_methods_init() - choose one, as the parameter "direct" says
 *
 * Context: when xlp.ko loads, after xlp_find_unexported().
 *
 * Return: 0, -EINVAL if the parameter is none of its three words, or -EOPNOTSUPP if it asks for
 * what is not there; logged.
 */
int xlp_methods_init(void);

/**
 * xlp_method() - how the functions of new batches are reached
 *
 * Return: the method, always the same one; or NULL: this kernel has none.
 */
const struct xlp_method *xlp_method(void);

#endif /* _XLP_COMMON_METHODS_H */
