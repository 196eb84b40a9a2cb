// SPDX-License-Identifier: GPL-2.0
/* direct.c - whom ftrace calls directly before a function */
#define pr_fmt(fmt) "xlp: " fmt

#include <compat/direct.h>
#include <compat/unexported.h>
#include <linux/mutex.h>
#include <linux/printk.h>

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

/*
 * ftrace's own, which it holds whenever it changes its table of direct callers. What
 * leaves the table is freed at once, so RCU is not enough for who looks something up.
 */
static struct mutex *direct_mutex;

static int note_direct_mutex(void *nr, unsigned long addr)
{
	direct_mutex = (struct mutex *)addr;
	++*(unsigned int *)nr;
	return 0;
}

/* Only KALLSYMS_ALL lists data. Of two by that name, nobody tells which is ftrace's. */
void xlp_find_direct(void)
{
	unsigned int nr = 0;

	unexported(kallsyms_on_each_match_symbol)(note_direct_mutex, "direct_mutex", &nr);
	if (nr == 1)
		return;
	direct_mutex = NULL;
	pr_info("cannot find direct_mutex (KALLSYMS_ALL): no telling who is a direct caller of a function\n");
}

bool xlp_tells_direct_callers(void)
{
	return direct_mutex && unexported_found(ftrace_find_rec_direct);
}

unsigned long xlp_direct_caller(unsigned long site)
{
	unsigned long caller;

	if (!xlp_tells_direct_callers())
		return 0;
	mutex_lock(direct_mutex);
	caller = unexported(ftrace_find_rec_direct)(site);
	mutex_unlock(direct_mutex);
	return caller;
}

bool xlp_excludes_direct_callers(void)
{
	return xlp_tells_direct_callers() && unexported_found(register_ftrace_function_nolock);
}

static bool have_direct_caller(const unsigned long *sites, unsigned int nr)
{
	unsigned long caller = 0;

	while (nr-- && !caller)
		caller = unexported(ftrace_find_rec_direct)(sites[nr]);
	return caller;
}

/* The mutex is held throughout, so that no direct caller comes in between. */
int xlp_register_without_direct_callers(struct ftrace_ops *ops, const unsigned long *sites,
					unsigned int nr)
{
	int err;

	if (!xlp_excludes_direct_callers())
		return -EOPNOTSUPP;
	mutex_lock(direct_mutex);
	err = have_direct_caller(sites, nr) ? -EBUSY :
	      unexported(register_ftrace_function_nolock)(ops);
	mutex_unlock(direct_mutex);
	return err;
}

#else

void xlp_find_direct(void)
{
}

/* There are none. */
bool xlp_tells_direct_callers(void)
{
	return true;
}

unsigned long xlp_direct_caller(unsigned long site)
{
	return 0;
}

bool xlp_excludes_direct_callers(void)
{
	return true;
}

int xlp_register_without_direct_callers(struct ftrace_ops *ops, const unsigned long *sites,
					unsigned int nr)
{
	return register_ftrace_function(ops);
}

#endif
