// SPDX-License-Identifier: GPL-2.0
/* unexported.c - xlp.ko's, which exports nothing of it */
#include "../../compat/unexported.c"
