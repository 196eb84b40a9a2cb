/* SPDX-License-Identifier: GPL-2.0 */
/* growing.h - reach functions through ftrace, by one ops for all of them */
#ifndef _XLP_COMMON_GROWING_H
#define _XLP_COMMON_GROWING_H

struct xlp_method;

/* For kernels without direct callers only. */
extern const struct xlp_method xlp_growing_method;

#endif /* _XLP_COMMON_GROWING_H */
