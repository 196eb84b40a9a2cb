// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - loads, stores, locks and memory that may be freed
 *
 * The code under test is compiled for a thread sanitizer, whose functions are
 * here: so its plain accesses are known too.
 */
#include <string.h>
#include "../../common/alloc.h"
#include "actor.h"
#include "memory.h"

#define HEAP_SIZE	2048
#define MAX_CHUNKS	8

/**
 * struct chunk - what has been allocated
 * @start:	where
 * @size:	how much
 * @freed:	and freed again; it is never used again
 */
struct chunk {
	char *start;
	size_t size;
	bool freed;
};

static char heap[HEAP_SIZE] MODEL_STATE __attribute__((aligned(16)));
static size_t heap_used MODEL_STATE;
static struct chunk chunks[MAX_CHUNKS] MODEL_STATE;
static unsigned int nr_chunks MODEL_STATE;
bool model_alloc_may_fail MODEL_STATE;

/* ---- values ---- */

static unsigned long get(const void *place, size_t size)
{
	unsigned long value = 0;

	memcpy(&value, place, size);
	return value;
}

static void put(void *place, size_t size, unsigned long value)
{
	memcpy(place, &value, size);
}

static bool is_in_heap(const void *place)
{
	return (const char *)place >= heap && (const char *)place < heap + HEAP_SIZE;
}

static void check_place(const void *place)
{
	const struct chunk *chunk;

	if (!is_in_heap(place))
		return;
	for (chunk = chunks; chunk < chunks + nr_chunks; chunk++) {
		if ((const char *)place >= chunk->start &&
		    (const char *)place < chunk->start + chunk->size) {
			model_assert(!chunk->freed, "freed memory is used");
			return;
		}
	}
	model_assert(false, "memory is used that was not allocated");
}

/* ---- stores ---- */

void memory_show(struct actor *actor)
{
	struct store *store;

	for (store = actor->stores; store < actor->stores + actor->nr_stores; store++) {
		store->under = get(store->place, store->size);
		put(store->place, store->size, store->value);
	}
}

void memory_hide(struct actor *actor)
{
	struct store *store;

	memory_note_plain(actor);
	for (store = actor->stores + actor->nr_stores; store-- > actor->stores;) {
		put(store->place, store->size, store->under);
		store->under = 0;
	}
}

void memory_note_plain(struct actor *actor)
{
	struct store *last = &actor->stores[actor->nr_stores - 1];

	if (!actor->nr_stores || !last->plain)
		return;
	last->plain = false;
	last->value = get(last->place, last->size);
}

static struct store *add_store(void *place, size_t size, const char *name)
{
	struct store *store = &running->stores[running->nr_stores];

	memory_note_plain(running);
	model_assert(running->nr_stores < MAX_STORES, "the model has no room for so many stores");
	running->nr_stores++;
	store->place = place;
	store->size = size;
	store->under = get(place, size);
	store->release = false;
	store->name = name;
	return store;
}

void model_store(volatile void *place, size_t size, unsigned long value, enum order order,
		 const char *name)
{
	struct store *store;

	check_place((void *)place);
	model_assert(!(subject_owns((void *)place) || is_in_heap((void *)place)) ||
		     running->locks, "a store without the lock");
	store = add_store((void *)place, size, name);
	store->value = value;
	store->release = order == RELEASE;
	put(store->place, size, value);
}

static bool same_place(const struct store *one, const struct store *other)
{
	return one->place == other->place;
}

bool memory_may_flush(const struct actor *actor, unsigned int i)
{
	unsigned int older;

	if (actor->stores[i].release)
		return !i;
	for (older = 0; older < i; older++)
		if (same_place(&actor->stores[older], &actor->stores[i]))
			return false;
	return true;
}

void memory_flush(struct actor *actor, unsigned int i)
{
	struct store *store = &actor->stores[i];

	put(store->place, store->size, store->value);
	actor->nr_stores--;
	memmove(store, store + 1, (actor->nr_stores - i) * sizeof(*store));
	memset(&actor->stores[actor->nr_stores], 0, sizeof(*store));
}

static bool has_no_stores(const void *actor)
{
	return !((const struct actor *)actor)->nr_stores;
}

void model_barrier(void)
{
	model_step("smp_mb", has_no_stores, running);
}

/* ---- loads ---- */

/* What is read under a lock is written under it: nobody can come in between. */
void model_before_load(const volatile void *place, const char *name)
{
	if (!running->locks)
		model_step(name, NULL, NULL);
	check_place((void *)place);
	memory_note_plain(running);
}

/* ---- locks ---- */

static bool is_free(const void *lock)
{
	return !*(const unsigned long *)lock;
}

/* An unlock that is not seen yet leaves it taken for its own actor, too. */
static void take(unsigned long *lock, const char *what)
{
	model_step(what, is_free, lock);
	*lock = 1;
}

void model_spin_lock(unsigned long *lock)
{
	take(lock, "takes the lock");
	running->locks++;
	running->preempt++;
}

void model_spin_unlock(unsigned long *lock)
{
	model_assert(subject_counts_right(), "a table's count of its slots is wrong");
	model_store(lock, sizeof(*lock), 0, RELEASE, "the unlock");
	running->locks--;
	running->preempt--;
}

void model_mutex_lock(unsigned long *lock)
{
	take(lock, "takes the mutex");
}

void model_mutex_unlock(unsigned long *lock)
{
	model_store(lock, sizeof(*lock), 0, RELEASE, "the mutex's unlock");
}

/* ---- the heap ---- */

void *xlp_alloc(size_t size)
{
	struct chunk *chunk = &chunks[nr_chunks];

	if (model_alloc_may_fail && model_choose("allocates", 2))
		return NULL;
	size = (size + 15) & ~15UL;
	model_assert(nr_chunks < MAX_CHUNKS && heap_used + size <= HEAP_SIZE,
		     "the model has no memory left");
	nr_chunks++;
	chunk->start = heap + heap_used;
	chunk->size = size;
	heap_used += size;
	return chunk->start;
}

void xlp_free(const void *memory)
{
	struct chunk *chunk;

	model_step("frees", NULL, NULL);
	for (chunk = chunks; chunk < chunks + nr_chunks; chunk++) {
		if (chunk->start == memory) {
			model_assert(!chunk->freed, "freed twice");
			chunk->freed = true;
		}
	}
}

/* ---- plain accesses ---- */

static void plain_load(const void *place)
{
	memory_note_plain(running);
	check_place(place);
	model_assert(!subject_guards(place) || running->locks, "a load without the lock");
}

static void plain_store(void *place, size_t size)
{
	memory_note_plain(running);
	check_place(place);
	if (subject_guards(place))
		model_assert(running->locks, "a store without the lock");
	else if (subject_owns(place) || is_in_heap(place))
		add_store(place, size, "a plain store")->plain = true;
}

#define PLAIN(size)								\
	void __tsan_read##size(void *place);					\
	void __tsan_read##size(void *place) { plain_load(place); }		\
	void __tsan_write##size(void *place);					\
	void __tsan_write##size(void *place) { plain_store(place, size); }

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)

void __tsan_init(void);
void __tsan_init(void) {}
void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller) { (void)caller; }
void __tsan_func_exit(void);
void __tsan_func_exit(void) {}
