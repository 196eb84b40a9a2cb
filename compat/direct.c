// SPDX-License-Identifier: GPL-2.0
/* direct.c - whom ftrace calls directly before a function */

#define pr_fmt(fmt) "xlp: " fmt

#include <compat/direct.h>
#include <compat/unexported.h>
#include <linux/mutex.h>

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

/* ftrace's own. What leaves its table of direct callers is freed at once, under this alone. */
static struct mutex *direct_mutex;

static int take_direct_mutex(void *nr, unsigned long addr)
{
	direct_mutex = (struct mutex *)addr;
	++*(unsigned int *)nr;
	return 0;
}

/* Only KALLSYMS_ALL lists data. With two of that name, neither is known to be ftrace's. */
void xlp_find_direct(void)
{
	unsigned int nr = 0;

	unexported(kallsyms_on_each_match_symbol)(take_direct_mutex, "direct_mutex", &nr);
	if (nr == 1)
		return;
	direct_mutex = NULL;
	pr_info("this kernel lists no direct_mutex: no naming the direct caller of a function\n");
}

unsigned long xlp_direct_caller(unsigned long site)
{
	unsigned long caller;

	if (!direct_mutex || !unexported_found(ftrace_find_rec_direct))
		return 0;
	mutex_lock(direct_mutex);
	caller = unexported(ftrace_find_rec_direct)(site);
	mutex_unlock(direct_mutex);
	return caller;
}

#else

void xlp_find_direct(void)
{
}

unsigned long xlp_direct_caller(unsigned long site)
{
	return 0;
}

#endif
