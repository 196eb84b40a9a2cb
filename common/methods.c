// SPDX-License-Identifier: GPL-2.0
/* methods.c - which of the methods is used */
#include "log.h"

#include <compat/direct.h>
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "growing.h"
#include "method.h"
#include "methods.h"

static char *wanted = "auto";
module_param_named(direct, wanted, charp, 0444);
MODULE_PARM_DESC(direct, "whether functions call a trampoline of xlp's directly, which BPF cannot share: auto (the default: where BPF cannot share patched functions anyway), never, always");

static const struct xlp_method *method_used;

const struct xlp_method *xlp_method(void)
{
	return method_used;
}

/* The architecture's, or for ftrace's the one whose patches do not add up. */
static const struct xlp_method *methods_choose(void)
{
	const struct xlp_method *method = xlp_arch_method();

	return method == &xlp_ftrace_method && !xlp_has_direct_callers() ? &xlp_growing_method :
									  method;
}

int xlp_methods_init(void)
{
	const struct xlp_method *direct = xlp_direct_method_if_any();

	method_used = methods_choose();
	if (!strcmp(wanted, "never"))
		return 0;
	if (!strcmp(wanted, "always")) {
		method_used = direct;
		if (direct)
			return 0;
		pr_err("direct=always: this kernel has no direct calls that xlp can use; use auto or never\n");
		return -EOPNOTSUPP;
	}
	if (!strcmp(wanted, "auto")) {
		if (direct && xlp_arch_prefers_direct())
			method_used = direct;
		return 0;
	}
	pr_err("direct=%s: use auto, never or always\n", wanted);
	return -EINVAL;
}
