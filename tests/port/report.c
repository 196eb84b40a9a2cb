// SPDX-License-Identifier: GPL-2.0
/*
 * report.c - what a port of xlp has, and what a kernel has for it
 *
 * Reading /sys/kernel/debug/xlp_port/report gives a line for each item, of four fields with
 * "|" between them: the part of the report, the item, what there is of it, and what users
 * lose if there is none. Needs no xlp.ko, as that may refuse to load.
 */
#include <asm/xlp.h>

/* Before the defaults, which define some of them. */
#ifdef xlp_arch_entry_site
# define OWN_entry_site	true
#else
# define OWN_entry_site	false
#endif
#ifdef xlp_arch_ftrace_flags
# define OWN_ftrace_flags	true
#else
# define OWN_ftrace_flags	false
#endif
#ifdef xlp_arch_ftrace_register
# define OWN_ftrace_register	true
#else
# define OWN_ftrace_register	false
#endif
#ifdef xlp_arch_direct_return
# define OWN_direct_return	true
#else
# define OWN_direct_return	false
#endif
#ifdef xlp_arch_prefers_direct
# define OWN_prefers_direct	true
#else
# define OWN_prefers_direct	false
#endif
#ifdef xlp_arch_redirect
# define OWN_redirect	true
#else
# define OWN_redirect	false
#endif
#ifdef xlp_arch_continue
# define OWN_continue	true
#else
# define OWN_continue	false
#endif
#ifdef xlp_arch_call_size
# define OWN_call_size	true
#else
# define OWN_call_size	false
#endif
#ifdef xlp_arch_argument
# define OWN_argument	true
#else
# define OWN_argument	false
#endif
#ifdef xlp_arch_method
# define OWN_method	true
#else
# define OWN_method	false
#endif
#ifdef xlp_arch_saved_sp
# define OWN_saved_sp	true
#else
# define OWN_saved_sp	false
#endif
#ifdef xlp_arch_saved_context
# define OWN_saved_context	true
#else
# define OWN_saved_context	false
#endif
#ifdef xlp_arch_code_address
# define OWN_code_address	true
#else
# define OWN_code_address	false
#endif
#ifdef xlp_arch_walk_stack
# define OWN_walk_stack	true
#else
# define OWN_walk_stack	false
#endif
#ifdef xlp_arch_saved_fp
# define OWN_saved_fp	true
#else
# define OWN_saved_fp	false
#endif
#ifdef xlp_arch_ends_right
# define OWN_ends_right	true
#else
# define OWN_ends_right	false
#endif

#include <compat/kallsyms.h>
#include <compat/unexported.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <xlp/arch.h>

#include "../suite/modules/arch.h"
#include "port.h"

void port_row(struct seq_file *m, const char *part, const char *item, const char *there,
	      const char *without)
{
	seq_printf(m, "%s|%s|%s|%s\n", part, item, there, without ?: "");
}

/**
 * struct option - of the kernel's configuration
 * @name:	of it
 * @there:	is it set?
 * @without:	what is lost if not
 */
struct option {
	const char *name;
	bool there;
	const char *without;
};

#define OPTION(name, without)	{ #name, IS_ENABLED(CONFIG_##name), without }

/* Nothing is lost where the architecture has a method, or a walker, of its own. */
#define UNLESS_METHOD(without)	(OWN_method ? NULL : (without))
#define UNLESS_WALKER(without)	(OWN_walk_stack ? NULL : (without))

