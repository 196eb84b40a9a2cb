/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_OVERFLOW_H
#define _MODEL_LINUX_OVERFLOW_H

#define struct_size(pointer, member, nr)				\
	(sizeof(*(pointer)) + (nr) * sizeof((pointer)->member[0]))

#endif /* _MODEL_LINUX_OVERFLOW_H */
