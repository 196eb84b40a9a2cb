// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_hold.c - uses a function in a way that concerns live patching
 *
 *	function=NAME	which one; of several by that name, all that ftrace knows
 *	address=ADDRESS	instead: this one, of the module that this
 *	keeps=FILE	open file keeps. ftrace does not forget an address when its module
 *			goes, and Linux 6.1 does not survive it if a module comes to which a
 *			direct caller or a kprobe with a post_handler has got too early
 *	how=ipmodify	an ftrace_ops that may change where a call goes
 *	how=direct	a direct caller that must have the function's calls for itself
 *	how=shared	a direct caller that lets others change where a call goes, as
 *			BPF trampolines do
 *	how=unable	one that is asked whether it shares, and cannot, as BPF's where
 *			its compiler lacks what that takes
 *	how=asleep	one that shares, and in which who calls sleeps, on the way to where
 *			the call goes, as in BPF programs that may: for nap milliseconds
 *			(20), and as long as keep is set; asleep says how many do
 *	how=kprobe	a kprobe with a post_handler
 *	how=plainprobe	a kprobe without one, which takes nothing away
 *
 * The function does its work as before; hits says how often direct callers and
 * probes have come by. -EOPNOTSUPP: not in this kernel, or arch_NAME.h says why not.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "arch.h"

static char *function = "xt_leaf";
module_param(function, charp, 0444);
static ulong address;
module_param(address, ulong, 0444);
static char *keeps;
module_param(keeps, charp, 0444);
static char *how = "ipmodify";
module_param(how, charp, 0444);
/* Counted in assembly, too. */
static ulong xt_hits __used;
module_param_named(hits, xt_hits, ulong, 0444);

static bool keep;
module_param(keep, bool, 0600);
static ulong nap = 20;
module_param(nap, ulong, 0644);
static uint asleep;
module_param(asleep, uint, 0444);

static void notrace ignore_call(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct ftrace_regs *regs)
{
}

static struct ftrace_ops ops = { .func = ignore_call };

static int filter(struct ftrace_ops *ops)
{
	if (address)
		return ftrace_set_filter_ip(ops, address, 0, 1);
	return ftrace_set_filter(ops, (unsigned char *)function,
				 strlen(function), 1);
}

static int hold_ipmodify(void)
{
	int err;

	ops.flags = FTRACE_OPS_FL_IPMODIFY;
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_REGS
	ops.flags |= FTRACE_OPS_FL_SAVE_REGS;
#endif
	err = filter(&ops);
	return err ? err : register_ftrace_function(&ops);
}

static void release_ipmodify(void)
{
	unregister_ftrace_function(&ops);
}

/*
 * XT_TRAMPOLINE counts and goes on with the function. XT_SLEEPING_TRAMPOLINE calls xt_stay()
 * before it goes on, and has a frame for each of the two addresses that it was given.
 */
#if defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && defined(XT_TRAMPOLINE)
#define DEFINE_TRAMPOLINE(name, code)					\
void name(void);							\
asm("	.pushsection .text, \"ax\", @progbits\n"			\
"	.type	" #name ", @function\n"					\
"	.globl	" #name "\n"						\
#name ":\n"								\
	code								\
"	.size	" #name ", . - " #name "\n"				\
"	.popsection\n")

DEFINE_TRAMPOLINE(xt_trampoline, XT_TRAMPOLINE);

static struct ftrace_ops direct_ops;
static void (*trampoline)(void) = xt_trampoline;

/* Whatever ftrace asks: the trampoline goes where it was called from, wherever that is. */
#ifdef XT_HAVE_OPS_FUNC_ADDRESS
static int agree(struct ftrace_ops *ops, ulong ip, enum ftrace_ops_cmd command)
#else
static int agree(struct ftrace_ops *ops, enum ftrace_ops_cmd command)
#endif
{
	return 0;
}

/* -ENOTSUPP is what BPF says, and nobody in user space knows. */
#ifdef XT_HAVE_OPS_FUNC_ADDRESS
static int refuse(struct ftrace_ops *ops, ulong ip, enum ftrace_ops_cmd command)
#else
static int refuse(struct ftrace_ops *ops, enum ftrace_ops_cmd command)
#endif
{
	switch (command) {
	case FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER:
		return -ENOTSUPP;
	case FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_SELF:
		return -EBUSY;
	default:
		return 0;
	}
}

