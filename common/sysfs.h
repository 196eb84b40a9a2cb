/* SPDX-License-Identifier: GPL-2.0 */
/* sysfs.h - /sys/kernel/xlp */
#ifndef _XLP_COMMON_SYSFS_H
#define _XLP_COMMON_SYSFS_H

#include <linux/types.h>

struct xlp_live_patch;

/**
 * struct xlp_sysfs_ops - what writers of a patch's files ask for
 * @enable:	a write of 1 to "enabled"
 * @disable:	a write of 0
 * @force:	a write of 1 to "force"
 *
 * Each in process context, not in an event; returns 0 or an error. The patch stays meanwhile.
 */
struct xlp_sysfs_ops {
	int (*enable)(struct xlp_live_patch *patch);
	int (*disable)(struct xlp_live_patch *patch);
	int (*force)(struct xlp_live_patch *patch);
};

/* Before the first patch is shown. */
void xlp_sysfs_set_ops(const struct xlp_sysfs_ops *ops);

int xlp_sysfs_create_root(void);
void xlp_sysfs_remove_root(void);

/* Initialise the kobjects of a new patch. */
void xlp_sysfs_init(struct xlp_live_patch *patch);

/* Would an object of this name hide a file in a patch's directory? */
bool xlp_sysfs_reserved(const char *name);

/**
 * xlp_sysfs_add() - create /sys/kernel/xlp/<patch> and everything in it
 * @patch:	the patch
 *
 * Context: process context, not in an event.
 *
 * Return: 0 or an error; xlp_sysfs_remove() then removes what there is.
 */
int xlp_sysfs_add(struct xlp_live_patch *patch);

/**
 * xlp_sysfs_hide() - remove what xlp_sysfs_add() created
 * @patch:	the patch
 *
 * Waits until nobody reads or writes any of its files. Not by two at once.
 *
 * Context: process context, not in an event, which writers want.
 */
void xlp_sysfs_hide(struct xlp_live_patch *patch);

/**
 * xlp_sysfs_remove() - xlp_sysfs_hide(), and free the patch
 * @patch:	the patch, initialised by xlp_sysfs_init()
 *
 * Context: as that.
 */
void xlp_sysfs_remove(struct xlp_live_patch *patch);

#endif /* _XLP_COMMON_SYSFS_H */
