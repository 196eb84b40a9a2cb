/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_SPINLOCK_H
#define _MODEL_LINUX_SPINLOCK_H

#include "../../memory.h"

#define DEFINE_RAW_SPINLOCK(name)	unsigned long name
#define raw_spin_lock_irqsave(lock, flags)				\
	((flags) = 0, model_spin_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags)				\
	((void)(flags), model_spin_unlock(lock))

#endif /* _MODEL_LINUX_SPINLOCK_H */
