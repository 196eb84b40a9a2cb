// SPDX-License-Identifier: GPL-2.0
/*
 * world.c - where calls go while tasks change over one by one
 *
 * What is known of tasks stands in tables beside them, since a stock kernel's
 * task_struct has no room for it. A slot is one word, the task's address with its
 * world in the low bits, so a reader sees all of it or nothing. Readers take no
 * lock. They may be NMIs, and RCU may not be watching them, so nothing that they
 * can reach is freed or moved during a transition: a table that is full gets a
 * younger one in front of it, and slots of tasks that ended are used again.
 *
 * Writers hold a lock and read the goal under it. So it makes no difference when
 * a probe or a task on its way out of the kernel has made up its mind to move
 * somebody: what counts is the goal when it does. What it has learnt of stacks may
 * be out of date by then, and that is what tickets are for.
 */
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include "alloc.h"
#include "world.h"

/* Low bits of a slot; task_structs are aligned to more than that. */
#define SLOT_WORLD	1UL
#define SLOT_BITS	7UL
/* A slot whose task has ended: searches go on, and it may be used again. */
#define SLOT_ENDED	2UL

/**
 * struct world_table - worlds of tasks, an open-addressing table
 * @older:	the one that was full, or NULL; constant
 * @mask:	the number of slots, a power of two, less 1; constant
 * @used:	slots that are not 0, at most half of all; under the lock
 * @slots:	0, SLOT_ENDED, or a task and its world; read without the lock
 */
struct world_table {
	struct world_table *older;
	unsigned int mask;
	unsigned int used;
	unsigned long slots[];
};

/*
 * Protects all below against each other. A leaf: it is taken with a runqueue
 * locked, and from probes.
 */
static DEFINE_RAW_SPINLOCK(world_lock);
/* The youngest; NULL: no transition is open. Read without the lock too. */
static struct world_table *world_tables;
static enum xlp_world world_goal;
/* Where tasks are that have no slot. Read without the lock too. */
static enum xlp_world world_elsewhere;
/* Which tickets are valid: those with this number. Never the same again. */
static unsigned long world_permit;
/* Somebody was born for whom there was no room, since the pass started. */
static bool world_missed;

/* ---- targets ---- */

void xlp_targets_publish(struct xlp_targets *targets, unsigned long before,
			 unsigned long after)
{
	if (before != after) {
		WRITE_ONCE(targets->in[XLP_BEFORE], before);
		WRITE_ONCE(targets->in[XLP_AFTER], after);
	}
	/* Pairs with the acquires in xlp_target_now() and xlp_target_of_task(). */
	smp_store_release(&targets->now, before == after ? before : XLP_ASK);
}

/* ---- tables ---- */

static struct world_table *world_table_alloc(unsigned int max_used)
{
	unsigned int nr = 2 * roundup_pow_of_two(max_used);
	struct world_table *table = xlp_alloc(struct_size(table, slots, nr));

	if (table)
		table->mask = nr - 1;
	return table;
}

static bool world_table_is_full(const struct world_table *table)
{
	return table->used > table->mask / 2;
}

static bool world_slot_is_of(unsigned long slot, const struct task_struct *task)
{
	return (slot & ~SLOT_BITS) == (unsigned long)task;
}

/* Where a search begins. A mask takes handlers less than a shift by what is in memory. */
static unsigned int world_slot_first(const struct world_table *table,
				     const struct task_struct *task)
{
	return hash_ptr((void *)task, 31) & table->mask;
}

static unsigned int world_slot_next(const struct world_table *table, unsigned int i)
{
	return (i + 1) & table->mask;
}

/* The slot of a task, or NULL. Half of the slots are 0, so a search ends. */
static __always_inline unsigned long *world_slot_find_in(struct world_table *table,
							 const struct task_struct *task)
{
	unsigned int i = world_slot_first(table, task);
	unsigned long slot;

	while ((slot = READ_ONCE(table->slots[i]))) {
		if (world_slot_is_of(slot, task))
			return &table->slots[i];
		i = world_slot_next(table, i);
	}
	return NULL;
}

static unsigned long *world_slot_find(struct world_table *table, const struct task_struct *task)
{
	unsigned long *slot = NULL;

	for (; table && !slot; table = table->older)
		slot = world_slot_find_in(table, task);
	return slot;
}

