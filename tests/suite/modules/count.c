// SPDX-License-Identifier: GPL-2.0
/*
 * count.c - replaces functions of the kernel by stubs that count and pass on
 *
 *	functions=NAME,NAME...	of vmlinux
 *	model=N			of the patch
 *
 * No body of a function is copied, so any that ftrace can trace can be replaced, by
 * the same module on every kernel. Where a stub is to go on is known before the
 * first call can reach it: callbacks run before that. The parameter counts shows
 * each function with the number of its calls.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/static_call.h>

#include <xlp/xlp.h>

#include "arch.h"
#include "count.h"
#include "xlp_test.h"
#include "xlp_test_let_go.h"
#ifdef XT_COUNT_WRITER
# include <asm/xlp-branch.h>
#endif

static char *functions[XC_STUBS];
static unsigned int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);

XT_MODEL_PARAMETERS(XLP_MODEL_DEFAULT);

struct xc_slot xc_slots[XC_STUBS];
static_assert(sizeof(struct xc_slot) == XC_SLOT_SIZE);
static_assert(offsetof(struct xc_slot, resume) == XC_RESUME);

/* ftrace's call is within so many bytes; behind them another function may begin. */
#define ENTRY_SIZE	32

DEFINE_STATIC_CALL_NULL(lookup_call, kallsyms_lookup_name);
DEFINE_STATIC_CALL_NULL(location_call, ftrace_location_range);

#ifdef XT_COUNT_WRITER
DEFINE_STATIC_CALL_NULL(write_call, XT_COUNT_WRITER);

/* Callbacks find xlp's branch at the entry, and what was there in the stub that it leads to. */
static int resume_in(unsigned int i, unsigned long addr)
{
	const struct xlp_stub *stub = addr ? (void *)XT_BRANCH_TARGET(addr) : NULL;

	if (!stub || xlp_arch_branch(addr, stub) != *(u32 *)addr)
		return -ENOENT;
	static_call(write_call)(xc_stubs[i] + XT_COUNT_DISPLACED, stub->displaced, true);
	static_call(write_call)(xc_stubs[i] + XT_COUNT_RESUME, addr + sizeof(u32), true);
	return 0;
}
#else
/* Of all sites there the first; 0: there is none. */
static unsigned long site_of(unsigned long addr)
{
	unsigned long end = addr + ENTRY_SIZE - 1, site = 0, found;

	while (site != addr && (found = static_call(location_call)(addr, end))) {
		site = found;
		end = found - 1;
	}
	return site;
}

static int resume_in(unsigned int i, unsigned long addr)
{
	unsigned long site = site_of(addr);

	if (!site)
		return -ENOENT;
	xc_slots[i].resume = site + MCOUNT_INSN_SIZE;
	return 0;
}
#endif

static int find_originals(struct xlp_object *obj)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr_functions && !err; i++)
		err = resume_in(i, static_call(lookup_call)(functions[i]));
	return err;
}

static struct xlp_func funcs[XC_STUBS + 1];
static struct xlp_object objs[] = {
	{ .funcs = funcs, .callbacks.pre_patch = find_originals },
	{ }
};

static struct xlp_import imports[] = {
	XLP_IMPORT_FUNC(lookup_call, "kallsyms_lookup_name", NULL, 0),
	XLP_IMPORT_FUNC(location_call, "ftrace_location_range", NULL, 0),
#ifdef XT_COUNT_WRITER
	XLP_IMPORT_FUNC(write_call, __stringify(XT_COUNT_WRITER), NULL, 0),
#endif
	{ }
};

static struct xlp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.imports = imports,
	.stays = true,
};

static int get_counts(char *buffer, const struct kernel_param *unused)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < nr_functions; i++)
		len += scnprintf(buffer + len, PAGE_SIZE - len, "%s %llu\n", functions[i],
				 READ_ONCE(xc_slots[i].count));
	return len;
}

static const struct kernel_param_ops counts_ops = { .get = get_counts };
module_param_cb(counts, &counts_ops, NULL, 0444);

#ifdef XT_COUNT
static int declare_functions(void)
{
	unsigned int i;

	for (i = 0; i < nr_functions; i++)
		funcs[i] = (struct xlp_func){
			.old_name = functions[i],
			.new_func = xc_stubs[i],
		};
	return 0;
}
#else
static int declare_functions(void)
{
	return -EOPNOTSUPP;
}
#endif

static int __init count_init(void)
{
	int err = declare_functions();

	patch.model = model;
	patch.replace = replace;
	return err ?: xlp_enable_patch(&patch);
}

static void __exit count_exit(void)
{
	take_reference_back();
}

module_init(count_init);
module_exit(count_exit);
MODULE_DESCRIPTION("A patch that counts calls and passes them on");
MODULE_LICENSE("GPL");
