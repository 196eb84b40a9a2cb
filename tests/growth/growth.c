// SPDX-License-Identifier: GPL-2.0
/*
 * growth.c - shadow variables come, go and are looked for while their table grows
 *
 * Runs common/shadow.c, unchanged, by several at once, each on a stack of its own: two
 * who use it and the worker that makes the table larger. Whenever shadow.c touches
 * memory another may go on, by chance, from a seed. shadow.c is compiled as for a
 * thread sanitizer, so each access is known: what its lock guards is not touched without
 * it, and nothing is touched that has been freed. And who owns a variable knows whether
 * it must be found.
 */
#include <stdio.h>
#include <string.h>
#include "../../common/shadow.h"
#include <xlp/shadow.h>
#include "growth.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define SEEDS		60
#define MOST_OPS	40000
/* After the table has grown. */
#define OPS_AFTER	100
/* Of so many operations one frees all that both have. */
#define FREE_ALL	200

/* ---- what is tried ---- */

/**
 * struct scenario - one way to use it
 * @name:	for people
 * @present:	how many variables each user has before it begins
 * @keys:	of how many it may have
 * @growths:	how often the table must grow meanwhile
 * @ops:	how much each user does at least
 * @no_tables:	there is no memory for larger tables
 * @failing:	of so many allocations and constructors one fails; 0: none
 */
struct scenario {
	const char *name;
	unsigned int present;
	unsigned int keys;
	unsigned int growths;
	unsigned int ops;
	bool no_tables;
	unsigned int failing;
};

static const struct scenario scenarios[] = {
	{ "the table grows", .present = 500, .keys = 900, .growths = 1 },
	{ "it grows again, by the other link", .present = 2040, .keys = 3000, .growths = 1 },
	{ "it does not grow for what is gone", .present = 300, .keys = 400, .ops = 4000 },
	{ "no memory for a larger one", .present = 500, .keys = 900, .ops = 400,
	  .no_tables = true },
	{ "allocations and constructors fail", .present = 500, .keys = 900, .growths = 1,
	  .failing = 8 },
};

static const struct scenario *scenario;

/* ---- the users ---- */

#define MOST_KEYS	4096
#define NR_COMMON	100
#define ID_COMMON	NR_USERS
#define MADE		0x6d616465
#define UNDONE		0x756e6400

/* struct value - what a variable holds; its owner is the one with that ID */
struct value {
	void *obj;
	unsigned long id;
	unsigned long life;
};

/* Only addresses count. */
static char objs[MOST_KEYS];
static bool present[NR_USERS + 1][MOST_KEYS];
static unsigned long made[NR_USERS + 1], undone[NR_USERS + 1];

static int make(void *obj, void *data, void *ctor_data)
{
	struct value *value = data;
	unsigned long id = (unsigned long)ctor_data;
	bool *is_present = &present[id][(char *)obj - objs];

	growth_must(growth_holds_lock(), "a constructor runs without the lock");
	growth_step();
	if (growth_fails())
		return -1;
	growth_must(!*is_present, "constructed while there is one");
	*is_present = true;
	*value = (struct value){ .obj = obj, .id = id, .life = MADE };
	made[id]++;
	return 0;
}

static void undo(void *obj, void *data)
{
	struct value *value = data;

	growth_must(growth_holds_lock(), "a destructor runs without the lock");
	growth_step();
	growth_must(value->life == MADE && value->obj == obj, "destroyed what was not constructed");
	growth_must(present[value->id][(char *)obj - objs], "destroyed though there is none");
	present[value->id][(char *)obj - objs] = false;
	value->life = UNDONE;
	undone[value->id]++;
}

/* As an RCU reader, if it is not the caller's own. */
static void look_at(unsigned int key, unsigned long id, const struct value *value)
{
	if (value)
		growth_must(value->obj == &objs[key] && value->id == id &&
			    (value->life == MADE || value->life == UNDONE),
			    "another variable was found, or one that was not constructed");
}

static void must_be(unsigned int key, unsigned long id, bool there)
{
	struct value *value = xlp_shadow_get(&objs[key], id);

	growth_must(!value || there, "a variable was found that is gone");
	growth_must(value || !there, "a variable was not found");
	look_at(key, id, value);
}

static void attach_own(unsigned int key)
{
	unsigned long id = growth_me();
	bool was_there = present[id][key];
	struct value *value;
	void *obj = &objs[key];

	if (was_there || growth_random(2))
		value = xlp_shadow_get_or_alloc(obj, id, sizeof(*value), 0, make, (void *)id);
	else
		value = xlp_shadow_alloc(obj, id, sizeof(*value), 0, make, (void *)id);
	growth_must(!!value == present[id][key], "what alloc() returns is not what it did");
	growth_must(value || (!was_there && scenario->failing), "a variable could not be attached");
	look_at(key, id, value);
}

static void detach_own(unsigned int key)
{
	unsigned long id = growth_me(), before = undone[id];
	bool was_there = present[id][key];

	xlp_shadow_free(&objs[key], id, undo);
	growth_must(undone[id] == before + was_there, "not destroyed once");
}

static void detach_all_own(void)
{
	unsigned long id = growth_me();

	xlp_shadow_free_all(id, undo);
	growth_must(made[id] == undone[id], "free_all() leaves variables");
}

