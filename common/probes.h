/* SPDX-License-Identifier: GPL-2.0 */
/* probes.h - what xlp is told of tasks */
#ifndef _XLP_COMMON_PROBES_H
#define _XLP_COMMON_PROBES_H

/**
 * xlp_probes_init() - begin to be told of tasks that are made, exit and end
 *
 * For as long as xlp.ko is loaded, so that a transition does not wait for it.
 *
 * Context: process context.
 *
 * Return: 0 or an error.
 */
int xlp_probes_init(void);

/* Waits until no probe runs any more. */
void xlp_probes_exit(void);

#endif /* _XLP_COMMON_PROBES_H */
