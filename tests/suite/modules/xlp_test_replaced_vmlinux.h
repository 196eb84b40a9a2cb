/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test_replaced_vmlinux.h - replacements of two functions of vmlinux
 *
 * One that vmlinux and modules call directly (si_meminfo, seen in /proc/meminfo) and one
 * that is called through a pointer only (/proc/cmdline).
 */
static void new_si_meminfo(struct sysinfo *info)
{
	memset(info, 0, sizeof(*info));
	info->totalram = XT_TOTALRAM;
	info->mem_unit = PAGE_SIZE;
}

static int new_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "xlp_test replaced this line\n");
	return 0;
}
