// SPDX-License-Identifier: GPL-2.0
/* machine.c - a machine with functions that ftrace may have call the trampoline */
#include "../../common/batch.h"
#include "../../common/engine.h"
#include "../../common/ftrace.h"
#include "../../common/log.h"
#include "../../common/method.h"
#include "../../common/methods.h"
#include "../../common/patch.h"
#include <compat/direct.h>
#include <compat/text.h>
#include <xlp/arch.h>
#include "machine.h"

#define TEXT	0xffffffff81000000UL
#define MOST_OPS	256

bool is_held[NR_FUNCS], is_redirected[NR_FUNCS];
unsigned long wanted[NR_FUNCS];
bool ftrace_is_off, trampoline_is_known, nobody_tells;
unsigned int wrong_calls, longest_search, waits;
unsigned int shown_idle;
LIST_HEAD(xlp_patches);

static struct ftrace_ops *registered[MOST_OPS];
static unsigned int nr_filters, nr_references;
static bool is_calling;
static const void *table_of_task;
static unsigned int func_of_task;

void machine_reset(void)
{
	memset(is_held, 0, sizeof(is_held));
	memset(is_redirected, 0, sizeof(is_redirected));
	memset(wanted, 0, sizeof(wanted));
	memory_left = -1;
	ftrace_is_off = false;
	trampoline_is_known = true;
	nobody_tells = false;
	wrong_calls = 0;
	longest_search = 0;
	waits = 0;
	said[0] = '\0';
}

bool machine_warn(bool condition)
{
	if (condition)
		bail_out("it warns");
	return condition;
}

/* ---- what the kernel has ---- */

void machine_frees(const void *memory)
{
	if (memory && memory == table_of_task)
		bail_out("a table is freed while a task looks into it");
}

void __module_get(const void *unused)
{
	nr_references++;
}

void xlp_engine_assert(void)
{
}

void xlp_engine_changed(void)
{
}

void xlp_targets_publish(struct xlp_targets *targets, unsigned long before, unsigned long after)
{
	targets->now = after;
}

unsigned long xlp_target_of_task(const struct xlp_targets *targets)
{
	return targets->in[XLP_AFTER];
}

const struct xlp_method *xlp_method(void)
{
	return xlp_direct_method_if_any();
}

void kernel_halt(void)
{
}

bool xlp_in_trampoline(unsigned long addr)
{
	return trampoline_is_known;
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

void xlp_direct_trampoline(void)
{
}

void xlp_direct_trampoline_end(void)
{
}

/* As direct.h says, word by word. */
static unsigned long trampoline(const void *table, unsigned long address)
{
	unsigned long mask = *(const unsigned long *)table;
	const unsigned long *slot = table + XLP_DIRECT_SLOTS +
		((address * XLP_DIRECT_FACTOR >> XLP_DIRECT_SHIFT) & mask);
	const struct xlp_targets *targets;
	unsigned int looked_at;

	for (looked_at = 1; *slot; looked_at++, slot += XLP_DIRECT_SLOT_SIZE / sizeof(*slot)) {
		longest_search = max(longest_search, looked_at);
		if (*slot != address)
			continue;
		targets = (const void *)slot[XLP_DIRECT_SLOT_TARGETS / sizeof(*slot)];
		return targets->now == XLP_DIRECT_ASK ? xlp_target_of_task(targets) : targets->now;
	}
	longest_search = max(longest_search, looked_at);
	return 0;
}

static bool ops_has(const struct ftrace_ops *ops, unsigned long site)
{
	unsigned int i;

	for (i = 0; ops && i < ops->nr; i++)
		if (ops->sites[i] == site)
			return true;
	return false;
}

static struct ftrace_ops *ops_of(unsigned int func)
{
	unsigned int i;

	for (i = 0; i < MOST_OPS; i++)
		if (ops_has(registered[i], site_of(func)) && registered[i]->direct)
			return registered[i];
	return NULL;
}

bool calls_trampoline(unsigned int func)
{
	return ops_of(func);
}

unsigned long call(unsigned int func)
{
	return calls_trampoline(func) ?
	       trampoline(xlp_direct_table, xlp_arch_direct_return(site_of(func))) : 0;
}

void machine_stored(void)
{
	unsigned int i, j;

	if (is_calling || wrong_calls)
		return;
	is_calling = true;
	for (i = 0; i < MOST_OPS; i++)
		for (j = 0; registered[i] && registered[i]->direct && j < registered[i]->nr; j++)
			wrong_calls += call(func_of(registered[i]->sites[j])) !=
				       wanted[func_of(registered[i]->sites[j])];
	is_calling = false;
}

void call_begin(unsigned int func)
{
	if (!calls_trampoline(func))
		bail_out("a function does not call the trampoline");
	table_of_task = xlp_direct_table;
	func_of_task = func;
}

bool is_on_its_way(void)
{
	return table_of_task;
}

void call_end(void)
{
	if (table_of_task)
		wrong_calls += trampoline(table_of_task,
					  xlp_arch_direct_return(site_of(func_of_task))) !=
			       wanted[func_of_task];
	table_of_task = NULL;
}

void synchronize_rcu_tasks_rude(void)
{
}

void synchronize_rcu_tasks(void)
{
	waits++;
	call_end();
}

/* ---- ftrace ---- */

int ftrace_set_filter_ips(struct ftrace_ops *ops, unsigned long *sites, unsigned int nr, int remove,
			  int reset)
{
	if (ops->registered || remove || !reset)
		bail_out("the filter of a registered ops changes");
	if (ops->is_over)
		bail_out("a filter that has been freed is used");
	ftrace_free_filter(ops);
	ops->is_over = false;
	ops->sites = malloc(nr * sizeof(*sites));
	memcpy(ops->sites, sites, nr * sizeof(*sites));
	ops->nr = nr;
	nr_filters++;
	return 0;
}

int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long site, int remove, int reset)
{
	return ftrace_set_filter_ips(ops, &site, 1, remove, reset);
}

