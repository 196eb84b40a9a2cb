// SPDX-License-Identifier: GPL-2.0
/* xlp_test_world_b.c - the members in version 2 */
#define XW_VERSION	2
#include "xlp_test_world_patch.h"
