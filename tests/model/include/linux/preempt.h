/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_PREEMPT_H
#define _MODEL_LINUX_PREEMPT_H

#include "../../actor.h"

#define preempt_disable_notrace()	model_preempt_disable()
#define preempt_enable_notrace()	model_preempt_enable()

#endif /* _MODEL_LINUX_PREEMPT_H */
