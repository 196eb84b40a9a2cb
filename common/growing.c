// SPDX-License-Identifier: GPL-2.0
/*
 * growing.c - reach functions through ftrace, by one ops for all of them
 *
 * For kernels whose ftrace has one way to all handlers: from the second ops on it asks each of
 * them, in every call of any of their functions, whether it wants that call, so that with an ops
 * for each batch every patch would make the calls of all others dearer. Here further patches cost
 * a call nothing.
 *
 * The filter of a registered ops is added to and taken from, which is right where there are no
 * direct callers only: ftrace looks for those when an ops is registered, and not when its filter
 * grows. Who changes where calls go already is seen and refused at both.
 *
 * The table that handlers look into is made anew for each batch, and published when ftrace has
 * taken its functions. A CPU may find the one before a little longer. So hooks that leave are
 * removed from the table in use, and the wait for handlers comes behind that, after which no CPU
 * finds an older one: whoever looks into a table finds a hook whose memory is there, or none. To
 * find none is right for a hook that has no version in effect yet, or none any more: the call goes
 * on in its function.
 */
#include "log.h"

#include <compat/direct.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "batch.h"
#include "ftrace.h"
#include "growing.h"
#include "handler.h"
#include "method.h"
#include "sites.h"

/**
 * struct growing_table - what handlers look into
 * @older:	the one before it, if a handler may still look into that
 * @sites:	of all functions in the filter, and maybe some that have left it
 */
struct growing_table {
	struct growing_table *older;
	struct xlp_sites sites;
};

/**
 * struct growing_memory - &xlp_batch.memory
 * @batch:	whose it is
 * @ops:	what ftrace is to know all functions by, if it knows none yet; NULL when it does
 * @is_refused:	ftrace has had @ops on its list for a moment
 * @node:	in the list of batches with functions in the filter
 * @nr_in:	how many it has there
 * @addresses:	scratch space for as many addresses as there are hooks
 * @is_in:	is a hook of the batch in the filter?
 */
struct growing_memory {
	const struct xlp_batch *batch;
	struct ftrace_ops *ops;
	bool is_refused;
	struct list_head node;
	unsigned int nr_in;
	unsigned long *addresses;
	bool is_in[];
};

/* In use while no ops is registered. It has one slot, which is free. */
static struct {
	struct growing_table table;
	struct xlp_site slot;
} growing_empty;

static struct growing_table *growing_table = &growing_empty.table;

/* So many older tables may be kept until functions leave, which waits for handlers anyway. */
#define GROWING_MOST_OLDER	8

/* Of all that follows, and of who changes the table. Under it only ftrace is waited for. */
static DEFINE_MUTEX(growing_mutex);
/* What is registered, or NULL: no function is in its filter. */
static struct ftrace_ops *growing_ops;
static LIST_HEAD(growing_batches);
/* How many functions are in the filter. */
static unsigned int growing_nr_in;

static void notrace growing_handle(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct growing_table *table = READ_ONCE(growing_table);
	const struct xlp_hook *hook;

	/* A CPU that does not see the new table yet finds nothing. Nothing is in effect by then. */
	if (xlp_sites_find(&table->sites, ip, &hook))
		xlp_redirect(hook, fregs);
	else
		xlp_arch_continue(fregs);
}

/* ---- tables ---- */

static unsigned int growing_list_batch(struct xlp_site *list, const struct xlp_batch *batch,
				       bool all)
{
	const struct growing_memory *memory = batch->memory;
	const struct xlp_hook *hook;
	unsigned int n = 0;

	xlp_for_each_hook(batch, hook)
		if (all || memory->is_in[hook - batch->hooks])
			list[n++] = (struct xlp_site){ hook->site, hook };
	return n;
}

/* One that could not be let go of is there, in the place of the new one. */
static bool growing_has_any(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook, *other;

	xlp_for_each_hook(batch, hook)
		if (xlp_sites_find(&growing_table->sites, hook->site, &other))
			return true;
	return false;
}

/* Of what is in the filter and of @added. */
static struct growing_table *growing_table_make(const struct xlp_batch *added)
{
	unsigned int nr = growing_nr_in + added->nr_hooks;
	struct xlp_site *list = xlp_alloc_array(nr, sizeof(*list));
	struct growing_table *table;
	struct growing_memory *memory;
	unsigned int n;

