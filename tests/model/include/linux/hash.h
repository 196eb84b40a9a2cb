/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_HASH_H
#define _MODEL_LINUX_HASH_H

#include "../../task.h"

/* Every other task wants the slot of the one before it. */
static inline unsigned int hash_ptr(const void *task, unsigned int bits)
{
	return model_task_number(task) / 2 & ((1U << bits) - 1);
}

#endif /* _MODEL_LINUX_HASH_H */