static const struct option options[] = {
	OPTION(DYNAMIC_FTRACE, "xlp cannot be built"),
	OPTION(DYNAMIC_FTRACE_WITH_ARGS,
	       UNLESS_METHOD("ftrace has to save all registers for each call")),
	OPTION(DYNAMIC_FTRACE_WITH_REGS, "a kprobe on a function's entry is a breakpoint"),
	OPTION(DYNAMIC_FTRACE_WITH_DIRECT_CALLS,
	       "no direct callers: BPF programs cannot be attached to functions"),
	OPTION(KPROBES, "xlp cannot be built"),
	OPTION(KALLSYMS, "xlp cannot be built"),
	OPTION(KALLSYMS_ALL, "patches cannot import data of vmlinux that is not exported"),
	OPTION(FUNCTION_GRAPH_TRACER, "return addresses are replaced by probes alone"),
	OPTION(KRETPROBES, "return addresses are replaced by the graph tracer alone"),
	OPTION(STACKTRACE, "no walker of the kernel's"),
	OPTION(HAVE_RELIABLE_STACKTRACE,
	       UNLESS_WALKER("the kernel's walker is not trusted, but frame records are")),
	OPTION(FRAME_POINTER, UNLESS_WALKER("no frame records, unless functions have them anyway")),
	OPTION(LIVEPATCH, "no in-kernel livepatch to compare with (AGAINST=in-kernel, make bench)"),
};

/**
 * struct item - a name of the interface
 * @name:	it
 * @own:	has the architecture defined it?
 * @means:	what the default does
 * @costs:	what is lost by that; NULL if nothing is
 */
struct item {
	const char *name;
	bool own;
	const char *means;
	const char *costs;
};

static const struct item interface[] = {
	{ "xlp_arch_entry_site()", OWN_entry_site, "ftrace's record of the function" },
	{ "xlp_arch_ftrace_flags", OWN_ftrace_flags, "the least that lets a call go elsewhere" },
	{ "xlp_arch_ftrace_register()", OWN_ftrace_register, "ftrace says who shares a function" },
	{ "xlp_arch_call_size", OWN_call_size, "one of ftrace's instructions" },
	{ "xlp_arch_argument()", OWN_argument, "none",
	  "patches that xlp build makes are refused, and XLP_BOUND()" },
	{ "xlp_arch_direct_return()", OWN_direct_return, "no direct method",
	  UNLESS_METHOD("each call of a patched function takes all that ftrace's handlers do") },
	{ "xlp_arch_prefers_direct()", OWN_prefers_direct, "only if xlp.direct=always" },
	{ "xlp_arch_redirect()", OWN_redirect, "none", UNLESS_METHOD("no patch is accepted") },
	{ "xlp_arch_continue()", OWN_continue, "as ftrace has it" },
	{ "xlp_arch_method()", OWN_method, "ftrace" },
	{ "xlp_arch_saved_sp()", OWN_saved_sp, "the far end of the stack",
	  "what earlier calls have left on a stack counts: sleepers may hold a patch up" },
	{ "xlp_arch_saved_context()", OWN_saved_context, "all of thread_struct",
	  "stale words in there count, and the registers have to be in there" },
	{ "xlp_arch_code_address()", OWN_code_address, "the word itself" },
	{ "xlp_arch_walk_stack()", OWN_walk_stack, "the kernel's walker, or by frame records" },
	{ "xlp_arch_saved_fp()", OWN_saved_fp, "frame records are not described",
	  UNLESS_WALKER("no walk where the kernel's walker is not trusted") },
	{ "xlp_arch_ends_right()", OWN_ends_right, "a walk ends in outermost code" },
};

static void show_interface(struct seq_file *m)
{
	const struct item *item;
	char there[80];

	for (item = interface; item < interface + ARRAY_SIZE(interface); item++) {
		snprintf(there, sizeof(there), "default: %s", item->means);
		port_row(m, "interface", item->name, item->own ? "of its own" : there,
			 item->own ? NULL : item->costs);
	}
}

static void show_options(struct seq_file *m)
{
	const struct option *option;

	for (option = options; option < options + ARRAY_SIZE(options); option++)
		port_row(m, "kernel", option->name, option->there ? "yes" : "no",
			 option->there ? NULL : option->without);
}

