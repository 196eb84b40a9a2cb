// SPDX-License-Identifier: GPL-2.0
/* kernel.c - actors, RCU, the lock, memory, and each access of shadow.c to it */
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include "../../common/alloc.h"
#include "growth.h"

#define STACK_SIZE	65536
/* Of so many accesses one lets another go on. */
#define TURN		8
/* A run takes a hundredth of that. */
#define MOST_ACCESSES	(50UL << 20)

/* ---- who runs ---- */

/**
 * struct actor - one who uses shadow.c
 * @context:	where it is
 * @script:	what it does
 * @finished:	it has
 * @reading:	how often it has begun to be a reader and not ended
 * @section:	number of the reader's section it is in, or was in last
 */
struct actor {
	ucontext_t context;
	void (*script)(void);
	bool finished;
	unsigned int reading;
	unsigned long section;
};

static struct actor actors[NR_ACTORS];
static char stacks[NR_ACTORS][STACK_SIZE];
static ucontext_t runner;
static jmp_buf run_end;
/* NULL: the runner, before and after, when nobody else is there. */
static struct actor *running;

static unsigned long random_state;

unsigned int growth_random(unsigned int nr)
{
	random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
	return (random_state >> 33) % nr;
}

static void switch_to(struct actor *to)
{
	struct actor *from = running;

	if (to == from)
		return;
	running = to;
	swapcontext(from ? &from->context : &runner, to ? &to->context : &runner);
}

void growth_let_another_go_on(void)
{
	unsigned int i = growth_random(NR_ACTORS), left;

	for (left = NR_ACTORS; left && actors[i].finished; left--)
		i = (i + 1) % NR_ACTORS;
	switch_to(left ? &actors[i] : NULL);
}

void growth_step(void)
{
	if (running && !growth_random(TURN))
		growth_let_another_go_on();
}

void growth_must(bool good, const char *what)
{
	if (good)
		return;
	growth_violation = what;
	longjmp(run_end, 1);
}

static void actor_begin(void)
{
	running->script();
	running->finished = true;
	growth_let_another_go_on();
}

unsigned int growth_me(void)
{
	return running - actors;
}

bool growth_has_finished(unsigned int actor)
{
	return actors[actor].finished;
}

static void actor_add(struct actor *actor, void (*script)(void))
{
	memset(actor, 0, sizeof(*actor));
	actor->script = script;
	getcontext(&actor->context);
	actor->context.uc_stack.ss_sp = stacks[actor - actors];
	actor->context.uc_stack.ss_size = STACK_SIZE;
	makecontext(&actor->context, actor_begin, 0);
}

/* ---- RCU and the lock ---- */

static struct actor *holder;

/* struct readers - the section that each actor was in, 0: in none */
struct readers {
	unsigned long section[NR_ACTORS];
};

static struct readers readers_now(void)
{
	struct readers now;
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++)
		now.section[i] = actors[i].reading ? actors[i].section : 0;
	return now;
}

static bool have_left(const struct readers *then)
{
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++)
		if (then->section[i] && actors[i].reading &&
		    actors[i].section == then->section[i])
			return false;
	return true;
}

void growth_read_lock(void)
{
	if (running && !running->reading++)
		running->section++;
	growth_step();
}

static void free_what_is_due(void);

void growth_read_unlock(void)
{
	growth_step();
	if (!running)
		return;
	growth_must(running->reading, "more ends of readers than beginnings");
	running->reading--;
	free_what_is_due();
}

bool growth_is_reader(void)
{
	return !running || running->reading;
}

void growth_synchronize(void)
{
	struct readers then = readers_now();

	growth_must(!running || !running->reading, "a reader waits for readers");
	while (running && !have_left(&then))
		growth_let_another_go_on();
}

bool growth_holds_lock(void)
{
	return !running || holder == running;
}

void growth_lock(void)
{
	if (!running)
		return;
	growth_must(holder != running, "the lock is taken twice");
	while (holder)
		growth_let_another_go_on();
	holder = running;
	growth_read_lock();
}

void growth_unlock(void)
{
	if (!running)
		return;
	growth_must(holder == running, "the lock is given back by who does not hold it");
	holder = NULL;
	growth_read_unlock();
}

/* ---- memory ---- */

enum state { FRESH, SHARED, DUE, FREED };

/**
 * struct block - memory that shadow.c has asked for
 * @state:	known to nobody else yet; to all; to those who were readers; to nobody
 * @size:	in bytes
 * @readers:	of %DUE
 * @memory:	what it got
 */
struct block {
	enum state state;
	size_t size;
	struct readers readers;
	char *memory;
};

#define ARENA_SIZE	(64UL << 20)
#define GRANULE		16
#define MOST_BLOCKS	200000

/* Nothing is used again during a run. */
static char arena[ARENA_SIZE] __attribute__((aligned(64)));
static uint32_t block_of_granule[ARENA_SIZE / GRANULE];
static struct block blocks[MOST_BLOCKS];
static size_t arena_used;
static unsigned int nr_blocks, first_due;

static void *block_add(size_t size)
{
	size_t rounded = (size + GRANULE - 1) / GRANULE * GRANULE, i;
	struct block *block = &blocks[nr_blocks];

	if (arena_used + rounded > ARENA_SIZE || nr_blocks == MOST_BLOCKS)
		abort();
	for (i = 0; i < rounded / GRANULE; i++)
		block_of_granule[arena_used / GRANULE + i] = nr_blocks;
	*block = (struct block){ .size = size, .memory = arena + arena_used };
	memset(block->memory, 0, rounded);
	arena_used += rounded;
	nr_blocks++;
	return block->memory;
}

