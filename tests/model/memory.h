/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memory.h - loads, stores, locks and memory that may be freed
 *
 * Each actor's stores wait in a buffer of its own and reach the others in any order,
 * but in order if they are to the same place, and a release after all that is older.
 * Loads are done in order. An unlock is a release; a lock waits for the actor's own
 * unlock of the same lock to be seen, and for nothing else; a barrier waits for all.
 */
#ifndef _MODEL_MEMORY_H
#define _MODEL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

enum order {
	RELAXED,
	RELEASE,
};

struct actor;

/* A load by the actor that runs is about to be made. */
void model_before_load(const volatile void *place, const char *name);
void model_store(volatile void *place, size_t size, unsigned long value, enum order order,
		 const char *name);
void model_barrier(void);

void model_spin_lock(unsigned long *lock);
void model_spin_unlock(unsigned long *lock);
void model_mutex_lock(unsigned long *lock);
void model_mutex_unlock(unsigned long *lock);

/* Allocations may fail, one way or the other. */
extern bool model_alloc_may_fail;

/* ---- for the search ---- */

/* Its own stores become visible to itself, before it runs; and not any more. */
void memory_show(struct actor *actor);
void memory_hide(struct actor *actor);
/* The value of its last plain store is known by now. */
void memory_note_plain(struct actor *actor);
/* May its store number @i be seen by others? Then do it. */
bool memory_may_flush(const struct actor *actor, unsigned int i);
void memory_flush(struct actor *actor, unsigned int i);

/* ---- what is known of the code under test ---- */

/* Accessed under its lock only: no store to it need wait. */
bool subject_guards(const void *place);
/* Does each table of the code under test know how many of its slots are taken? */
bool subject_counts_right(void);
/* Among its variables. */
bool subject_owns(const void *place);

#endif /* _MODEL_MEMORY_H */
