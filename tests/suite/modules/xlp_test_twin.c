// SPDX-License-Identifier: GPL-2.0
/* xlp_test_twin.c - another one like xlp_test_race, whose original answers "a" */
#define XR_WORLD	XT_A
#include "xlp_test_race.h"