static struct block *block_of(const void *place)
{
	size_t offset = (const char *)place - arena;
	struct block *block;

	if ((const char *)place < arena || offset >= arena_used)
		return NULL;
	block = &blocks[block_of_granule[offset / GRANULE]];
	return (const char *)place < block->memory + block->size ? block : NULL;
}

bool growth_fails(void)
{
	return running && growth.failing && !growth_random(growth.failing);
}

void *xlp_alloc(size_t size)
{
	growth_must(!running || !running->reading, "a reader sleeps in an allocation");
	growth_step();
	if (growth.tables_made && growth.no_tables)
		return NULL;
	growth.tables_made++;
	return block_add(size);
}

void *xlp_alloc_for_patch(size_t size, gfp_t gfp)
{
	growth_step();
	return growth_fails() ? NULL : block_add(size);
}

void growth_free(void *memory)
{
	struct block *block = block_of(memory);

	growth_must(block && block->memory == memory, "what is freed was not allocated");
	growth_must(block->state == FRESH || block->state == SHARED, "freed twice");
	block->state = FREED;
}

void xlp_free(const void *memory)
{
	growth_step();
	growth.tables_freed++;
	growth_free((void *)memory);
}

void growth_free_later(void *memory)
{
	struct block *block = block_of(memory);

	growth_free(memory);
	block->state = DUE;
	block->readers = readers_now();
	if ((size_t)(block - blocks) < first_due)
		first_due = block - blocks;
}

static void free_what_is_due(void)
{
	unsigned int i, first = nr_blocks;

	for (i = first_due; i < nr_blocks; i++) {
		if (blocks[i].state != DUE)
			continue;
		if (have_left(&blocks[i].readers))
			blocks[i].state = FREED;
		else if (i < first)
			first = i;
	}
	first_due = first;
}

bool growth_all_freed(void)
{
	unsigned int i;

	for (i = 0; i < nr_blocks; i++)
		if (blocks[i].state == FRESH || blocks[i].state == SHARED)
			return false;
	return true;
}

/* ---- each access of shadow.c ---- */

extern char __start_growth_subject[], __stop_growth_subject[];

static unsigned long nr_accesses;

static bool is_on_stack(const void *place)
{
	const char *stack = stacks[running - actors];

	return (const char *)place >= stack && (const char *)place < stack + STACK_SIZE;
}

static void access_block(struct block *block, bool write)
{
	growth_must(block, "memory is touched that nobody has allocated");
	growth_must(block->state != FREED, "memory is touched that has been freed");
	if (!write)
		return;
	growth_must(block->state == FRESH || growth_holds_lock(),
		    "a variable or a table is changed without the lock");
	if (holder == running)
		block->state = block->state == FRESH ? SHARED : block->state;
}

/* @marked: by READ_ONCE() and the like */
static void access(const void *place, bool write, bool marked)
{
	growth_must(++nr_accesses < MOST_ACCESSES, "it does not come to an end");
	if (!running) {
		if (block_of(place))
			access_block(block_of(place), write);
		return;
	}
	if (is_on_stack(place))
		return;
	growth_step();
	if ((const char *)place >= __start_growth_subject &&
	    (const char *)place < __stop_growth_subject)
		growth_must(growth_holds_lock() || (marked && !write),
			    "a variable of shadow.c is touched without the lock");
	else
		access_block(block_of(place), write);
}

#define ACCESSES(size)									\
void __tsan_read##size(void *place) { access(place, false, false); }			\
void __tsan_write##size(void *place) { access(place, true, false); }			\
void __tsan_volatile_read##size(void *place) { access(place, false, true); }		\
void __tsan_volatile_write##size(void *place) { access(place, true, true); }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

void __tsan_init(void) {}
void __tsan_func_entry(void *unused) {}
void __tsan_func_exit(void) {}

/* ---- the worker ---- */

static void (*scheduled)(struct work_struct *work);

void growth_schedule(void (*function)(struct work_struct *work))
{
	scheduled = function;
}

bool growth_run_scheduled(void)
{
	void (*function)(struct work_struct *work) = scheduled;

	scheduled = NULL;
	if (function)
		function(NULL);
	return function;
}

/* ---- a run ---- */

struct growth growth;
const char *growth_violation;

static char *subject_before;

static void reset_subject(void)
{
	size_t size = __stop_growth_subject - __start_growth_subject;

	if (!subject_before) {
		subject_before = malloc(size);
		memcpy(subject_before, __start_growth_subject, size);
	}
	memcpy(__start_growth_subject, subject_before, size);
}

static void reset(unsigned long seed)
{
	reset_subject();
	memset(actors, 0, sizeof(actors));
	random_state = seed;
	running = NULL;
	holder = NULL;
	scheduled = NULL;
	arena_used = 0;
	nr_blocks = 0;
	first_due = 0;
	nr_accesses = 0;
	growth.tables_made = 0;
	growth.tables_freed = 0;
	growth_violation = NULL;
}

void growth_run(unsigned long seed, void (*script)(void))
{
	reset(seed);
	if (!setjmp(run_end))
		script();
}

void growth_run_actors(const struct growth_script scripts[NR_ACTORS])
{
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++)
		actor_add(&actors[i], scripts[i].run);
	switch_to(&actors[0]);
	growth_must(!holder, "the lock is left taken");
}
