// SPDX-License-Identifier: GPL-2.0
/* machine.c - a machine whose ftrace has one way to all handlers */
#include "../../common/batch.h"
#include "../../common/ftrace.h"
#include "../../common/handler.h"
#include "../../common/method.h"
#include <compat/direct.h>
#include <xlp/arch.h>
#include "machine.h"

#define TEXT		0xffffffff81000000UL
#define FUNC_SIZE	32

bool is_redirected[NR_FUNCS];
unsigned long wanted[NR_FUNCS];
bool ftrace_fails;
unsigned int dies_at;
bool expect_warning;
unsigned int wrong_calls, waits, registrations, shown_idle;

static struct ftrace_ops *registered;
static unsigned int nr_filters;
/* ftrace has refused an ops, and nobody has waited for who looks into its filter. */
static bool is_refused;
/* It has come upon text that it did not expect. */
static bool is_dead;
static bool is_calling;
/* What the CPU that lags behind finds; or 0: what there is. */
static unsigned long table_of_cpu;
static bool falls_behind;
/* Is the next thing that is read the table, and who reads it? */
static bool reads_table, lags;
/* The function of a call that has found its hook and not looked where it goes yet. */
static const struct xlp_hook *hook_of_call;
static bool is_beginning;

void machine_reset(void)
{
	memset(is_redirected, 0, sizeof(is_redirected));
	memset(wanted, 0, sizeof(wanted));
	memory_left = -1;
	ftrace_fails = false;
	dies_at = NR_FUNCS;
	is_dead = false;
	wrong_calls = 0;
	waits = 0;
	registrations = 0;
	table_of_cpu = 0;
	falls_behind = false;
}

bool machine_warn(bool condition)
{
	if (condition && !expect_warning)
		bail_out("it warns");
	return condition;
}

void machine_frees(const void *memory)
{
}

/* ---- functions and calls ---- */

unsigned long site_of(unsigned int func)
{
	return TEXT + func * FUNC_SIZE + 4;
}

static unsigned int func_of(unsigned long site)
{
	return (site - TEXT) / FUNC_SIZE;
}

bool is_caught(unsigned int func)
{
	unsigned int i;

	for (i = 0; registered && i < registered->nr; i++)
		if (registered->sites[i] == site_of(func))
			return true;
	return false;
}

unsigned long machine_read(unsigned long value)
{
	if (!reads_table)
		return value;
	reads_table = false;
	if (lags && falls_behind && !table_of_cpu)
		table_of_cpu = value;
	return lags && table_of_cpu ? table_of_cpu : value;
}

unsigned long xlp_target_of_task(const struct xlp_targets *targets)
{
	return targets->in[XLP_AFTER];
}

/* A call that begins ends here: its handler is kept from going on. */
void xlp_redirect_by_task(const struct xlp_hook *hook, struct ftrace_regs *fregs)
{
	if (is_beginning)
		hook_of_call = hook;
	fregs->ip = xlp_target_of_task(&hook->targets);
}

static unsigned long handled(unsigned int func)
{
	void (*handler)(unsigned long, unsigned long, struct ftrace_ops *, struct ftrace_regs *) =
		registered->func;
	struct ftrace_regs fregs = { .ip = ~0UL };

	reads_table = true;
	handler(site_of(func), 0, registered, &fregs);
	return fregs.ip;
}

unsigned long call(unsigned int func)
{
	lags = false;
	return is_caught(func) ? handled(func) : 0;
}

/* Who lags behind may find nothing for what has just come. */
static bool is_right_for_lagging(unsigned int func)
{
	unsigned long target;

	lags = true;
	target = handled(func);
	lags = false;
	return target == wanted[func] || (table_of_cpu && !target);
}

void machine_stored(void)
{
	unsigned int i, func;

	if (is_calling || wrong_calls)
		return;
	is_calling = true;
	for (i = 0; registered && i < registered->nr; i++) {
		func = func_of(registered->sites[i]);
		wrong_calls += call(func) != wanted[func] || !is_right_for_lagging(func);
	}
	is_calling = false;
}

void cpu_is_to_fall_behind(void)
{
	falls_behind = true;
	table_of_cpu = 0;
}

void cpu_falls_behind(void)
{
	cpu_is_to_fall_behind();
	machine_stored();
}

static void cpu_catches_up(void)
{
	falls_behind = false;
	table_of_cpu = 0;
}

void call_begin(unsigned int func)
{
	if (!is_caught(func))
		bail_out("a function is not caught");
	is_beginning = true;
	call(func);
	is_beginning = false;
	if (!hook_of_call)
		bail_out("the call does not ask");
}

bool is_on_its_way(void)
{
	return hook_of_call;
}

