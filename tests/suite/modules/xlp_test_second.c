// SPDX-License-Identifier: GPL-2.0
/* xlp_test_second.c - one of three patches whose callbacks say when they are called */
#include "xlp_test_calls.h"
