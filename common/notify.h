/* SPDX-License-Identifier: GPL-2.0 */
/* notify.h - tell user space what has become of a change */
#ifndef _XLP_COMMON_NOTIFY_H
#define _XLP_COMMON_NOTIFY_H

struct xlp_live_patch;

/**
 * xlp_notify() - send a uevent about a patch
 * @patch:	the patch, shown in sysfs
 * @event:	what has happened, in one word
 * @state:	what the patch is now, or is going to be: "enabled" or "disabled"
 *
 * ACTION=change, SUBSYSTEM=xlp, with XLP_PATCH, XLP_EVENT and XLP_STATE. Nobody is told for lack
 * of memory.
 *
 * Context: process context, in an event.
 */
void xlp_notify(struct xlp_live_patch *patch, const char *event, const char *state);

#endif /* _XLP_COMMON_NOTIFY_H */
