// SPDX-License-Identifier: GPL-2.0
/* direct.c - xlp.ko's, which exports nothing of it */
#include "../../compat/direct.c"
