// SPDX-License-Identifier: GPL-2.0
/* main.c - load and unload; what xlp can and cannot do on this kernel */
#include "log.h"

#include <compat/ftrace.h>
#include <compat/unexported.h>
#include <linux/module.h>
#include <linux/utsname.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "bind.h"
#include "cold.h"
#include "debugfs.h"
#include "lifecycle.h"
#include "method.h"
#include "methods.h"
#include "modules.h"
#include "probes.h"
#include "release.h"
#include "retire.h"
#include "shadow.h"
#include "sysfs.h"
#include "transition.h"
#include "unhook.h"

static void xlp_report_abilities(void)
{
	const struct xlp_method *method = xlp_method();

	pr_info("%s %s: entry: ftrace saves %s; redirect: %s; stack: %s, %s\n",
		init_utsname()->machine, init_utsname()->release,
		xlp_arch_ftrace_flags ? "all registers" : "arguments",
		method ? method->name : "cannot (" XLP_NO_METHOD ")",
		XLP_STACK_SCOPE,
		xlp_arch_walker_name() ?: "no walker");
}

static int __init xlp_init(void)
{
	int err;

	err = xlp_find_unexported();
	if (err)
		return err;
	err = xlp_methods_init();
	if (err)
		return err;
	err = xlp_cold_init();
	if (err)
		goto alloc;
	err = xlp_shadow_init();
	if (err)
		goto cold;
	err = xlp_probes_init();
	if (err)
		goto shadow;
	err = xlp_transition_init();
	if (err)
		goto probes;
	err = xlp_unhook_init();
	if (err)
		goto transition;
	err = xlp_release_init();
	if (err)
		goto unhook;
	err = xlp_retire_init();
	if (err)
		goto release;
	err = xlp_sysfs_create_root();
	if (err)
		goto retire;
	xlp_lifecycle_init();
	err = xlp_modules_init();
	if (err)
		goto sysfs;
	err = xlp_bind_init();
	if (err)
		goto modules;
	xlp_debugfs_init();
	xlp_report_abilities();
	if (xlp_compat)
		xlp_log_prefix = "livepatch";
	return 0;

modules:
	xlp_modules_exit();
sysfs:
	xlp_sysfs_remove_root();
retire:
	xlp_retire_exit();
release:
	xlp_release_exit();
unhook:
	xlp_unhook_exit();
transition:
	xlp_transition_exit();
probes:
	xlp_probes_exit();
shadow:
	xlp_shadow_exit();
cold:
	xlp_cold_exit();
alloc:
	xlp_alloc_exit();
	return err;
}

/* Every patch module links to xlp.ko, so none is left when this runs. */
static void __exit xlp_exit(void)
{
	xlp_debugfs_exit();
	xlp_bind_exit();
	xlp_modules_exit();
	xlp_sysfs_remove_root();
	xlp_retire_exit();
	xlp_release_exit();
	xlp_transition_exit();
	xlp_unhook_exit();
	xlp_probes_exit();
	xlp_shadow_exit();
	xlp_cold_exit();
	xlp_alloc_exit();
}

module_init(xlp_init);
module_exit(xlp_exit);
MODULE_DESCRIPTION("Live patching on every architecture");
MODULE_LICENSE("GPL");
