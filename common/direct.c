// SPDX-License-Identifier: GPL-2.0
/*
 * direct.c - reach functions through a trampoline that ftrace has them call directly
 *
 *	function:  ftrace's call      trampoline ──▶ new function
 *	           second instruction ◀─────┘ if none is in effect
 *
 * All functions share one trampoline (the architecture's), which knows them by its return
 * address: a table has the hook of each. ftrace runs nothing of its own between the call and the
 * trampoline, unless somebody else has the function traced too.
 *
 * The table in use is only added to: a slot that is free, or has become so, is filled before ftrace
 * is told of the function, and one whose function has been let go of counts as free when nobody can
 * be on the way through it any more. When there is no room a larger table is filled, and takes its
 * place when it is complete. The old one is freed by whoever next has ftrace wait for all tasks.
 *
 * ftrace's direct callers cannot share a function with each other, nor with who changes where
 * calls go, and their filters cannot shrink: what one ops has leaves together, so that there is
 * one for each object. Up to 6.12 it also forgets of them that they must not be switched off:
 * hence the guard.
 */
#include "log.h"

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/ftrace.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <compat/direct.h>
#include <compat/ftrace.h>
#include <compat/text.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "batch.h"
#include "ftrace.h"
#include "method.h"

/* No call looks at more slots than these and the 0 behind them. */
#define SLOTS_LOOKED_AT	8
/* How often a table in which functions find no room may be doubled. */
#define TABLE_DOUBLINGS	8
#define TABLE_LEAST	16
/* In place of an address: its function has been let go of. A search goes on. */
#define SLOT_GONE	1UL

/**
 * struct direct_slot - a function; 0 in all slots that never had one
 * @address:	what the trampoline is to return to
 * @targets:	where its calls continue: a hook begins with that
 */
struct direct_slot {
	unsigned long address;
	const struct xlp_targets *targets;
};

/**
 * struct xlp_direct_table - what the trampoline looks into
 * @mask:	of the bits of a product that are the offset of a slot
 * @older:	one that tasks may still look into, or NULL
 * @slots:	as many as the mask can name, and %SLOTS_LOOKED_AT more, the last of which is 0
 */
struct xlp_direct_table {
	unsigned long mask;
	struct xlp_direct_table *older;
	struct direct_slot slots[];
};

/* In use while no function is hooked, and so by nobody. */
static struct xlp_direct_table empty_table = { .slots = { [SLOTS_LOOKED_AT] = { } } };

struct xlp_direct_table *xlp_direct_table = &empty_table;

/*
 * Whoever changes the table in use, or what follows, holds this. No wait for tasks comes under
 * it but the one to let go of the guard, during which ftrace lets nobody register either.
 */
static DEFINE_MUTEX(slots_mutex);
static struct xlp_direct_table *tables_to_free;
/* How many batches have slots. */
static unsigned int nr_batches;

/**
 * struct direct_part - the hooks of one object
 * @ops:	what ftrace knows them by
 * @first:	the first of them
 * @nr:		their number
 * @registered:	ftrace calls the trampoline for them
 * @has_filter:	there is a filter, or part of one, to be freed
 * @has_slots:	they are in the table
 */
struct direct_part {
	struct ftrace_ops ops;
	const struct xlp_hook *first;
	unsigned int nr;
	bool registered;
	bool has_filter;
	bool has_slots;
};

/**
 * struct direct_memory - &xlp_batch.memory
 * @is_counted:	in nr_batches
 * @addresses:	scratch space for as many addresses as there are hooks
 * @nr_parts:	how many objects
 * @parts:	in the order of hooks
 */
struct direct_memory {
	bool is_counted;
	unsigned long *addresses;
	unsigned int nr_parts;
	struct direct_part parts[];
};

#define for_each_part(memory, part) \
	for ((part) = (memory)->parts; (part) < (memory)->parts + (memory)->nr_parts; (part)++)

/* ---- the table ---- */

static unsigned int table_nr_slots(const struct xlp_direct_table *table)
{
	return table->mask / XLP_DIRECT_SLOT_SIZE + 1 + SLOTS_LOOKED_AT;
}

/* As the trampoline finds it. */
static struct direct_slot *table_first_slot(struct xlp_direct_table *table, unsigned long address)
{
	unsigned long offset = (address * XLP_DIRECT_FACTOR >> XLP_DIRECT_SHIFT) & table->mask;

	return (void *)table->slots + offset;
}

