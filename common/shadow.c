// SPDX-License-Identifier: GPL-2.0
/*
 * shadow.c - shadow variables
 *
 * A hash table that grows. Who looks for a variable takes no lock, and searches one
 * chain of one table also while it grows. That takes two links in each variable,
 * for the table in use and for the next one, by turns:
 *
 *	1. the next table is filled from the one in use, chain by chain. What comes or
 *	   goes in a chain that has been carried over does so in both tables;
 *	2. the tables change places. Everything is done in both;
 *	3. after a grace period nobody reads the old one any more, and it goes.
 *
 * The lock is held for one chain at a time. Nothing depends on growing: without
 * memory for a larger table chains become longer. Tables never shrink; they have
 * at most 32 bytes for each variable of the time when there were most.
 *
 * One lock for all writers, and not one for each chain: constructors and destructors
 * run under it, and are promised that they never run at the same time.
 */
#include "log.h"

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <xlp/shadow.h>
#include "alloc.h"
#include "shadow.h"

/* log2 of the number of chains: of the first table, of the largest possible. */
#define FIRST_BITS	10
#define MOST_BITS	24

/**
 * struct shadow_entry - one shadow variable
 * @obj:	its object; constant
 * @id:		which of the object's; constant
 * @links:	in a chain of the table with that number in its link
 * @rcu:	for freeing it
 * @data:	what its users see
 */
struct shadow_entry {
	void *obj;
	unsigned long id;
	struct hlist_node links[2];
	struct rcu_head rcu;
	char data[] __aligned(__alignof__(u64));
};

/**
 * struct shadow_table - chains of variables
 * @bits:	log2 of the number of chains; constant
 * @link:	which of a variable's links is for this table; constant
 * @chains:	the chains
 */
struct shadow_table {
	unsigned int bits;
	unsigned int link;
	struct hlist_head chains[];
};

/* Protects all below; constructors and destructors run under it. */
static DEFINE_SPINLOCK(shadow_lock);
/* The one in use. Read without the lock too. */
static struct shadow_table __rcu *shadow_in_use;
/* The next one, or the one before that still has readers; NULL: neither. */
static struct shadow_table *shadow_other;
/* So many chains of the one in use are also in the other. */
static unsigned int shadow_carried;
static unsigned long shadow_count;

static void shadow_grow(struct work_struct *unused);
static DECLARE_WORK(shadow_growing, shadow_grow);

/* ---- tables ---- */

static struct shadow_table *shadow_alloc_table(unsigned int bits, unsigned int link)
{
	struct shadow_table *table = xlp_alloc(struct_size(table, chains, 1UL << bits));

	if (!table)
		return NULL;
	table->bits = bits;
	table->link = link;
	return table;
}

static struct shadow_table *shadow_table_locked(void)
{
	return rcu_dereference_protected(shadow_in_use, lockdep_is_held(&shadow_lock));
}

static unsigned int shadow_chain(const struct shadow_table *table, const void *obj,
				 unsigned long id)
{
	return hash_long((unsigned long)obj ^ hash_long(id, BITS_PER_LONG), table->bits);
}

static struct shadow_entry *shadow_entry_of(const struct shadow_table *table,
					    struct hlist_node *node)
{
	return hlist_entry(node - table->link, struct shadow_entry, links[0]);
}

/* Iterates over a chain, under the lock or rcu_read_lock(). */
#define for_each_in_chain(node, table, i)						\
	for ((node) = rcu_dereference_raw(hlist_first_rcu(&(table)->chains[i]));	\
	     (node);									\
	     (node) = rcu_dereference_raw(hlist_next_rcu(node)))

static struct shadow_entry *shadow_find(struct shadow_table *table, const void *obj,
					unsigned long id)
{
	struct shadow_entry *variable;
	struct hlist_node *node;

	for_each_in_chain(node, table, shadow_chain(table, obj, id)) {
		variable = shadow_entry_of(table, node);
		if (variable->obj == obj && variable->id == id)
			return variable;
	}
	return NULL;
}

static void shadow_link_to(struct shadow_table *table, struct shadow_entry *variable)
{
	unsigned int i = shadow_chain(table, variable->obj, variable->id);

	hlist_add_head_rcu(&variable->links[table->link], &table->chains[i]);
}

/* Is a variable, or will it have to be, in the other table too? */
static bool shadow_in_both(const struct shadow_entry *variable)
{
	return shadow_other &&
	       shadow_chain(shadow_table_locked(), variable->obj, variable->id) < shadow_carried;
}

