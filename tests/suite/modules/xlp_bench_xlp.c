// SPDX-License-Identifier: GPL-2.0
/* xlp_bench_xlp.c - what is measured, as a patch of xlp */
#include <xlp/xlp.h>

#define BENCH(name)	xlp_##name
#include "xlp_bench_patch.h"

MODULE_DESCRIPTION("xlp bench: a patch by xlp");