static bool slot_is_free(const struct direct_slot *slot)
{
	return !slot->address || slot->address == SLOT_GONE;
}

/* Return: false: there is no room where the trampoline looks. */
static bool table_add(struct xlp_direct_table *table, unsigned long address,
		      const struct xlp_targets *targets)
{
	struct direct_slot *slot = table_first_slot(table, address);
	const struct direct_slot *end = slot + SLOTS_LOOKED_AT;

	while (slot < end && !slot_is_free(slot))
		slot++;
	if (slot == end)
		return false;
	WRITE_ONCE(slot->targets, targets);
	/* Whoever finds the address finds its targets. A trampoline reads them in this order. */
	smp_store_release(&slot->address, address);
	return true;
}

static void table_remove(struct xlp_direct_table *table, unsigned long address)
{
	struct direct_slot *slot = table_first_slot(table, address);
	const struct direct_slot *end = slot + SLOTS_LOOKED_AT;

	for (; slot < end; slot++)
		if (slot->address == address)
			WRITE_ONCE(slot->address, SLOT_GONE);
}

static unsigned long hook_address(const struct xlp_hook *hook)
{
	return xlp_arch_direct_return(hook->site);
}

/* Return: how many of the hooks have found room. */
static unsigned int table_add_hooks(struct xlp_direct_table *table, const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		if (!table_add(table, hook_address(hook), &hook->targets))
			break;
	return hook - batch->hooks;
}

static void table_remove_hooks(struct xlp_direct_table *table, const struct xlp_hook *hooks,
			       unsigned int nr)
{
	while (nr--)
		table_remove(table, hook_address(&hooks[nr]));
}

/* What is in the table in use. */
static bool table_add_all(struct xlp_direct_table *table, const struct xlp_direct_table *old)
{
	const struct direct_slot *slot;

	for (slot = old->slots; slot < old->slots + table_nr_slots(old); slot++)
		if (!slot_is_free(slot) && !table_add(table, slot->address, slot->targets))
			return false;
	return true;
}

static unsigned int table_nr_taken(const struct xlp_direct_table *table)
{
	const struct direct_slot *slot;
	unsigned int nr = 0;

	for (slot = table->slots; slot < table->slots + table_nr_slots(table); slot++)
		nr += !slot_is_free(slot);
	return nr;
}

static struct xlp_direct_table *table_alloc(unsigned int nr)
{
	struct xlp_direct_table *table = xlp_alloc(struct_size(table, slots, nr + SLOTS_LOOKED_AT));

	if (table)
		table->mask = (nr - 1UL) * XLP_DIRECT_SLOT_SIZE;
	return table;
}

/* A table of the functions of @old and of @batch. */
static int table_make(struct xlp_direct_table *old, const struct xlp_batch *batch,
		      struct xlp_direct_table **made)
{
	unsigned int nr = table_nr_taken(old) + batch->nr_hooks;
	unsigned int size = max_t(unsigned int, TABLE_LEAST, roundup_pow_of_two(4 * nr));
	unsigned int doublings;

	for (doublings = 0; doublings <= TABLE_DOUBLINGS; doublings++) {
		*made = table_alloc(size << doublings);
		if (!*made)
			return -ENOMEM;
		if (table_add_all(*made, old) && table_add_hooks(*made, batch) == batch->nr_hooks)
			return 0;
		xlp_free(*made);
	}
	pr_err("%u functions find no place in a table for %u\n", nr, size << TABLE_DOUBLINGS);
	return -ENOSPC;
}

/* From here on calls look into another one; who looks into the old one goes on doing so. */
static void table_replace(struct xlp_direct_table *table)
{
	struct xlp_direct_table *old = xlp_direct_table;

	if (old == table)
		return;
	/* A trampoline that finds the table finds what is in it: it reads the one by the other. */
	smp_store_release(&xlp_direct_table, table);
	if (old == &empty_table)
		return;
	old->older = tables_to_free;
	tables_to_free = old;
}

static int slots_add(const struct xlp_batch *batch)
{
	struct xlp_direct_table *table = xlp_direct_table;
	unsigned int added;
	int err;

	if (table != &empty_table) {
		added = table_add_hooks(table, batch);
		if (added == batch->nr_hooks)
			return 0;
		/* ftrace has not been told of them, so nobody looks for them. */
		table_remove_hooks(table, batch->hooks, added);
	}
	err = table_make(xlp_direct_table, batch, &table);
	if (!err)
		table_replace(table);
	return err;
}

