/* SPDX-License-Identifier: GPL-2.0 */
/* sysfs.h - /sys/kernel/xlp */
#ifndef _XLP_COMMON_SYSFS_H
#define _XLP_COMMON_SYSFS_H

struct xlp_live_patch;

int xlp_sysfs_create_root(void);
void xlp_sysfs_remove_root(void);

/* Initialise the kobjects of a new patch; it is freed by its last reference. */
void xlp_sysfs_init(struct xlp_live_patch *patch);

/**
 * xlp_sysfs_add() - create /sys/kernel/xlp/<patch> and everything in it
 * @patch:	the patch
 *
 * Context: process context, without xlp_mutex.
 *
 * Return: 0 or an error; xlp_sysfs_remove() then removes what there is.
 */
int xlp_sysfs_add(struct xlp_live_patch *patch);

/**
 * xlp_sysfs_remove() - remove it again and drop the first reference to the patch
 * @patch:	the patch, which must not be used afterwards
 *
 * Context: process context, without xlp_mutex: waits for writers that want it.
 */
void xlp_sysfs_remove(struct xlp_live_patch *patch);

#endif /* _XLP_COMMON_SYSFS_H */
