// SPDX-License-Identifier: GPL-2.0
/* log.c - under which name, and in whose words, xlp writes to the kernel log */
#include "log.h"

#include <linux/kconfig.h>
#include <linux/moduleparam.h>

const char *xlp_log_prefix = "xlp";
bool xlp_compat = !IS_ENABLED(CONFIG_LIVEPATCH);
module_param_named(compat, xlp_compat, bool, 0444);
MODULE_PARM_DESC(compat, "take the place of in-kernel livepatch: /sys/kernel/livepatch is a link to /sys/kernel/xlp, and the log has livepatch's lines under its name and no others; the default where the kernel has no livepatch of its own");
