// SPDX-License-Identifier: GPL-2.0
/*
 * leaving.c - tasks on their way out, which no list of the kernel has
 *
 * A task leaves the task list when it, or its parent, reaps it. It then goes on
 * for a while, may be preempted and may even sleep, with frames like any other
 * task. So every task is noted when it begins to exit, when it is still on the
 * list, and forgotten when its task_struct is about to be freed, which is after
 * its last context switch.
 *
 * Whatever exits on the machine pays for that, whether anybody uses xlp or not, so it has
 * to be next to nothing: a note is one word in the slot that the task's address leads to,
 * written by one cmpxchg, and cleared by another. If the slot is taken, one of the next
 * few is, and if all those are, one of the next level, which has four times as many. A
 * level stays until xlp.ko goes, and so does a note in its slot until it is forgotten, so
 * no lock is needed, and a search that goes through the window of each level finds it.
 *
 * Levels are made in advance, as nothing can be allocated where tasks exit. A task for
 * which there was no slot is missed, and looked for later: if it is still on the list it
 * is noted then, and if not, it is in the part of its exit that synchronize_rcu_tasks()
 * waits for. (To note nobody until somebody wants to look at tasks would cost less still,
 * but every enabling such a wait, which takes seconds on a busy machine.)
 */
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>
#include "alloc.h"
#include "leaving.h"
#include "tasklist.h"

/* Tasks that were missed are looked for again after this long if memory was short. */
#define RETRY_MS	100
/* And so many times at once, if more tasks exit than there are slots. */
#define NOTE_TRIES	3

/* Slots of each level but the first: so many times those of the one before, as bits. */
#define MORE_BITS	2
/* 4 million slots in the last, which is as many tasks as there can be. */
#define NR_LEVELS	7
/* Low bits of a slot; task_structs are aligned to more than that. */
#define SLOT_BITS	7UL
/* Somebody is about to take a reference to the task, which must not go meanwhile. */
#define SLOT_PINNED	1UL
/* It was found on the list on its way out, and perhaps it is noted once more. */
#define SLOT_EARLY	2UL

/**
 * struct leaving_level - slots for tasks that exit
 * @slots:	each 0, or a task and bits; NULL: there are none yet
 * @nr:		no more than so many are in use; not counted in the first
 */
struct leaving_level {
	unsigned long *slots;
	atomic_t nr;
};

unsigned long xlp_leaving_first[XLP_LEAVING_FIRST];
atomic_t xlp_leaving_early = ATOMIC_INIT(0);

static struct leaving_level leaving_levels[NR_LEVELS] = { { .slots = xlp_leaving_first } };
/* How many tasks have not been noted when they began to exit; those before us count as one. */
static atomic_long_t leaving_missed = ATOMIC_LONG_INIT(0);
/* How many of those have been found since, or have come to their end. */
static long leaving_caught_up;

/* Two, as looking for who was missed waits for RCU tasks, and new levels must not. */
static void leaving_grow_fn(struct work_struct *work);
static DECLARE_WORK(leaving_grow_work, leaving_grow_fn);
static void leaving_missed_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(leaving_missed_work, leaving_missed_fn);

/* ---- levels ---- */

static unsigned int leaving_bits(unsigned int level)
{
	return XLP_LEAVING_BITS + level * MORE_BITS;
}

static unsigned long leaving_nr_slots(unsigned int level)
{
	return (1UL << leaving_bits(level)) + XLP_LEAVING_WINDOW - 1;
}

static unsigned long *leaving_slots(unsigned int level)
{
	/* Pairs with the release in leaving_make_level(). */
	return level < NR_LEVELS ? smp_load_acquire(&leaving_levels[level].slots) : NULL;
}

static bool leaving_is_empty(unsigned int level)
{
	return level && !atomic_read(&leaving_levels[level].nr);
}

static bool leaving_make_level(unsigned int level)
{
	unsigned long *slots;

	if (level >= NR_LEVELS || leaving_slots(level))
		return true;
	slots = xlp_alloc_spare(leaving_nr_slots(level) * sizeof(*slots));
	if (!slots)
		return false;
	/*
	 * Pairs with the acquire in leaving_slots(): they are all 0. Both works make levels, and
	 * may do so at once: what is noted in those of the first must stay.
	 */
	if (cmpxchg(&leaving_levels[level].slots, NULL, slots))
		xlp_free(slots);
	return true;
}

