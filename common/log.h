/* SPDX-License-Identifier: GPL-2.0 */
/*
 * log.h - xlp's lines in the kernel log; the first header of whoever writes any
 *
 * What in-kernel livepatch says too is said in its words, so that scripts that wait
 * for them need not be changed, and under its name if that is wanted (compat=1).
 */
#ifndef _XLP_COMMON_LOG_H
#define _XLP_COMMON_LOG_H

#define pr_fmt(fmt) "%s: " fmt, xlp_log_prefix

#include <linux/printk.h>
#include <linux/types.h>

/* Set when xlp.ko is loaded. */
extern const char *xlp_log_prefix;
extern bool xlp_compat;

/* For what in-kernel livepatch has no words; debugfs has it as well. */
#define xlp_own_warn(...)	xlp_own_line(pr_warn, __VA_ARGS__)
#define xlp_own_notice(...)	xlp_own_line(pr_notice, __VA_ARGS__)
#define xlp_own_info(...)	xlp_own_line(pr_info, __VA_ARGS__)

#define xlp_own_line(print, ...)	\
do {					\
	if (!xlp_compat)		\
		print(__VA_ARGS__);	\
} while (0)

#endif /* _XLP_COMMON_LOG_H */
