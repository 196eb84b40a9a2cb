/* SPDX-License-Identifier: GPL-2.0 */
/* xlp_test_shadow.h - what the parts of xlp_test_shadow share */
#ifndef _XLP_TEST_SHADOW_H
#define _XLP_TEST_SHADOW_H

#include <linux/fs.h>

/* xlp_test_shadow_race.c */
extern const struct file_operations xs_race_fops;
void xs_race_stop(void);

#endif /* _XLP_TEST_SHADOW_H */