/* One more than those that are in use. */
static bool leaving_make_levels(void)
{
	unsigned int level = 1;

	while (level < NR_LEVELS && !leaving_is_empty(level))
		level++;
	return leaving_make_level(level);
}

static void leaving_grow_fn(struct work_struct *work)
{
	leaving_make_levels();
}

/* ---- noting ---- */

static struct task_struct *leaving_task(unsigned long value)
{
	return (struct task_struct *)(value & ~SLOT_BITS);
}

/* Fully ordered: what a task does after it is noted comes after it. */
static bool leaving_put_at(unsigned long *slot, unsigned long value)
{
	unsigned long none = 0;

	return try_cmpxchg(slot, &none, value);
}

static bool leaving_put_in(unsigned int level, unsigned long value)
{
	unsigned long *slot = leaving_slots(level) +
			      hash_ptr(leaving_task(value), leaving_bits(level));
	unsigned long *end = slot + XLP_LEAVING_WINDOW;

	/* Before it is there, so that whoever finds no count passes over nobody. */
	if (level)
		atomic_inc(&leaving_levels[level].nr);
	for (; slot < end; slot++)
		if (!READ_ONCE(*slot) && leaving_put_at(slot, value))
			return true;
	if (level)
		atomic_dec(&leaving_levels[level].nr);
	return false;
}

/* A level is in use. If there is none behind it, it is time for that. */
static void leaving_grow_soon(unsigned int level)
{
	if (level + 1 < NR_LEVELS && !leaving_slots(level + 1))
		schedule_work(&leaving_grow_work);
}

static bool leaving_put(unsigned long value)
{
	unsigned int level;

	if (xlp_atomic_alloc_fails())
		return false;
	for (level = 0; leaving_slots(level); level++) {
		if (level)
			leaving_grow_soon(level);
		if (leaving_put_in(level, value))
			return true;
	}
	return false;
}

void xlp_leaving_note_slowly(struct task_struct *task)
{
	if (leaving_put((unsigned long)task))
		return;
	atomic_long_inc(&leaving_missed);
	schedule_delayed_work(&leaving_missed_work, 0);
}

/* ---- forgetting ---- */

/* Waits for whoever pins it, which is a matter of a few instructions. */
static void leaving_clear(unsigned long *slot, unsigned int level)
{
	unsigned long value = READ_ONCE(*slot) & ~SLOT_PINNED, held = value;

	while (!try_cmpxchg(slot, &held, 0)) {
		held = value;
		cpu_relax();
	}
	if (level)
		atomic_dec(&leaving_levels[level].nr);
	if (value & SLOT_EARLY)
		atomic_dec(&xlp_leaving_early);
}

/* Of a level that there is; NULL: not noted in it. */
static unsigned long *leaving_find_in(unsigned int level, const struct task_struct *task)
{
	unsigned long *slot = leaving_slots(level) + hash_ptr(task, leaving_bits(level));
	unsigned long *end = slot + XLP_LEAVING_WINDOW;

	if (leaving_is_empty(level))
		return NULL;
	for (; slot < end; slot++)
		if (leaving_task(READ_ONCE(*slot)) == task)
			return slot;
	return NULL;
}

/* Its notes, of which there are two at most, one of them early. */
void xlp_leaving_forget_slowly(const struct task_struct *task)
{
	unsigned long *slot;
	unsigned int level;

	for (level = 0; leaving_slots(level); level++)
		while ((slot = leaving_find_in(level, task)))
			leaving_clear(slot, level);
}

/* ---- those that were missed ---- */

bool xlp_leaving_is_any_missing(void)
{
	return atomic_long_read(&leaving_missed) != READ_ONCE(leaving_caught_up);
}

static bool leaving_is_noted(const struct task_struct *task)
{
	unsigned int level;

	for (level = 0; leaving_slots(level); level++)
		if (leaving_find_in(level, task))
			return true;
	return false;
}

/*
 * A task that is not dead yet has perhaps not come to the probe, which will not look whether
 * it is noted, and which this cannot be ordered against. So it is noted early, and then
 * there may be two notes to be forgotten. Under RCU, so it is forgotten after that.
 */
static bool leaving_note_late(struct task_struct *task)
{
	/* Pairs with the full order of the probe's cmpxchg: it is noted before it is dead. */
	bool is_dead = smp_load_acquire(&task->exit_state);

	if (leaving_is_noted(task))
		return true;
	if (is_dead)
		return leaving_put((unsigned long)task);
	atomic_inc(&xlp_leaving_early);
	if (leaving_put((unsigned long)task | SLOT_EARLY))
		return true;
	atomic_dec(&xlp_leaving_early);
	return false;
}