/* It looks into its hook once more, which the sanitizer sees if that is gone. */
static void handlers_end(void)
{
	if (hook_of_call)
		wrong_calls += !hook_of_call->site;
	hook_of_call = NULL;
}

static void wait_for_all(void)
{
	waits++;
	/* Calls are made until then. */
	machine_stored();
	cpu_catches_up();
	handlers_end();
}

void xlp_ftrace_wait_for_handlers(void)
{
	wait_for_all();
}

/* ---- ftrace ---- */

static bool filter_has(const struct ftrace_ops *ops, unsigned long site)
{
	unsigned int i;

	for (i = 0; i < ops->nr; i++)
		if (ops->sites[i] == site)
			return true;
	return false;
}

static int filter_add(struct ftrace_ops *ops, const unsigned long *sites, unsigned int nr)
{
	unsigned long *all = malloc((ops->nr + nr) * sizeof(*all));
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (filter_has(ops, sites[i]))
			bail_out("a function is added twice");
		/* Whoever is registered is refused at once, and others when they are. */
		if (ops->registered && is_redirected[func_of(sites[i])]) {
			free(all);
			return -EBUSY;
		}
	}
	if (ops->nr)
		memcpy(all, ops->sites, ops->nr * sizeof(*all));
	memcpy(all + ops->nr, sites, nr * sizeof(*all));
	nr_filters += !ops->sites;
	free(ops->sites);
	ops->sites = all;
	ops->nr += nr;
	is_dead |= ops->registered && filter_has(ops, site_of(dies_at));
	return 0;
}

static int filter_take_out(struct ftrace_ops *ops, const unsigned long *sites, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < ops->nr && ops->sites[j] != sites[i]; j++)
			;
		if (j == ops->nr)
			bail_out("a function is taken out that is not there");
		ops->sites[j] = ops->sites[--ops->nr];
	}
	if (!ops->nr)
		bail_out("a registered ops has an empty filter, which is all functions");
	return 0;
}

int ftrace_set_filter_ips(struct ftrace_ops *ops, unsigned long *sites, unsigned int nr, int remove,
			  int reset)
{
	int err;

	if (ops->is_over)
		bail_out("a filter that has been freed is used");
	if (is_dead)
		return -ENODEV;
	if (reset)
		ftrace_free_filter(ops);
	err = remove ? filter_take_out(ops, sites, nr) : filter_add(ops, sites, nr);
	machine_stored();
	return err;
}

void ftrace_free_filter(struct ftrace_ops *ops)
{
	if (!ops->sites)
		return;
	if (is_refused)
		bail_out("a filter is freed that ftrace may still look into");
	free(ops->sites);
	ops->sites = NULL;
	ops->is_over = true;
	ops->nr = 0;
	nr_filters--;
}

/* For a moment who is refused is on a list, and is called. */
int register_ftrace_function(struct ftrace_ops *ops)
{
	unsigned int i;

	if (ops->registered || !ops->nr)
		bail_out("what is registered is so already, or has no function");
	if (~ops->flags &
	    (FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_DYNAMIC))
		bail_out("a flag is missing");
	registered = ops;
	machine_stored();
	for (i = 0; i < ops->nr; i++) {
		if (is_redirected[func_of(ops->sites[i])]) {
			registered = NULL;
			is_refused = true;
			return -EBUSY;
		}
	}
	ops->registered = true;
	registrations++;
	return 0;
}

int xlp_ftrace_unregister(struct ftrace_ops *ops)
{
	if (registered != ops)
		bail_out("what is unregistered is not registered");
	if (ftrace_fails)
		return -ENODEV;
	registered = NULL;
	wait_for_all();
	ftrace_free_filter(ops);
	return 0;
}

int xlp_ftrace_take_out(struct ftrace_ops *ops, unsigned long *addresses, unsigned int nr)
{
	return ftrace_fails ? -ENODEV : ftrace_set_filter_ips(ops, addresses, nr, 1, 0);
}

void xlp_ftrace_forget_refused(struct ftrace_ops *ops)
{
	wait_for_all();
	is_refused = false;
	ftrace_free_filter(ops);
}

int xlp_ftrace_known_error(int err)
{
	return err;
}

/* Nobody has kprobes here. */
bool xlp_ftrace_is_probed_inside(unsigned long site)
{
	return false;
}

void xlp_ftrace_holder(unsigned long site, char *text)
{
}

unsigned int xlp_first_redirected(const unsigned long *sites, unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && !is_redirected[func_of(sites[i])])
		i++;
	return i;
}

/* For what is left of a scenario: without those that were added when it died. */
void ftrace_revives(void)
{
	is_dead = false;
	while (registered->nr && func_of(registered->sites[registered->nr - 1]) >= dies_at - 1)
		registered->nr--;
}

bool all_is_free(void)
{
	return !registered && !memory_held() && !nr_filters && !is_refused && !hook_of_call;
}
