// SPDX-License-Identifier: GPL-2.0
/* direct.c - whom ftrace calls directly before a function */
#define pr_fmt(fmt) "xlp: " fmt

#include <compat/direct.h>
#include <compat/unexported.h>
#include <linux/mutex.h>
#include <linux/printk.h>

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

/*
 * ftrace's own. It holds direct_mutex whenever it changes its table of direct callers, and
 * takes ftrace_lock under it. What leaves the table is freed at once, so RCU is not enough
 * for who looks something up. (Called otherwise here: with xlp built into the kernel there
 * would be two of each name.)
 */
static struct mutex *callers_mutex, *records_mutex;

struct search {
	struct mutex *mutex;	/* the last one found */
	unsigned int nr;
};

static int note_mutex(void *data, unsigned long addr)
{
	struct search *search = data;

	search->mutex = (struct mutex *)addr;
	search->nr++;
	return 0;
}

/* Only KALLSYMS_ALL lists data. Of two by that name, nobody tells which is ftrace's. */
static struct mutex *find_mutex(const char *name)
{
	struct search search = { };

	unexported(kallsyms_on_each_match_symbol)(note_mutex, name, &search);
	if (search.nr == 1)
		return search.mutex;
	pr_info("cannot find %s (KALLSYMS_ALL): no telling who is a direct caller of a function\n",
		name);
	return NULL;
}

void xlp_find_direct(void)
{
	callers_mutex = find_mutex("direct_mutex");
	records_mutex = find_mutex("ftrace_lock");
}

bool xlp_tells_direct_callers(void)
{
	return callers_mutex && unexported_found(ftrace_find_rec_direct);
}

unsigned long xlp_direct_caller(unsigned long site)
{
	unsigned long caller;

	if (!xlp_tells_direct_callers())
		return 0;
	mutex_lock(callers_mutex);
	caller = unexported(ftrace_find_rec_direct)(site);
	mutex_unlock(callers_mutex);
	return caller;
}

bool xlp_excludes_direct_callers(void)
{
	return xlp_tells_direct_callers() && records_mutex && unexported_found(ftrace_startup);
}

static bool have_direct_caller(const unsigned long *sites, unsigned int nr)
{
	unsigned long caller = 0;

	while (nr-- && !caller)
		caller = unexported(ftrace_find_rec_direct)(sites[nr]);
	return caller;
}

/* direct_mutex is held throughout, so that no direct caller comes in between. */
int xlp_register_without_direct_callers(struct ftrace_ops *ops, const unsigned long *sites,
					unsigned int nr)
{
	int err;

	if (!xlp_excludes_direct_callers())
		return -EOPNOTSUPP;
	mutex_lock(callers_mutex);
	mutex_lock(records_mutex);
	err = have_direct_caller(sites, nr) ? -EBUSY : unexported(ftrace_startup)(ops, 0);
	mutex_unlock(records_mutex);
	mutex_unlock(callers_mutex);
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