void ftrace_free_filter(struct ftrace_ops *ops)
{
	if (!ops->sites)
		return;
	if (ops->is_refused)
		bail_out("a filter is freed that ftrace may still look into");
	free(ops->sites);
	ops->sites = NULL;
	ops->is_over = true;
	ops->nr = 0;
	nr_filters--;
}

/* An empty filter is all functions. */
int register_ftrace_function(struct ftrace_ops *ops)
{
	unsigned int i = 0;

	if (ops->registered || !ops->nr)
		bail_out("what is registered is so already, or has no function");
	if (ftrace_is_off && ops->flags & FTRACE_OPS_FL_PERMANENT)
		return -EBUSY;
	while (registered[i])
		if (++i == MOST_OPS)
			bail_out("too many ops");
	registered[i] = ops;
	ops->registered = true;
	return 0;
}

int unregister_ftrace_function(struct ftrace_ops *ops)
{
	unsigned int i = 0;

	while (registered[i] != ops)
		if (++i == MOST_OPS)
			bail_out("what is unregistered is not registered");
	registered[i] = NULL;
	ops->registered = false;
	return 0;
}

int register_ftrace_direct(struct ftrace_ops *ops, unsigned long addr)
{
	unsigned int i, func;
	int err;

	for (i = 0; i < ops->nr; i++) {
		func = func_of(ops->sites[i]);
		if (is_held[func] || is_redirected[func] || calls_trampoline(func)) {
			ops->is_refused = true;
			/* For a moment it was on a list, and a task has called the function. */
			table_of_task = xlp_direct_table;
			func_of_task = func;
			return -EBUSY;
		}
	}
	ops->flags = 0;
	err = register_ftrace_function(ops);
	ops->direct = addr;
	machine_stored();
	return err;
}

/* Whoever is in a trampoline is out of it afterwards. */
int unregister_ftrace_direct(struct ftrace_ops *ops, unsigned long addr, bool free_filters)
{
	int err;

	if (ops->direct != addr)
		return -EINVAL;
	call_end();
	err = unregister_ftrace_function(ops);
	ops->direct = 0;
	if (free_filters)
		ftrace_free_filter(ops);
	return err;
}

bool can_switch_off(void)
{
	unsigned int i;

	for (i = 0; i < MOST_OPS; i++)
		if (registered[i] && registered[i]->flags & FTRACE_OPS_FL_PERMANENT)
			return false;
	return true;
}

void xlp_ftrace_forget_refused(struct ftrace_ops *ops)
{
	ops->is_refused = false;
	ftrace_free_filter(ops);
}

/* Nobody has kprobes here. */
bool xlp_ftrace_is_probed_inside(unsigned long site)
{
	return false;
}

void xlp_ftrace_holder(unsigned long site, char *text)
{
	strscpy(text, ftrace_is_off ? "off" : "held", XLP_HOLDER_LEN);
}

unsigned long xlp_direct_caller(unsigned long site)
{
	return !nobody_tells && is_held[func_of(site)];
}

unsigned int xlp_first_redirected(const unsigned long *sites, unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && (nobody_tells || !is_redirected[func_of(sites[i])]))
		i++;
	return i;
}

bool all_is_free(void)
{
	unsigned int i;

	for (i = 0; i < MOST_OPS; i++)
		if (registered[i])
			return false;
	return !memory_held() && !nr_filters && !nr_references && !table_of_task;
}
