/* SPDX-License-Identifier: GPL-2.0 */
/* modules.h - target modules come and go */
#ifndef _XLP_COMMON_MODULES_H
#define _XLP_COMMON_MODULES_H

int xlp_modules_init(void);
void xlp_modules_exit(void);

#endif /* _XLP_COMMON_MODULES_H */
