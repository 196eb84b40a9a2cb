// SPDX-License-Identifier: GPL-2.0
/* xlp_test_any_2.c - the same once more, so that there can be two patches */
#include "xlp_test_any.c"