static void look_at_other(unsigned int key)
{
	unsigned long id = NR_USERS - 1 - growth_me();

	growth_read_lock();
	look_at(key, id, xlp_shadow_get(&objs[key], id));
	growth_read_unlock();
}

/* What both attach and free. */
static void use_common(unsigned int key)
{
	growth_read_lock();
	look_at(key, ID_COMMON,
		xlp_shadow_get_or_alloc(&objs[key], ID_COMMON, sizeof(struct value), 0, make,
					(void *)ID_COMMON));
	growth_read_unlock();
	if (growth_random(2))
		xlp_shadow_free(&objs[growth_random(NR_COMMON)], ID_COMMON, undo);
}

static void one_op(void)
{
	unsigned int key = growth_random(scenario->keys);

	switch (growth_random(10)) {
	case 0: case 1: case 2:
		attach_own(key);
		break;
	case 3:
		detach_own(key);
		break;
	case 4: case 5: case 6:
		must_be(key, growth_me(), present[growth_me()][key]);
		break;
	case 7:
		look_at_other(key);
		break;
	case 8: case 9:
		use_common(growth_random(NR_COMMON));
		break;
	}
}

/* Each time one table goes. */
static unsigned int growths_before;

static unsigned int growths(void)
{
	return growth.tables_freed - growths_before;
}

static bool has_grown(void)
{
	return growths() >= scenario->growths;
}

static bool is_growing(void)
{
	return growth.tables_made - growth.tables_freed > 1;
}

/* USER_A empties what it has while the table grows. */
static void use(void)
{
	unsigned int nr, last = scenario->growths ? MOST_OPS : scenario->ops;
	bool emptied = growth_me() != USER_A;

	for (nr = 0; nr < last; nr++) {
		one_op();
		if (!growth_random(FREE_ALL))
			xlp_shadow_free_all(ID_COMMON, undo);
		if (!emptied && is_growing() && !growth_random(4)) {
			detach_all_own();
			emptied = true;
		}
		if (last == MOST_OPS && has_grown())
			last = nr + OPS_AFTER;
	}
}

static void work(void)
{
	while (growth_run_scheduled() ||
	       !growth_has_finished(USER_A) || !growth_has_finished(USER_B))
		growth_let_another_go_on();
}

/* ---- runs ---- */

static void fill(void)
{
	unsigned int key;
	unsigned long id;

	for (key = 0; key < scenario->present; key++) {
		for (id = 0; id < NR_USERS; id++)
			xlp_shadow_alloc(&objs[key], id, sizeof(struct value), 0, make, (void *)id);
		growth_run_scheduled();
	}
	growths_before = growth.tables_freed;
}

static void check_all(void)
{
	unsigned int key;
	unsigned long id;

	for (key = 0; key < scenario->keys; key++)
		for (id = 0; id < NR_USERS; id++)
			must_be(key, id, present[id][key]);
	for (key = 0; key < NR_COMMON; key++)
		must_be(key, ID_COMMON, present[ID_COMMON][key]);
}

/* What USER_B has is left for xlp_shadow_exit(). */
static void check_free_all(void)
{
	static const unsigned long ids[] = { USER_A, ID_COMMON };
	unsigned int key, i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		xlp_shadow_free_all(ids[i], undo);
		growth_must(made[ids[i]] == undone[ids[i]], "free_all() leaves variables");
	}
	for (key = 0; key < scenario->keys; key++)
		must_be(key, USER_B, present[USER_B][key]);
}

static void check_freed(void)
{
	xlp_shadow_exit();
	growth_must(growth_all_freed(), "memory is left behind");
}

static void run_all(void)
{
	static const struct growth_script scripts[NR_ACTORS] = {
		[USER_A] = { use }, [USER_B] = { use }, [WORKER] = { work },
	};

	growth_must(!xlp_shadow_init(), "xlp_shadow_init() fails");
	fill();
	growth_run_actors(scripts);
	growth_must(has_grown(), "the table has not grown");
	growth_must(growths() == scenario->growths, "the table has grown too often");
	check_all();
	check_free_all();
	check_freed();
}

/* Return: the seed that shows a violation, or 0. */
static unsigned long first_bad_seed(void)
{
	unsigned long seed;

	growth.no_tables = scenario->no_tables;
	growth.failing = scenario->failing;
	for (seed = 1; seed <= SEEDS; seed++) {
		memset(present, 0, sizeof(present));
		memset(made, 0, sizeof(made));
		memset(undone, 0, sizeof(undone));
		growth_run(seed, run_all);
		if (growth_violation)
			return seed;
	}
	return 0;
}

int main(void)
{
	unsigned int i, failed = 0;
	unsigned long seed;

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(scenarios));
	for (i = 0; i < ARRAY_SIZE(scenarios); i++) {
		scenario = &scenarios[i];
		seed = first_bad_seed();
		if (seed)
			printf("# seed %lu: %s\n", seed, growth_violation);
		printf("%sok %u %s\n", seed ? "not " : "", i + 1, scenario->name);
		fflush(stdout);
		failed += !!seed;
	}
	printf("%zu passed, %u failed, 0 skipped\n", ARRAY_SIZE(scenarios) - failed, failed);
	return failed ? 1 : 0;
}
