// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_a.c - xt_leaf() answers "a"
 */
#define WORLD	XT_A
#include "stack.h"