#ifdef XLP_HAVE_DIRECT_OPS
static int hold_direct(void)
{
	int err = filter(&direct_ops);

	return err ? err : register_ftrace_direct(&direct_ops,
						  (ulong)trampoline);
}

static void release_direct(void)
{
	unregister_ftrace_direct(&direct_ops, (ulong)trampoline, true);
}
#else
static int hold_direct(void)
{
	int err = filter(&direct_ops);

	return err ? err :
		     register_ftrace_direct_multi(&direct_ops,
						  (ulong)trampoline);
}

static void release_direct(void)
{
	unregister_ftrace_direct_multi(&direct_ops, (ulong)trampoline);
}
#endif

static int hold_shared(void)
{
	direct_ops.ops_func = agree;
	return hold_direct();
}

static int hold_unable(void)
{
	direct_ops.ops_func = refuse;
	return hold_direct();
}

#ifdef XT_SLEEPING_TRAMPOLINE
void xt_stay(void);

static DEFINE_MUTEX(asleep_lock);

static void note_asleep(int more)
{
	mutex_lock(&asleep_lock);
	asleep += more;
	mutex_unlock(&asleep_lock);
}

/* Called by assembly. Who calls it may sleep: the functions that tests name do. */
void notrace xt_stay(void)
{
	ulong ms = 0;

	if (!in_task() || irqs_disabled())
		return;
	note_asleep(1);
	while (READ_ONCE(keep) || ms++ < READ_ONCE(nap))
		msleep(1);
	note_asleep(-1);
}

DEFINE_TRAMPOLINE(xt_sleeping_trampoline, XT_SLEEPING_TRAMPOLINE);

static int hold_asleep(void)
{
	trampoline = xt_sleeping_trampoline;
	return hold_shared();
}

static void release_asleep(void)
{
	release_direct();
	nap = 0;
	keep = false;
	while (READ_ONCE(asleep))
		msleep(1);
	/* And those who are on their way there or back. */
	synchronize_rcu_tasks();
}
#else
static int hold_asleep(void)
{
	return -EOPNOTSUPP;
}

static void release_asleep(void)
{
}
#endif
#else
static int hold_direct(void)
{
	return -EOPNOTSUPP;
}

static int hold_shared(void)
{
	return -EOPNOTSUPP;
}

static int hold_unable(void)
{
	return -EOPNOTSUPP;
}

static int hold_asleep(void)
{
	return -EOPNOTSUPP;
}

static void release_direct(void)
{
}

static void release_asleep(void)
{
}
#endif

static int count_hit(struct kprobe *p, struct pt_regs *regs)
{
	xt_hits++;
	return 0;
}

static void after_hit(struct kprobe *p, struct pt_regs *regs,
		      unsigned long flags)
{
}

static struct kprobe probe = { .pre_handler = count_hit };

static int hold_plainprobe(void)
{
	if (address)
		probe.addr = (kprobe_opcode_t *)address;
	else
		probe.symbol_name = function;
	probe.offset = XT_PROBE_OFFSET;
	return register_kprobe(&probe);
}

static int hold_kprobe(void)
{
	probe.post_handler = after_hit;
	return hold_plainprobe();
}

static void release_kprobe(void)
{
	unregister_kprobe(&probe);
}

static const struct {
	const char *name;
	int (*take)(void);
	void (*release)(void);
} ways[] = {
	{ "ipmodify", hold_ipmodify, release_ipmodify },
	{ "direct", hold_direct, release_direct },
	{ "shared", hold_shared, release_direct },
	{ "unable", hold_unable, release_direct },
	{ "asleep", hold_asleep, release_asleep },
	{ "kprobe", hold_kprobe, release_kprobe },
	{ "plainprobe", hold_plainprobe, release_kprobe },
};

static unsigned int way;
static struct file *kept;

static void let_go(void)
{
	if (kept)
		filp_close(kept, NULL);
}

static int take(void)
{
	for (way = 0; way < ARRAY_SIZE(ways); way++) {
		if (!strcmp(how, ways[way].name))
			return ways[way].take();
	}
	return -EINVAL;
}

static int __init hold_init(void)
{
	int err;

	if (keeps) {
		kept = filp_open(keeps, O_RDONLY, 0);
		if (IS_ERR(kept))
			return PTR_ERR(kept);
	}
	err = take();
	if (err)
		let_go();
	return err;
}

static void __exit hold_exit(void)
{
	ways[way].release();
	let_go();
}

module_init(hold_init);
module_exit(hold_exit);
MODULE_DESCRIPTION("Something else that holds a function");
MODULE_LICENSE("GPL");
