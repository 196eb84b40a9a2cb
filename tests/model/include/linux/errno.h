/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_LINUX_ERRNO_H
#define _MODEL_LINUX_ERRNO_H

#define EAGAIN	11
#define ENOMEM	12
#define ENOSPC	28

#endif /* _MODEL_LINUX_ERRNO_H */
