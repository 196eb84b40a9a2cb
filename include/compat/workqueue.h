/* SPDX-License-Identifier: GPL-2.0 */
/* compat/workqueue.h - what <linux/workqueue.h> has gained */
#ifndef _XLP_COMPAT_WORKQUEUE_H
#define _XLP_COMPAT_WORKQUEUE_H

#include <linux/workqueue.h>

/* Work stays on the CPU it was queued on: said by a flag where there is one. */
#ifdef XLP_HAVE_WQ_PERCPU
# define XLP_WQ_PERCPU	WQ_PERCPU
#else
# define XLP_WQ_PERCPU	0
#endif

#endif /* _XLP_COMPAT_WORKQUEUE_H */
