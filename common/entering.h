/* SPDX-License-Identifier: GPL-2.0 */
/* entering.h - have tasks do something when they begin a system call */
#ifndef _XLP_COMMON_ENTERING_H
#define _XLP_COMMON_ENTERING_H

/**
 * xlp_entering_watch() - begin to have each task do something at each system call
 * @at_entry:	what; called by the task before the call is made, also for a while after
 *		xlp_entering_unwatch(), until xlp_probes_exit(); the same each time
 *
 * All system calls are slower meanwhile. To ask again is no harm. Where system calls have
 * no tracepoints, or there is no memory, nothing is called.
 *
 * Context: process context, not in an event; one at a time.
 */
void xlp_entering_watch(void (*at_entry)(void));

/**
 * xlp_entering_unwatch() - end that, if it was begun
 *
 * Context: as above.
 */
void xlp_entering_unwatch(void);

#endif /* _XLP_COMMON_ENTERING_H */
