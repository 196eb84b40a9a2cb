// SPDX-License-Identifier: GPL-2.0
/*
 * bare.c - the redirect item of the architecture interface, without xlp's core
 *
 * One ftrace_ops catches all victims of redirect.c and lets each call continue in its
 * replacement. Nothing is published, counted or looked up by task, so what a case answers
 * here is what xlp_arch_redirect() does with the registers that ftrace has saved.
 */
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <xlp/arch.h>
#include <xlp/xlp.h>

#include "arch.h"
#include "xlp_test.h"

#define XT_VICTIM	static noinline
#define XT(name)	new_##name
#define XT_PEER(name)	xt_##name
#define XT_SIBLING(x)	xt_sibling(x)
#define XT_WORLD	XT_NEW
#include "victims.h"
#include "xlp_test_replaced_vmlinux.h"

/**
 * struct victim - a function, and what its calls continue in
 * @name:	of the function
 * @target:	the address to continue at
 * @stack_args:	how many bytes of arguments in memory go along
 * @near:	an address a few bytes from where ftrace's call stands
 */
struct victim {
	const char *name;
	void *target;
	unsigned int stack_args;
	unsigned long near;
};

#define XT_BYTES(bytes)							\
	((bytes) == XLP_STACK_ARGS_NONE ? 0 : (bytes) ?: XLP_STACK_ARGS_DEFAULT)
#define XT_BARE(name, bytes)	{ "xt_" #name, new_##name, XT_BYTES(bytes) },

static struct victim victims[] = {
	XT_VICTIMS(XT_BARE)
	XT_VICTIMS_INT128(XT_BARE)
	{ "si_meminfo", new_si_meminfo, XLP_STACK_ARGS_DEFAULT },
	{ "cmdline_proc_show", new_cmdline_proc_show, XLP_STACK_ARGS_DEFAULT },
};

static unsigned long distance(unsigned long a, unsigned long b)
{
	return a < b ? b - a : a - b;
}

/* Functions are further apart than a site is from its function's probe. */
static const struct victim *victim_at(unsigned long site)
{
	const struct victim *victim, *nearest = victims;

	for (victim = victims; victim < victims + ARRAY_SIZE(victims); victim++)
		if (distance(victim->near, site) < distance(nearest->near, site))
			nearest = victim;
	return nearest;
}

static void notrace redirect_call(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct victim *victim = victim_at(ip);

	xlp_arch_redirect(fregs, (unsigned long)victim->target, &victim->stack_args);
}

static struct ftrace_ops bare_ops = {
	.func	= redirect_call,
	.flags	= FTRACE_OPS_FL_IPMODIFY | xlp_arch_ftrace_flags,
};

/* A probe is found by name and moved to where it may stand. This one is never armed. */
static int find_victim(struct victim *victim)
{
	struct kprobe probe = {
		.symbol_name = victim->name,
		.offset = XT_PROBE_OFFSET,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int err = register_kprobe(&probe);

	if (err) {
		pr_err("xlp_test_bare: no probe on %s: %d\n", victim->name, err);
		return err;
	}
	victim->near = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return ftrace_set_filter(&bare_ops, (unsigned char *)victim->name,
				 strlen(victim->name), 0);
}

static int __init bare_init(void)
{
	struct victim *victim;
	int err = 0;

	for (victim = victims; victim < victims + ARRAY_SIZE(victims) && !err; victim++)
		err = find_victim(victim);
	err = err ?: register_ftrace_function(&bare_ops);
	if (err)
		ftrace_free_filter(&bare_ops);
	return err;
}

static void __exit bare_exit(void)
{
	unregister_ftrace_function(&bare_ops);
	ftrace_free_filter(&bare_ops);
}

module_init(bare_init);
module_exit(bare_exit);
MODULE_DESCRIPTION("Redirects what xlp's conformance suite calls, without xlp");
MODULE_LICENSE("GPL");