/* A slot in the youngest table for a task that has none, or NULL. */
static unsigned long *world_slot_new(struct world_table *table, const struct task_struct *task)
{
	unsigned int i = world_slot_first(table, task);

	while (table->slots[i] && table->slots[i] != SLOT_ENDED)
		i = world_slot_next(table, i);
	if (!table->slots[i]) {
		if (world_table_is_full(table))
			return NULL;
		table->used++;
	}
	return &table->slots[i];
}

/*
 * If the slot behind is 0, no search has to go on from here: this one becomes 0 too,
 * and so do those before it that only kept searches going. Or a transition that
 * takes long would fill table after table with tasks that have ended.
 */
static void world_slot_end(struct world_table *table, unsigned long *slot)
{
	unsigned int i = slot - table->slots;

	WRITE_ONCE(*slot, SLOT_ENDED);
	if (table->slots[world_slot_next(table, i)])
		return;
	while (table->slots[i] == SLOT_ENDED) {
		WRITE_ONCE(table->slots[i], 0);
		table->used--;
		i = (i - 1) & table->mask;
	}
}

static __always_inline enum xlp_world world_of(const struct task_struct *task)
{
	/* Pairs with the releases where tables are set: its slots are there. */
	struct world_table *table = smp_load_acquire(&world_tables);
	unsigned long *found;

	for (; table; table = table->older) {
		found = world_slot_find_in(table, task);
		if (found)
			return READ_ONCE(*found) & SLOT_WORLD;
	}
	return READ_ONCE(world_elsewhere);
}

enum xlp_world xlp_world_of(const struct task_struct *task)
{
	return world_of(task);
}

/*
 * Whoever waits for all CPUs to have switched tasks after the last XLP_ASK was
 * replaced has waited for this: hence no preemption, and a second look with that
 * disabled, as the first may be of any age.
 */
unsigned long xlp_target_of_task(const struct xlp_targets *targets)
{
	unsigned long target;

	preempt_disable_notrace();
	/* Pairs with the release in xlp_targets_publish(). */
	target = smp_load_acquire(&targets->now);
	if (target == XLP_ASK)
		target = READ_ONCE(targets->in[world_of(current)]);
	preempt_enable_notrace();
	return target;
}

/* ---- moving ---- */

/*
 * Needs no barrier against the task's own calls: it is the caller, or it does not
 * run, and then the lock of its runqueue, which whoever holds it still has, comes
 * between this store and its next step.
 */
static int world_put_at_goal(const struct task_struct *task)
{
	unsigned long *slot = world_slot_find(world_tables, task);

	if (!slot && world_goal == world_elsewhere)
		return 0;
	if (!slot)
		slot = world_slot_new(world_tables, task);
	if (!slot)
		return -ENOSPC;
	WRITE_ONCE(*slot, (unsigned long)task | world_goal);
	return 0;
}

int xlp_world_move(const struct task_struct *task, unsigned long ticket)
{
	unsigned long flags;
	int err = -EAGAIN;

	raw_spin_lock_irqsave(&world_lock, flags);
	if (world_tables && ticket == world_permit)
		err = world_put_at_goal(task);
	raw_spin_unlock_irqrestore(&world_lock, flags);
	return err;
}

void xlp_world_born(const struct task_struct *task)
{
	unsigned long flags;

	/*
	 * Pairs with the one in xlp_worlds_open(). Either the transition is seen
	 * here, or its passes see the task, which is on the task list by now.
	 */
	smp_mb();
	if (!READ_ONCE(world_tables))
		return;
	raw_spin_lock_irqsave(&world_lock, flags);
	if (world_tables && world_put_at_goal(task))
		world_missed = true;
	raw_spin_unlock_irqrestore(&world_lock, flags);
}

/*
 * A slot that is taken for a task after this, or that an old look at @world_tables lets
 * stay, belongs to whoever is born at the address next, and is set right then.
 */
