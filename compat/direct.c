// SPDX-License-Identifier: GPL-2.0
/* direct.c - whom ftrace calls directly before a function, and whose calls are redirected */
#define pr_fmt(fmt) "xlp: " fmt

#include <compat/direct.h>
#include <compat/kallsyms.h>
#include <compat/unexported.h>
#include <linux/mutex.h>
#include <linux/printk.h>

/*
 * ftrace's own lock of its records, "ftrace_lock"; it is held whenever they change. (Variables
 * here are called otherwise than ftrace's: with xlp built into the kernel there would be two of
 * each name.)
 */
static struct mutex *records_mutex;

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

	xlp_matching_symbols(name, note_mutex, &search);
	return search.nr == 1 ? search.mutex : NULL;
}

/* ---- whose calls are redirected ---- */

static bool is_redirected(const struct dyn_ftrace *record)
{
	return (record->flags & FTRACE_FL_IPMODIFY) && !(record->flags & FTRACE_FL_DISABLED);
}

/* Return: which of the first @nr of @sites is the record's; @nr if none is. */
static unsigned int find_site(const struct dyn_ftrace *record, const unsigned long *sites,
			      unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && sites[i] != record->ip)
		i++;
	return i;
}

/* ftrace has tens of thousands of records, of which few are redirected. */
unsigned int xlp_first_redirected(const unsigned long *sites, unsigned int nr)
{
	const struct dyn_ftrace *record;
	struct ftrace_rec_iter *at;

	if (!records_mutex || !unexported_found(ftrace_rec_iter_start) ||
	    !unexported_found(ftrace_rec_iter_next) || !unexported_found(ftrace_rec_iter_record))
		return nr;
	mutex_lock(records_mutex);
	for (at = unexported(ftrace_rec_iter_start)(); at;
	     at = unexported(ftrace_rec_iter_next)(at)) {
		record = unexported(ftrace_rec_iter_record)(at);
		if (is_redirected(record))
			nr = find_site(record, sites, nr);
	}
	mutex_unlock(records_mutex);
	return nr;
}

/* ---- direct callers ---- */

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS

/*
 * ftrace's "direct_mutex". It is held whenever the table of direct callers changes, and the
 * other lock is taken under it. What leaves the table is freed at once, so RCU is not enough
 * for who looks something up.
 */
static struct mutex *callers_mutex;

static struct mutex *find_mutex_or_say_so(const char *name)
{
	struct mutex *mutex = find_mutex(name);

	if (!mutex)
		pr_info("cannot find %s (KALLSYMS_ALL): no telling who is a direct caller of a function\n",
			name);
	return mutex;
}

void xlp_find_direct(void)
{
	callers_mutex = find_mutex_or_say_so("direct_mutex");
	records_mutex = find_mutex_or_say_so("ftrace_lock");
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
	records_mutex = find_mutex("ftrace_lock");
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