/* Counts whoever exits and cannot be noted. */
static bool leaving_look_at(struct task_struct *task, void *data)
{
	unsigned int *left = data;

	if (READ_ONCE(task->flags) & PF_EXITING)
		*left += !leaving_note_late(task);
	return false;
}

static bool leaving_note_all_listed(void)
{
	unsigned int try, left;

	for (try = 0; try < NOTE_TRIES; try++) {
		if (!leaving_make_levels())
			return false;
		left = 0;
		xlp_tasklist_walk(leaving_look_at, &left);
		if (!left)
			return true;
	}
	return false;
}

/*
 * PF_EXITING is set before the tracepoint: whoever is met without it will meet the
 * probe. Whoever has left the list by now is waited for.
 */
static void leaving_catch_up(void)
{
	long goal = atomic_long_read(&leaving_missed);

	if (!leaving_note_all_listed())
		return;
	synchronize_rcu_tasks();
	WRITE_ONCE(leaving_caught_up, goal);
}

static void leaving_missed_fn(struct work_struct *work)
{
	if (xlp_leaving_is_any_missing())
		leaving_catch_up();
	if (xlp_leaving_is_any_missing())
		schedule_delayed_work(&leaving_missed_work, msecs_to_jiffies(RETRY_MS));
}

/* ---- visiting ---- */

/*
 * The task of a slot, with a reference, or NULL. If it changes hands meanwhile, whoever
 * has it then was on the task list when the visit began. With interrupts off, as whoever
 * wants to forget the task waits for us.
 */
static struct task_struct *leaving_get(unsigned long *slot)
{
	unsigned long value = READ_ONCE(*slot), flags;
	struct task_struct *task = NULL;

	if (!value)
		return NULL;
	local_irq_save(flags);
	if (cmpxchg(slot, value, value | SLOT_PINNED) == value) {
		task = get_task_struct(leaving_task(value));
		/* The reference is there before it may be freed. */
		smp_store_release(slot, value);
	}
	local_irq_restore(flags);
	return task;
}

static void leaving_visit_level(unsigned int level, void (*visit)(struct task_struct *, void *),
				void *data)
{
	unsigned long *slot = leaving_slots(level), *end = slot + leaving_nr_slots(level);
	struct task_struct *task;

	for (; slot < end; slot++) {
		task = leaving_get(slot);
		if (!task)
			continue;
		visit(task, data);
		put_task_struct(task);
	}
}

bool xlp_leaving_visit(void (*visit)(struct task_struct *task, void *data), void *data)
{
	unsigned int level;

	/*
	 * Pairs with the full order of leaving_put_at(): whoever was not on the task list any
	 * more, when the caller looked, is found here.
	 */
	smp_mb();
	for (level = 0; leaving_slots(level); level++)
		if (!leaving_is_empty(level))
			leaving_visit_level(level, visit, data);
	return !xlp_leaving_is_any_missing();
}

bool xlp_leaving_for_each(void (*visit)(struct task_struct *task, void *data), void *data)
{
	unsigned long *slot, *end;
	unsigned int level;

	for (level = 0; leaving_slots(level); level++) {
		if (leaving_is_empty(level))
			continue;
		slot = leaving_slots(level);
		for (end = slot + leaving_nr_slots(level); slot < end; slot++)
			if (*slot)
				visit(leaving_task(*slot), data);
	}
	return !xlp_leaving_is_any_missing();
}

/* ---- beginning and end ---- */

int xlp_leaving_init(void)
{
	return leaving_make_levels() ? 0 : -ENOMEM;
}

/* Tasks that began to exit before there was a probe. */
void xlp_leaving_start(void)
{
	atomic_long_set(&leaving_missed, 1);
	leaving_catch_up();
	if (xlp_leaving_is_any_missing())
		schedule_delayed_work(&leaving_missed_work, msecs_to_jiffies(RETRY_MS));
}

void xlp_leaving_exit(void)
{
	unsigned int level;

	cancel_delayed_work_sync(&leaving_missed_work);
	cancel_work_sync(&leaving_grow_work);
	for (level = 1; level < NR_LEVELS; level++)
		xlp_free(leaving_levels[level].slots);
}
