/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_ATOMIC_H
#define _MODEL_LINUX_ATOMIC_H

typedef struct {
	int counter;
} atomic_t;

#endif /* _MODEL_LINUX_ATOMIC_H */
