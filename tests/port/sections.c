// SPDX-License-Identifier: GPL-2.0
/* sections.c - xlp.ko's, which exports nothing of it */
#include "../../compat/sections.c"