static bool shadow_is_crowded(const struct shadow_table *table)
{
	return shadow_count > 1UL << table->bits && table->bits < MOST_BITS;
}

/* Return: whether the table has to grow now. */
static bool shadow_insert(struct shadow_entry *variable)
{
	shadow_link_to(shadow_table_locked(), variable);
	if (shadow_in_both(variable))
		shadow_link_to(shadow_other, variable);
	shadow_count++;
	return !shadow_other && shadow_is_crowded(shadow_table_locked());
}

static void shadow_remove(struct shadow_entry *variable, xlp_shadow_dtor_t dtor)
{
	hlist_del_rcu(&variable->links[shadow_table_locked()->link]);
	if (shadow_in_both(variable))
		hlist_del_rcu(&variable->links[shadow_other->link]);
	shadow_count--;
	if (dtor)
		dtor(variable->obj, variable->data);
	kfree_rcu(variable, rcu);
}

/* ---- growing ---- */

/* Return: the table that comes after the one in use, or NULL. */
static struct shadow_table *shadow_begin_to_grow(void)
{
	unsigned int bits = 0, link;
	struct shadow_table *next;

	spin_lock_irq(&shadow_lock);
	if (shadow_is_crowded(shadow_table_locked()))
		bits = min(ilog2(shadow_count) + 2, MOST_BITS);
	link = !shadow_table_locked()->link;
	spin_unlock_irq(&shadow_lock);
	next = bits ? shadow_alloc_table(bits, link) : NULL;
	if (!next)
		return NULL;
	spin_lock_irq(&shadow_lock);
	shadow_carried = 0;
	shadow_other = next;
	spin_unlock_irq(&shadow_lock);
	return next;
}

static void shadow_carry_over(struct shadow_table *from, struct shadow_table *to, unsigned int i)
{
	struct hlist_node *node;

	spin_lock_irq(&shadow_lock);
	for_each_in_chain(node, from, i)
		shadow_link_to(to, shadow_entry_of(from, node));
	shadow_carried = i + 1;
	spin_unlock_irq(&shadow_lock);
}

static void shadow_change_places(struct shadow_table *now, struct shadow_table *next)
{
	spin_lock_irq(&shadow_lock);
	rcu_assign_pointer(shadow_in_use, next);
	shadow_other = now;
	shadow_carried = UINT_MAX;
	spin_unlock_irq(&shadow_lock);
}

static void shadow_grow(struct work_struct *unused)
{
	struct shadow_table *now, *next;
	unsigned int i;

	while ((next = shadow_begin_to_grow())) {
		/* Nobody else replaces it. */
		now = rcu_dereference_protected(shadow_in_use, true);
		for (i = 0; i < 1U << now->bits; i++) {
			shadow_carry_over(now, next, i);
			cond_resched();
		}
		shadow_change_places(now, next);
		synchronize_rcu();
		spin_lock_irq(&shadow_lock);
		shadow_other = NULL;
		spin_unlock_irq(&shadow_lock);
		xlp_free(now);
	}
}

/* ---- what patches call ---- */

void *xlp_shadow_get(void *obj, unsigned long id)
{
	struct shadow_entry *variable;

	rcu_read_lock();
	variable = shadow_find(rcu_dereference(shadow_in_use), obj, id);
	rcu_read_unlock();
	return variable ? variable->data : NULL;
}
EXPORT_SYMBOL_GPL(xlp_shadow_get);

/*
 * Who was faster may have attached the same variable since it was last looked for,
 * hence the second look.
 *
 * Return: the data of that one, or NULL if the new one is attached, or *err is set.
 */
static void *shadow_attach(struct shadow_entry *variable, xlp_shadow_ctor_t ctor, void *ctor_data,
			   int *err)
{
	unsigned long flags;
	bool crowded;
	void *found;

	spin_lock_irqsave(&shadow_lock, flags);
	found = xlp_shadow_get(variable->obj, variable->id);
	if (!found && ctor)
		*err = ctor(variable->obj, variable->data, ctor_data);
	crowded = !found && !*err && shadow_insert(variable);
	spin_unlock_irqrestore(&shadow_lock, flags);
	if (crowded)
		schedule_work(&shadow_growing);
	return found;
}

