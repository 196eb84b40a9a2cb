/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_SCHED_H
#define _MODEL_LINUX_SCHED_H

#include "../../task.h"

#define current	model_current()

#endif /* _MODEL_LINUX_SCHED_H */
