// SPDX-License-Identifier: GPL-2.0
/* xlp_test_race.c - a target that says which version its init and its exit have met */
#define XR_WORLD	XT_OLD
#include "xlp_test_race.h"
