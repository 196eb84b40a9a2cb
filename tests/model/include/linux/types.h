/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_TYPES_H
#define _MODEL_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned int gfp_t;

#endif /* _MODEL_LINUX_TYPES_H */
