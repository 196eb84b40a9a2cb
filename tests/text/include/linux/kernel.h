/* SPDX-License-Identifier: GPL-2.0 */
/* linux/kernel.h - what every source of the kernel has */
#ifndef _TEXT_LINUX_KERNEL_H
#define _TEXT_LINUX_KERNEL_H

#include <stddef.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define IS_ENABLED(option)	1

#endif /* _TEXT_LINUX_KERNEL_H */