	if (!list)
		return ERR_PTR(-ENOMEM);
	n = growing_list_batch(list, added, true);
	list_for_each_entry(memory, &growing_batches, node)
		n += growing_list_batch(list + n, memory->batch, false);
	table = xlp_sites_make(offsetof(struct growing_table, sites), list, n);
	xlp_free(list);
	return table;
}

static void growing_table_publish(struct growing_table *table)
{
	table->older = growing_table;
	/* Who finds a table finds what is in it. */
	smp_store_release(&growing_table, table);
}

/* Those that are not in use: a wait for handlers, and they may be freed. */
static struct growing_table *growing_tables_take_old(void)
{
	struct growing_table *old = growing_table->older;

	growing_table->older = NULL;
	return old;
}

static void growing_tables_free(struct growing_table *table)
{
	struct growing_table *older;

	for (; table; table = older) {
		older = table->older;
		if (table != &growing_empty.table)
			xlp_free(table);
	}
}

/* ---- what ftrace is told ---- */

static int growing_register(struct ftrace_ops *ops, unsigned long *addresses, unsigned int nr)
{
	ops->func = growing_handle;
	ops->flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_DYNAMIC |
		     xlp_arch_ftrace_flags;
	return ftrace_set_filter_ips(ops, addresses, nr, 0, 1) ?:
	       xlp_arch_ftrace_register(ops, addresses, nr);
}

/*
 * ftrace says of who is registered that all went well, also if it has come upon text that is not
 * what it ought to be, after which it does nothing any more. @ops is to be no part of it.
 */
static bool growing_ftrace_is_dead(struct ftrace_ops *ops, unsigned long *addresses)
{
	int err = ftrace_set_filter_ips(ops, addresses, 1, 0, 1);

	ftrace_free_filter(ops);
	return err == -ENODEV;
}

/*
 * Return: 0, or an error: ftrace calls nobody for any of them; or does for some, if it is dead,
 * which is as if it did not, as no table has them.
 */
static int growing_add(struct growing_memory *memory, unsigned int nr)
{
	int err;

	if (!growing_ops) {
		err = growing_register(memory->ops, memory->addresses, nr);
		memory->is_refused = err;
		return err;
	}
	err = ftrace_set_filter_ips(growing_ops, memory->addresses, nr, 0, 0);
	if (!err && growing_ftrace_is_dead(memory->ops, memory->addresses))
		return -ENODEV;
	return err;
}

/* Return: 0, or an error: ftrace calls the handler for all that it has. */
static int growing_take_out(unsigned long *addresses, unsigned int nr)
{
	struct growing_table *table = growing_table;
	int err;

	if (nr < growing_nr_in)
		return xlp_ftrace_take_out(growing_ops, addresses, nr);
	/* Before the wait, so that nobody finds it afterwards. */
	WRITE_ONCE(growing_table, &growing_empty.table);
	err = xlp_ftrace_unregister(growing_ops);
	if (err) {
		WRITE_ONCE(growing_table, table);
		return err;
	}
	growing_tables_free(table);
	xlp_free(growing_ops);
	growing_ops = NULL;
	return 0;
}

/* ---- the method ---- */

static void growing_release(struct xlp_batch *batch)
{
	struct growing_memory *memory = batch->memory;

	xlp_free(memory->addresses);
	xlp_free(memory->ops);
	xlp_free(memory);
	batch->memory = NULL;
}

static int growing_prepare(struct xlp_batch *batch)
{
	struct growing_memory *memory = xlp_alloc(struct_size(memory, is_in, batch->nr_hooks));

	if (!memory)
		return -ENOMEM;
	memory->batch = batch;
	memory->addresses = xlp_alloc_array(batch->nr_hooks, sizeof(*memory->addresses));
	memory->ops = xlp_alloc(sizeof(*memory->ops));
	batch->memory = memory;
	if (memory->addresses && memory->ops)
		return 0;
	growing_release(batch);
	return -ENOMEM;
}

static void growing_count_in(struct xlp_batch *batch)
{
	struct growing_memory *memory = batch->memory;

	if (!growing_ops) {
		growing_ops = memory->ops;
		memory->ops = NULL;
	}
	memset(memory->is_in, true, batch->nr_hooks);
	memory->nr_in = batch->nr_hooks;
	growing_nr_in += batch->nr_hooks;
	list_add(&memory->node, &growing_batches);
}

