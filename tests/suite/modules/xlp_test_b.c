// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_b.c - xt_leaf() answers "b"
 */
#define WORLD	XT_B
#include "stack.h"