/* Each is a reason, or empty where there is something. */
static const struct {
	const char *name;
	const char *reason;
	const char *tests;
} strengths[] = {
	{ "XT_REGS", XT_NO_REGS, "redirect, bare: callee-saved registers are not compared" },
	{ "XT_COUNT", XT_NO_COUNT, "below: skipped" },
	{ "XT_TRAMPOLINE", XT_NO_TRAMPOLINE, "ftrace, races, admins: without direct callers" },
	{ "XT_SLEEPING_TRAMPOLINE", XT_NO_SLEEPING_TRAMPOLINE,
	  "ftrace, rivals, admins: without direct callers that sleep" },
	{ "XT_KLP_SYSCALL", XT_NO_KLP_SYSCALL, "compat: without the kernel's helpers for patches" },
	{ "XT_NMI", XT_NO_NMI, "redirect: without NMIs" },
	{ "XT_LONG_INSTRUCTION", XT_NO_LONG_INSTRUCTION, "tasks: without optimized kprobes" },
	{ "XT_LINK_AT", XT_NO_LINK, "walk: links of frames are not corrupted" },
	{ "XT_LAST_LINK", XT_NO_LAST_LINK, "walk: links are not led to the last frame" },
};

static void show_strengths(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(strengths); i++)
		port_row(m, "suite", strengths[i].name,
			 strengths[i].reason[0] ? strengths[i].reason : "there",
			 strengths[i].reason[0] ? strengths[i].tests : NULL);
}

/* ---- what modules may not link to ---- */

static void show_symbol(struct seq_file *m, const char *name, bool found, bool required,
			const char *purpose)
{
	char without[120];

	snprintf(without, sizeof(without), "%s%s",
		 required ? "xlp.ko does not load: needed for " : "no ", purpose);
	port_row(m, "symbols", name, found ? "found" : "missing", found ? NULL : without);
}

#define XLP_REQUIRED	true
#define XLP_OPTIONAL	false

static void show_symbols(struct seq_file *m)
{
#define XLP_SHOW(name, need, purpose)						\
	show_symbol(m, #name, unexported_found(name), XLP_##need, purpose);
	XLP_UNEXPORTED_FUNCTIONS(XLP_SHOW)
}

/* ---- where calls are caught ---- */

/* Of several sizes and files; a kernel need not have all of them. */
static const char *const samples[] = {
	"vfs_read", "vfs_write", "vfs_fstatat", "do_exit", "si_meminfo", "cmdline_proc_show",
	"meminfo_proc_show", "wake_up_process", "kernel_clone", "path_lookupat", "do_filp_open",
	"security_file_open", "copy_page_range", "handle_mm_fault", "tcp_sendmsg", "netif_rx",
};

static void show_entry(struct seq_file *m, const char *name, unsigned long addr)
{
	unsigned long site = xlp_arch_entry_site(addr, xlp_symbol_size(addr));
	char there[40];

	if (site) {
		snprintf(there, sizeof(there), "caught at +%lu", site - addr);
		port_row(m, "entries", name, there, NULL);
	} else {
		port_row(m, "entries", name, "not caught", "a patch of it is refused");
	}
}

static void show_entries(struct seq_file *m)
{
	unsigned long addr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		addr = xlp_symbol_address(samples[i]);
		if (addr)
			show_entry(m, samples[i], addr);
	}
}

static int report_show(struct seq_file *m, void *unused)
{
	show_options(m);
	show_interface(m);
	show_symbols(m);
	port_show_code(m);
	show_entries(m);
	show_strengths(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(report);

static struct dentry *root;

static int __init port_init(void)
{
	int err = xlp_find_unexported();

	/* A symbol that is missing is what the report is for; without kallsyms there is none. */
	if (err && !unexported_found(kallsyms_lookup_name))
		return err;
	root = debugfs_create_dir("xlp_port", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	debugfs_create_file("report", 0400, root, NULL, &report_fops);
	return 0;
}

static void __exit port_exit(void)
{
	debugfs_remove(root);
}

module_init(port_init);
module_exit(port_exit);
MODULE_DESCRIPTION("What a port of xlp has, and what this kernel has for it");
MODULE_LICENSE("GPL");