void xlp_world_ended(const struct task_struct *task)
{
	unsigned long *slot = NULL, flags;
	struct world_table *table;

	if (!READ_ONCE(world_tables))
		return;
	raw_spin_lock_irqsave(&world_lock, flags);
	for (table = world_tables; table && !slot; table = table->older) {
		slot = world_slot_find_in(table, task);
		if (slot)
			world_slot_end(table, slot);
	}
	raw_spin_unlock_irqrestore(&world_lock, flags);
}

/* ---- a transition ---- */

int xlp_worlds_open(unsigned int room)
{
	struct world_table *table = world_table_alloc(room);
	unsigned long flags;

	if (!table)
		return -ENOMEM;
	raw_spin_lock_irqsave(&world_lock, flags);
	/*
	 * Not yet after: whoever is born before targets are published may be inside
	 * a function when they are.
	 */
	WRITE_ONCE(world_goal, XLP_BEFORE);
	WRITE_ONCE(world_elsewhere, XLP_BEFORE);
	world_missed = false;
	world_permit++;
	/* Pairs with the acquire in xlp_world_of(). */
	smp_store_release(&world_tables, table);
	raw_spin_unlock_irqrestore(&world_lock, flags);
	/* Pairs with the one in xlp_world_born(). */
	smp_mb();
	return 0;
}

void xlp_worlds_close(void)
{
	struct world_table *table, *older;
	unsigned long flags;

	raw_spin_lock_irqsave(&world_lock, flags);
	table = world_tables;
	WRITE_ONCE(world_tables, NULL);
	raw_spin_unlock_irqrestore(&world_lock, flags);
	for (; table; table = older) {
		older = table->older;
		xlp_free(table);
	}
}

int xlp_worlds_make_room(void)
{
	struct world_table *table;
	unsigned long flags;
	bool full;

	raw_spin_lock_irqsave(&world_lock, flags);
	full = world_table_is_full(world_tables);
	raw_spin_unlock_irqrestore(&world_lock, flags);
	if (!full)
		return 0;
	table = world_table_alloc(world_tables->mask + 1);
	if (!table)
		return -ENOMEM;
	raw_spin_lock_irqsave(&world_lock, flags);
	table->older = world_tables;
	/* Pairs with the acquire in xlp_world_of(). */
	smp_store_release(&world_tables, table);
	raw_spin_unlock_irqrestore(&world_lock, flags);
	return 0;
}

enum xlp_world xlp_worlds_goal(void)
{
	return READ_ONCE(world_goal);
}

void xlp_worlds_turn(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&world_lock, flags);
	WRITE_ONCE(world_goal, world_goal == XLP_AFTER ? XLP_BEFORE : XLP_AFTER);
	world_permit++;
	raw_spin_unlock_irqrestore(&world_lock, flags);
}

unsigned long xlp_worlds_ticket(void)
{
	unsigned long flags, ticket;

	/* The lock, so that what is read afterwards is not older than the ticket. */
	raw_spin_lock_irqsave(&world_lock, flags);
	ticket = world_permit;
	raw_spin_unlock_irqrestore(&world_lock, flags);
	return ticket;
}

void xlp_worlds_void_tickets(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&world_lock, flags);
	world_permit++;
	raw_spin_unlock_irqrestore(&world_lock, flags);
}

unsigned long xlp_worlds_start_pass(void)
{
	unsigned long flags, ticket;

	raw_spin_lock_irqsave(&world_lock, flags);
	world_missed = false;
	ticket = world_permit;
	raw_spin_unlock_irqrestore(&world_lock, flags);
	return ticket;
}

/*
 * Whoever is born from here on and finds no room is at the goal all the same, as
 * that is where tasks without a slot are now. So are those who were made before
 * and that the pass did not meet: they have not run yet, or they have a slot.
 */
bool xlp_worlds_settle(unsigned long ticket)
{
	unsigned long flags;
	bool reached;

	raw_spin_lock_irqsave(&world_lock, flags);
	reached = !world_missed && ticket == world_permit;
	if (reached)
		WRITE_ONCE(world_elsewhere, world_goal);
	raw_spin_unlock_irqrestore(&world_lock, flags);
	return reached;
}

void xlp_worlds_settle_by_force(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&world_lock, flags);
	WRITE_ONCE(world_elsewhere, world_goal);
	world_permit++;
	raw_spin_unlock_irqrestore(&world_lock, flags);
}
