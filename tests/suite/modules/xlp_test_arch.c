// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_arch.c - what arch_NAME.h says, as parameters, for the tests' shell
 *
 * no_... is empty, or why there is none.
 */
#include <linux/kconfig.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include <xlp/arch.h>

#include "arch.h"

#ifdef xlp_arch_redirect
# define XT_NO_BARE_REDIRECT	""
#else
# define XT_NO_BARE_REDIRECT	"calls are not redirected by ftrace here"
#endif

#define TEXT(name, value)				\
static char *text_##name = (value);			\
module_param_named(name, text_##name, charp, 0444)

#define NUMBER(name, value)				\
static uint number_##name = (value);			\
module_param_named(name, number_##name, uint, 0444)

#define FACT(name, value)				\
static bool fact_##name = (value);			\
module_param_named(name, fact_##name, bool, 0444)

TEXT(no_bare_redirect, XT_NO_BARE_REDIRECT);
TEXT(no_trampoline, XT_NO_TRAMPOLINE);
TEXT(no_sleeping_trampoline, XT_NO_SLEEPING_TRAMPOLINE);
TEXT(no_long_instruction, XT_NO_LONG_INSTRUCTION);
TEXT(no_klp_syscall, XT_NO_KLP_SYSCALL);
TEXT(no_count, XT_NO_COUNT);
TEXT(return_stub, XT_RETURN_STUB);
TEXT(syscall_prefix, __stringify(XT_SYSCALL()));

NUMBER(probe_offset, XT_PROBE_OFFSET);
NUMBER(inside_from, XT_INSIDE_FROM);
NUMBER(inside_to, XT_INSIDE_TO);

FACT(probe_wants_name, XT_PROBE_WANTS_NAME);
FACT(probes_by_steps, XT_PROBES_BY_STEPS);
FACT(entry_changes_cpu, XT_ENTRY_CHANGES_CPU);
FACT(graph_filters_target, XT_GRAPH_FILTERS_TARGET);
FACT(sees_graph, XT_SEES_GRAPH);
FACT(ftrace_stops, XT_FTRACE_STOPS);
FACT(graph_needs_frame, XT_GRAPH_NEEDS_FRAME);
FACT(callers_share, XT_CALLERS_SHARE);
FACT(callers_passed_over, XT_CALLERS_PASSED_OVER);
FACT(bpf_shares, XT_BPF_SHARES);
FACT(bpf_has_one_ops, XT_BPF_HAS_ONE_OPS);
FACT(walks_probes, XT_WALKS_PROBES);
FACT(walks_interrupts, XT_WALKS_INTERRUPTS);
FACT(nmi_from_outside, XT_NMI_FROM_OUTSIDE);
FACT(nmi_traced, XT_NMI_TRACED);
/* Not of the architecture alone: calls of imported functions would be compared by kCFI. */
#define CHECKS_CALLS	(IS_ENABLED(CONFIG_CFI) || IS_ENABLED(CONFIG_CFI_CLANG))
FACT(imports_functions, IS_ENABLED(CONFIG_HAVE_STATIC_CALL) || !CHECKS_CALLS);

static int __init arch_init(void)
{
	return 0;
}

static void __exit arch_exit(void)
{
}

module_init(arch_init);
module_exit(arch_exit);
MODULE_DESCRIPTION("What xlp's test suite knows about this architecture");
MODULE_LICENSE("GPL");
