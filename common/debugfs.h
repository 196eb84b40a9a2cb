/* SPDX-License-Identifier: GPL-2.0 */
/* debugfs.h - /sys/kernel/debug/xlp; debugfs.c says what is in it */
#ifndef _XLP_COMMON_DEBUGFS_H
#define _XLP_COMMON_DEBUGFS_H

void xlp_debugfs_init(void);
void xlp_debugfs_exit(void);

#endif /* _XLP_COMMON_DEBUGFS_H */