/* Return: the variable's data or NULL. *is_new: it was not there before. */
static void *shadow_find_or_attach(void *obj, unsigned long id, size_t size, gfp_t gfp_flags,
				   xlp_shadow_ctor_t ctor, void *ctor_data, bool *is_new)
{
	void *found = xlp_shadow_get(obj, id);
	struct shadow_entry *variable;
	int err = 0;

	*is_new = !found;
	if (found)
		return found;
	variable = xlp_alloc_for_patch(struct_size(variable, data, size), gfp_flags);
	if (!variable)
		return NULL;
	variable->obj = obj;
	variable->id = id;
	found = shadow_attach(variable, ctor, ctor_data, &err);
	*is_new = !found;
	if (!found && !err)
		return variable->data;
	kfree(variable);
	if (err)
		pr_err("shadow variable <%p, %lx>: its constructor failed (%d)\n", obj, id, err);
	return found;
}

void *xlp_shadow_alloc(void *obj, unsigned long id, size_t size, gfp_t gfp_flags,
		       xlp_shadow_ctor_t ctor, void *ctor_data)
{
	bool is_new;
	void *data = shadow_find_or_attach(obj, id, size, gfp_flags, ctor, ctor_data, &is_new);

	if (WARN(!is_new, "xlp: there is a shadow variable <%p, %lx> already\n", obj, id))
		return NULL;
	return data;
}
EXPORT_SYMBOL_GPL(xlp_shadow_alloc);

void *xlp_shadow_get_or_alloc(void *obj, unsigned long id, size_t size, gfp_t gfp_flags,
			      xlp_shadow_ctor_t ctor, void *ctor_data)
{
	bool is_new;

	return shadow_find_or_attach(obj, id, size, gfp_flags, ctor, ctor_data, &is_new);
}
EXPORT_SYMBOL_GPL(xlp_shadow_get_or_alloc);

void xlp_shadow_free(void *obj, unsigned long id, xlp_shadow_dtor_t dtor)
{
	struct shadow_entry *variable;
	unsigned long flags;

	spin_lock_irqsave(&shadow_lock, flags);
	variable = shadow_find(shadow_table_locked(), obj, id);
	if (variable)
		shadow_remove(variable, dtor);
	spin_unlock_irqrestore(&shadow_lock, flags);
}
EXPORT_SYMBOL_GPL(xlp_shadow_free);

static bool shadow_has_id(struct shadow_table *table, unsigned int i, unsigned long id)
{
	struct hlist_node *node;

	for_each_in_chain(node, table, i)
		if (shadow_entry_of(table, node)->id == id)
			return true;
	return false;
}

static void shadow_free_in_chain(struct shadow_table *table, unsigned int i, unsigned long id,
				 xlp_shadow_dtor_t dtor)
{
	struct hlist_node *node;
	unsigned long flags;

	spin_lock_irqsave(&shadow_lock, flags);
	/* Links of what was removed lead on, and it is not freed yet. */
	for_each_in_chain(node, table, i)
		if (shadow_entry_of(table, node)->id == id)
			shadow_remove(shadow_entry_of(table, node), dtor);
	spin_unlock_irqrestore(&shadow_lock, flags);
}

/*
 * Goes through the table that is in use now. As long as this is an RCU reader that
 * table is kept up to date, though another may have taken its place.
 */
void xlp_shadow_free_all(unsigned long id, xlp_shadow_dtor_t dtor)
{
	struct shadow_table *table;
	unsigned int i;

	rcu_read_lock();
	table = rcu_dereference(shadow_in_use);
	for (i = 0; i < 1U << table->bits; i++)
		if (shadow_has_id(table, i, id))
			shadow_free_in_chain(table, i, id, dtor);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(xlp_shadow_free_all);

/* ---- xlp.ko comes and goes ---- */

int xlp_shadow_init(void)
{
	struct shadow_table *first = shadow_alloc_table(FIRST_BITS, 0);

	RCU_INIT_POINTER(shadow_in_use, first);
	return first ? 0 : -ENOMEM;
}

static void shadow_free_chain(struct shadow_table *table, unsigned int i)
{
	struct hlist_node *node, *next;

	for (node = table->chains[i].first; node; node = next) {
		next = node->next;
		kfree(shadow_entry_of(table, node));
	}
}

/*
 * No caller is left, and so no reader. What was freed a moment ago is freed by code
 * of the kernel, kfree_rcu(): no callback of ours needs to be waited for.
 */
void xlp_shadow_exit(void)
{
	struct shadow_table *table;
	unsigned int i;

	cancel_work_sync(&shadow_growing);
	table = rcu_dereference_protected(shadow_in_use, true);
	for (i = 0; i < 1U << table->bits; i++)
		shadow_free_chain(table, i);
	xlp_free(table);
}
