// SPDX-License-Identifier: GPL-2.0
/* xlp_test_world_a.c - the members in version 1 */
#define XW_VERSION	1
#include "xlp_test_world_patch.h"
