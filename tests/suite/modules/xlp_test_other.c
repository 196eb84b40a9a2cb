// SPDX-License-Identifier: GPL-2.0
/* xlp_test_other.c - the same functions answer "a" */
#define XK_WORLD	XT_A
#include "xlp_test_change.h"