static int growing_attach_locked(struct xlp_batch *batch)
{
	struct growing_memory *memory = batch->memory;
	struct growing_table *table;
	struct xlp_hook *hook;
	int err;

	xlp_for_each_hook(batch, hook)
		memory->addresses[hook - batch->hooks] = hook->site;
	if (growing_has_any(batch))
		return -EBUSY;
	table = growing_table_make(batch);
	if (IS_ERR(table))
		return PTR_ERR(table);
	err = growing_add(memory, batch->nr_hooks);
	if (err) {
		growing_tables_free(table);
		return xlp_ftrace_known_error(err);
	}
	growing_table_publish(table);
	growing_count_in(batch);
	return 0;
}

static int growing_attach(struct xlp_batch *batch)
{
	int err;

	mutex_lock(&growing_mutex);
	err = growing_attach_locked(batch);
	mutex_unlock(&growing_mutex);
	return err;
}

/* What has been refused is in no table. */
static void growing_abandon(struct xlp_batch *batch)
{
	struct growing_memory *memory = batch->memory;

	if (memory->is_refused)
		xlp_ftrace_forget_refused(memory->ops);
}

static unsigned int growing_list_leaving(struct xlp_batch *batch)
{
	struct growing_memory *memory = batch->memory;
	struct xlp_hook *hook;
	unsigned int n = 0;

	xlp_for_each_hook(batch, hook)
		if (hook->state == XLP_HOOK_LEAVING)
			memory->addresses[n++] = hook->site;
	return n;
}

static void growing_count_out(struct xlp_batch *batch, unsigned int nr)
{
	struct growing_memory *memory = batch->memory;
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook) {
		if (hook->state != XLP_HOOK_LEAVING)
			continue;
		xlp_sites_remove(&growing_table->sites, hook);
		memory->is_in[hook - batch->hooks] = false;
	}
	growing_nr_in -= nr;
	memory->nr_in -= nr;
	if (!memory->nr_in)
		list_del(&memory->node);
}

static int growing_detach(struct xlp_batch *batch)
{
	struct growing_memory *memory = batch->memory;
	struct growing_table *old = NULL;
	bool is_last, is_last_of_all;
	unsigned int n;
	int err;

	mutex_lock(&growing_mutex);
	n = growing_list_leaving(batch);
	is_last = n == memory->nr_in;
	is_last_of_all = n == growing_nr_in;
	err = growing_take_out(memory->addresses, n);
	if (!err) {
		growing_count_out(batch, n);
		if (is_last && !is_last_of_all)
			old = growing_tables_take_old();
	}
	mutex_unlock(&growing_mutex);
	WARN(err, "xlp: ftrace does not let go of %u functions: %d\n", n, err);
	batch->waited = !err && is_last_of_all && XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS;
	if (err || !is_last || is_last_of_all)
		return err;
	xlp_ftrace_wait_for_handlers();
	growing_tables_free(old);
	batch->waited = true;
	return 0;
}

static unsigned int growing_nr_older(void)
{
	const struct growing_table *table;
	unsigned int nr = 0;

	for (table = growing_table->older; table; table = table->older)
		nr++;
	return nr;
}

/* Each table has all functions: while patches only come, all that were replaced would add up. */
static void growing_tidy(void)
{
	struct growing_table *old = NULL;

	mutex_lock(&growing_mutex);
	if (growing_nr_older() > GROWING_MOST_OLDER)
		old = growing_tables_take_old();
	mutex_unlock(&growing_mutex);
	if (!old)
		return;
	xlp_ftrace_wait_for_handlers();
	growing_tables_free(old);
}

/* What was to be attached is in memory->addresses. */
static const struct xlp_hook *growing_find_held(const struct xlp_batch *batch)
{
	const struct growing_memory *memory = batch->memory;
	unsigned int n = xlp_first_redirected(memory->addresses, batch->nr_hooks);

	return n < batch->nr_hooks ? &batch->hooks[n] : NULL;
}

const struct xlp_method xlp_growing_method = {
	.name	= "ftrace",
	.prepare = growing_prepare,
	.release = growing_release,
	.attach	= growing_attach,
	.abandon = growing_abandon,
	.detach	= growing_detach,
	.is_hindered = xlp_ftrace_is_probed_inside,
	.holder	= xlp_ftrace_holder,
	.find_held = growing_find_held,
	.tidy	= growing_tidy,
	.shrinks = true,
};