/*
 * Whoever is in a trampoline has left it: it does not sleep, so tasks that are preempted there
 * have been waited for as RCU tasks, and idle ones, which those are not, by a visit to all CPUs.
 */
static void wait_for_trampolines(void)
{
	synchronize_rcu_tasks_rude();
	synchronize_rcu_tasks();
}

/* Those that have been replaced, under the mutex. */
static struct xlp_direct_table *tables_take_old(void)
{
	struct xlp_direct_table *old = tables_to_free;

	tables_to_free = NULL;
	return old;
}

/* Whoever might look into them has been waited for since they were replaced. */
static void tables_free(struct xlp_direct_table *table)
{
	struct xlp_direct_table *older;

	for (; table; table = older) {
		older = table->older;
		xlp_free(table);
	}
}

/* ---- the guard ---- */

static void notrace guard_leave_alone(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

/* While it is registered ftrace refuses to be switched off; while ftrace is, it is refused. */
static struct ftrace_ops guard;

/* By the first batch. On a function that is called once, when the machine comes to its end. */
static int guard_set(void)
{
	int err;

	/* An ops whose filter has been freed still leads to that (6.12). Nobody uses this one. */
	guard = (struct ftrace_ops){
		.func = guard_leave_alone,
		.flags = FTRACE_OPS_FL_PERMANENT,
	};
	err = ftrace_set_filter_ip(&guard, (unsigned long)kernel_halt, 0, 1) ?:
	      register_ftrace_function(&guard);
	if (err)
		xlp_ftrace_forget_refused(&guard);
	return err;
}

/* By the last one. */
static void guard_take_away(void)
{
	int err = unregister_ftrace_function(&guard);

	if (WARN(err, "xlp: ftrace does not let go of its guard: %d\n", err))
		__module_get(THIS_MODULE);
	else
		ftrace_free_filter(&guard);
}

/* ---- what ftrace is told ---- */

static int part_register(struct direct_part *part, unsigned long *addresses)
{
	unsigned int i;
	int err;

	for (i = 0; i < part->nr; i++)
		addresses[i] = part->first[i].site;
	part->has_filter = true;
	err = ftrace_set_filter_ips(&part->ops, addresses, part->nr, 0, 1) ?:
	      register_ftrace_direct(&part->ops, (unsigned long)xlp_direct_trampoline);
	part->registered = !err;
	return err;
}

/* Waits until nobody runs what ftrace has made for the ops, or is in a trampoline. */
static int part_unregister(struct direct_part *part)
{
	int err = unregister_ftrace_direct(&part->ops, (unsigned long)xlp_direct_trampoline, true);

	WARN(err, "xlp: ftrace does not let go of %u functions: %d\n", part->nr, err);
	part->registered = !!err;
	part->has_filter = !!err;
	return err;
}

/* All of an object leave, or none. */
static bool part_leaves(const struct direct_part *part)
{
	return part->registered && part->first->state == XLP_HOOK_LEAVING;
}

static bool any_part_has_slots(const struct direct_memory *memory)
{
	const struct direct_part *part;

	for_each_part(memory, part)
		if (part->has_slots)
			return true;
	return false;
}

/* ---- the method ---- */

static void direct_release(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;

	xlp_free(memory->addresses);
	xlp_free(memory);
	batch->memory = NULL;
}

/* Hooks of one object stand together. */
static void direct_divide(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;
	const struct xlp_hook *hook;
	struct direct_part *part;

	xlp_for_each_hook(batch, hook) {
		part = &memory->parts[hook->part];
		if (!part->nr++)
			part->first = hook;
		memory->nr_parts = hook->part + 1;
	}
}

static int direct_prepare(struct xlp_batch *batch)
{
	unsigned int nr_parts = batch->hooks[batch->nr_hooks - 1].part + 1;
	struct direct_memory *memory = xlp_alloc(struct_size(memory, parts, nr_parts));

	if (!memory)
		return -ENOMEM;
	memory->addresses = xlp_alloc_array(batch->nr_hooks, sizeof(*memory->addresses));
	batch->memory = memory;
	if (!memory->addresses) {
		direct_release(batch);
		return -ENOMEM;
	}
	direct_divide(batch);
	return 0;
}

/* Nothing finds a function before it has its slot. */
static int direct_enter(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;
	struct direct_part *part;
	int err = 0;

	mutex_lock(&slots_mutex);
	if (!nr_batches)
		err = guard_set();
	if (!err) {
		nr_batches++;
		memory->is_counted = true;
		err = slots_add(batch);
		for_each_part(memory, part)
			part->has_slots = !err;
	}
	mutex_unlock(&slots_mutex);
	return err;
}

/* Whoever has one of them, as far as the kernel lists that. */
static const struct xlp_hook *direct_find_held(const struct xlp_batch *batch)
{
	const struct direct_memory *memory = batch->memory;
	const struct xlp_hook *hook;
	unsigned int n = 0;

	xlp_for_each_hook(batch, hook) {
		if (xlp_direct_caller(hook->site))
			return hook;
		memory->addresses[n++] = hook->site;
	}
	n = xlp_first_redirected(memory->addresses, batch->nr_hooks);
	return n < batch->nr_hooks ? &batch->hooks[n] : NULL;
}

/*
 * ftrace would refuse what is held, too. But what it has refused has to be waited for, as long as
 * any task spins in the kernel, and what has been asked before has not.
 */
static int direct_attach(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;
	struct direct_part *part;
	int err = direct_find_held(batch) ? -EBUSY : direct_enter(batch);

	for_each_part(memory, part) {
		if (err)
			break;
		err = part_register(part, memory->addresses);
	}
	return err;
}

/* Nobody looks for what is removed here; if it was the last, nobody looks for anything. */
static void direct_leave(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;
	struct xlp_direct_table *old = NULL;
	struct direct_part *part;

	mutex_lock(&slots_mutex);
	for_each_part(memory, part) {
		if (part->registered || !part->has_slots)
			continue;
		table_remove_hooks(xlp_direct_table, part->first, part->nr);
		part->has_slots = false;
	}
	if (!any_part_has_slots(memory) && !--nr_batches) {
		table_replace(&empty_table);
		guard_take_away();
		old = tables_take_old();
	}
	mutex_unlock(&slots_mutex);
	tables_free(old);
}

static void direct_abandon(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;
	struct direct_part *part;

	if (!memory->is_counted)
		return;
	for_each_part(memory, part)
		if (part->registered)
			part_unregister(part);
	/* By an ops that is refused ftrace may have called the trampoline for a moment. */
	wait_for_trampolines();
	for_each_part(memory, part)
		if (part->has_filter && !part->registered)
			xlp_ftrace_forget_refused(&part->ops);
	direct_leave(batch);
}

static int direct_detach(struct xlp_batch *batch)
{
	struct direct_memory *memory = batch->memory;
	struct xlp_direct_table *old;
	struct direct_part *part;
	int err = 0;

	mutex_lock(&slots_mutex);
	old = tables_take_old();
	mutex_unlock(&slots_mutex);
	for_each_part(memory, part)
		if (part_leaves(part))
			err = part_unregister(part) ?: err;
	if (err)
		wait_for_trampolines();
	tables_free(old);
	if (err)
		return err;
	direct_leave(batch);
	batch->waited = XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS;
	return 0;
}

static const struct xlp_method direct_method = {
	.name	= "direct",
	.prepare = direct_prepare,
	.release = direct_release,
	.attach	= direct_attach,
	.abandon = direct_abandon,
	.detach	= direct_detach,
	.is_hindered = xlp_ftrace_is_probed_inside,
	.holder	= xlp_ftrace_holder,
	.find_held = direct_find_held,
	.shrinks = false,
};

/* A walk that took the trampoline for a function would miss who is on the way through it. */
static bool trampoline_is_known(void)
{
	return xlp_in_trampoline((unsigned long)xlp_direct_trampoline) &&
	       xlp_in_trampoline((unsigned long)xlp_direct_trampoline_end - 1);
}

const struct xlp_method *xlp_direct_method_if_any(void)
{
	BUILD_BUG_ON(offsetof(struct xlp_direct_table, mask));
	BUILD_BUG_ON(offsetof(struct xlp_direct_table, slots) != XLP_DIRECT_SLOTS);
	BUILD_BUG_ON(sizeof(struct direct_slot) != XLP_DIRECT_SLOT_SIZE);
	BUILD_BUG_ON(offsetof(struct direct_slot, targets) != XLP_DIRECT_SLOT_TARGETS);
	BUILD_BUG_ON(offsetof(struct xlp_targets, now));
	BUILD_BUG_ON(XLP_ASK != XLP_DIRECT_ASK);
	return trampoline_is_known() ? &direct_method : NULL;
}
