// SPDX-License-Identifier: GPL-2.0
/* xlp_test_change.c - functions that tasks stay inside of answer "new" */
#define XK_WORLD	XT_NEW
#include "xlp_test_change.h"
