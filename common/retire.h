/* SPDX-License-Identifier: GPL-2.0 */
/*
 * retire.h - patches that leave sysfs
 *
 * To remove a file of sysfs is to wait for whoever reads or writes it, and a writer of "enabled"
 * waits for events. So files are removed by a thread of its own, for which no request waits
 * but that of a module that is about to be freed.
 */
#ifndef _XLP_COMMON_RETIRE_H
#define _XLP_COMMON_RETIRE_H

struct module;
struct xlp_live_patch;

int xlp_retire_init(void);
/* No patch is registered any more. */
void xlp_retire_exit(void);

/**
 * xlp_retire_take_off() - nobody is to find a patch any more
 * @patch:	the patch, with no users; RETIRED afterwards
 *
 * Who has got to it by sysfs is waited for by xlp_sysfs_remove(), which is the caller's.
 *
 * Context: in an event.
 */
void xlp_retire_take_off(struct xlp_live_patch *patch);

/**
 * xlp_retire() - forget a patch for good, and let its module be unloaded
 * @patch:	the patch, DISABLED, with no task inside and no users; soon it is gone
 *
 * Context: in an event.
 */
void xlp_retire(struct xlp_live_patch *patch);

/**
 * xlp_retire_hide() - remove the files of a patch that stays for ever
 * @patch:	the patch; nothing is done if that has been asked before
 *
 * Context: in an event.
 */
void xlp_retire_hide(struct xlp_live_patch *patch);

/**
 * xlp_retire_wait() - wait until the patch of a module is gone that xlp_retire() forgets
 * @mod:	the module
 *
 * Context: process context, not in an event.
 */
void xlp_retire_wait(const struct module *mod);

#endif /* _XLP_COMMON_RETIRE_H */
