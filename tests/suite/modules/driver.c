// SPDX-License-Identifier: GPL-2.0
/*
 * driver.c - calls the victims and tells user space who answered
 *
 * Reading /sys/kernel/debug/xlp_test/cases/CASE runs the case and returns one
 * line: "old", "new", "skip: REASON" or "FAIL: REASON". Besides, there are
 *
 *	nap	calls xt_nap() and says who answered; a replacement may sleep
 *	wake	writing anything wakes all sleepers
 *	stress	see stress.c
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "calls.h"

static struct dentry *root;
static DEFINE_MUTEX(case_lock);

void xt_run_all(struct xt_result *r)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xt_calls); i++)
		xt_calls[i].run(r);
	r->skip = NULL;
}

static void judge_meminfo(struct xt_result *r, const char *what,
			  void (*meminfo)(struct sysinfo *info))
{
	struct sysinfo info = { };

	meminfo(&info);
	if (info.totalram == XT_TOTALRAM && !info.freeram)
		r->new++;
	else if (info.totalram == totalram_pages() && info.freeram)
		r->old++;
	else
		xt_fail(r, what, info.totalram, totalram_pages(), XT_TOTALRAM);
}

/* A module calls vmlinux. */
static void call_vmlinux(struct xt_result *r)
{
	struct sysinfo info = { };

	si_meminfo(&info);
	judge_meminfo(r, "si_meminfo", si_meminfo);
	if (info.totalram != XT_TOTALRAM && info.totalram != totalram_pages())
		xt_fail(r, "direct call", info.totalram, totalram_pages(),
			XT_TOTALRAM);
}

static void call_vmlinux_pointer(struct xt_result *r)
{
	void (*meminfo)(struct sysinfo *info) = si_meminfo;

	OPTIMIZER_HIDE_VAR(meminfo);
	judge_meminfo(r, "pointer to si_meminfo", meminfo);
}

static const struct xt_case driver_cases[] = {
	{ "vmlinux_from_module", call_vmlinux },
	{ "vmlinux_pointer_from_module", call_vmlinux_pointer },
	{ "registers_and_flags", xt_target_regs },
	{ "hardirq", xt_hardirq },
	{ "softirq", xt_softirq },
	{ "nmi", xt_nmi },
};

static void show_result(struct seq_file *m, const struct xt_result *r)
{
	if (r->why[0])
		seq_printf(m, "FAIL: %s\n", r->why);
	else if (r->skip)
		seq_printf(m, "skip: %s\n", r->skip);
	else if (r->old && r->new)
		seq_printf(m, "FAIL: %u old and %u new answers\n", r->old,
			   r->new);
	else if (!r->old && !r->new)
		seq_puts(m, "FAIL: nothing was called\n");
	else
		seq_puts(m, r->new ? "new\n" : "old\n");
}

/* Callers in this module, then those in the module of the victims. */
static int case_show(struct seq_file *m, void *unused)
{
	const struct xt_case *c = m->private;
	struct xt_result r = { };

	mutex_lock(&case_lock);
	c->run(&r);
	if (c >= xt_calls && c < xt_calls + ARRAY_SIZE(xt_calls))
		xt_target_run(c - xt_calls, &r);
	mutex_unlock(&case_lock);
	show_result(m, &r);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(case);

static int nap_show(struct seq_file *m, void *unused)
{
	struct xt_result r = { };

	xt_judge_world(&r, "xt_nap", xt_nap(0));
	show_result(m, &r);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nap);

static ssize_t wake_write(struct file *file, const char __user *buffer,
			  size_t count, loff_t *pos)
{
	xt_wake();
	return count;
}

static const struct file_operations wake_fops = {
	.owner = THIS_MODULE,
	.write = wake_write,
};

static void create_cases(struct dentry *dir, const struct xt_case *c,
			 unsigned int n)
{
	for (; n--; c++)
		debugfs_create_file(c->name, 0400, dir, (void *)c, &case_fops);
}

static int __init calls_init(void)
{
	struct dentry *cases;

	xt_prepare_arguments();
	root = debugfs_create_dir("xlp_test", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	cases = debugfs_create_dir("cases", root);
	create_cases(cases, xt_calls, ARRAY_SIZE(xt_calls));
	create_cases(cases, driver_cases, ARRAY_SIZE(driver_cases));
	debugfs_create_file("nap", 0400, root, NULL, &nap_fops);
	debugfs_create_file("wake", 0200, root, NULL, &wake_fops);
	debugfs_create_file("stress", 0600, root, NULL, &xt_stress_fops);
	return 0;
}

static void __exit calls_exit(void)
{
	debugfs_remove_recursive(root);
	xt_stress_stop();
	xt_nmi_exit();
}

module_init(calls_init);
module_exit(calls_exit);
MODULE_DESCRIPTION("Calls the functions that xlp's test suite replaces");
MODULE_LICENSE("GPL");
