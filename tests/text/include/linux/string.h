/* SPDX-License-Identifier: GPL-2.0 */
/* linux/string.h - and what else every source of the kernel has */
#ifndef _TEXT_LINUX_STRING_H
#define _TEXT_LINUX_STRING_H

#include <string.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define IS_ENABLED(option)	1

#endif /* _TEXT_LINUX_STRING_H */
