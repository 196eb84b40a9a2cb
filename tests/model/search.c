// SPDX-License-Identifier: GPL-2.0
/*
 * search.c - every order of the steps
 *
 * Depth first. A state is all of MODEL_STATE, the variables of the code under test
 * and the stacks, so it can be put back; one that has been met before, by its
 * 64-bit hash, is not followed again. Two different ones with the same hash are
 * one case in a million runs for some million states.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "actor.h"
#include "memory.h"
#include "search.h"
#include "task.h"

#define SAVED_BYTES	(2UL << 30)
#define MAX_DEPTH	20000
#define MAX_CHOICES	64

enum choice_kind {
	STEP,
	INTERRUPT,
	FLUSH,
};

/**
 * struct choice - what may come next
 * @actor:	of whom
 * @kind:	its step, an interrupt, or that others see a store of it
 * @which:	way of doing the step, or store
 */
struct choice {
	unsigned char actor;
	unsigned char kind;
	unsigned char which;
};

/**
 * struct node - a state on the way
 * @saved:	the state
 * @hash:	of it
 * @ways:	complete orders from here on
 * @nr:		of choices
 * @next:	the one to be followed next
 * @choices:	what may come next
 * @said:	what the last one was, for people
 */
struct node {
	char *saved;
	uint64_t hash;
	double ways;
	unsigned int nr;
	unsigned int next;
	struct choice choices[MAX_CHOICES];
	const char *said;
};

/* @ways is -1 for a state on the way, where a cycle ends. */
struct visited {
	uint64_t hash;
	double ways;
};

extern char __start_model_state[], __stop_model_state[];
extern char __start_model_subject[], __stop_model_subject[];

static struct visited *visited;
static size_t visited_size, nr_visited;
static struct node *path;
static char *saved_bytes, *saved_end, *pristine;

/* ---- states ---- */

static char *save_range(char *to, const char *from, const char *end)
{
	memcpy(to, from, end - from);
	return to + (end - from);
}

static char *restore_range(char *from, char *to, const char *end)
{
	memcpy(to, from, end - to);
	return from + (end - to);
}

static char *save_variables(char *to)
{
	to = save_range(to, __start_model_state, __stop_model_state);
	return save_range(to, __start_model_subject, __stop_model_subject);
}

static char *restore_variables(char *from)
{
	from = restore_range(from, __start_model_state, __stop_model_state);
	return restore_range(from, __start_model_subject, __stop_model_subject);
}

static char *save(char *to)
{
	struct actor *actor;

	to = save_variables(to);
	for (actor = actors; actor < actors + nr_actors; actor++)
		to = save_range(to, actor->sp, actor_stack_end(actor));
	return to;
}

static void restore(char *from)
{
	struct actor *actor;

	from = restore_variables(from);
	for (actor = actors; actor < actors + nr_actors; actor++)
		from = restore_range(from, actor->sp, actor_stack_end(actor));
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15UL;
	return hash ^ hash >> 32;
}

/* Most of it is 0. */
static uint64_t hash_of(const char *from, const char *end)
{
	uint64_t hash = 1, word, at = 0;

	for (; from < end; from += sizeof(word), at++) {
		word = 0;
		memcpy(&word, from, end - from < 8 ? end - from : 8);
		if (word)
			hash = mix(mix(hash, at), word);
	}
	return hash ? hash : 1;
}

/* ---- visited states ---- */

static size_t visited_at(uint64_t hash)
{
	size_t i = hash & (visited_size - 1);

	while (visited[i].hash && visited[i].hash != hash)
		i = (i + 1) & (visited_size - 1);
	return i;
}

/* ---- choices ---- */

static bool is_held(const struct actor *actor)
{
	return actor->task && actor->task->held;
}

static bool can_step(const struct actor *actor)
{
	return !is_held(actor) && (!actor->may || actor->may(actor->arg));
}

static bool can_be_interrupted(const struct actor *actor)
{
	return actor->interrupts && !actor->interrupted && actor->task->runs && !is_held(actor);
}

static void add_choice(struct node *node, const struct actor *actor, enum choice_kind kind,
		       unsigned int which)
{
	if (node->nr == MAX_CHOICES)
		errx(1, "too many choices");
	node->choices[node->nr++] = (struct choice){
		.actor = actor - actors,
		.kind = kind,
		.which = which,
	};
}

static void find_choices(struct node *node)
{
	struct actor *actor;
	unsigned int i;

	node->nr = 0;
	node->next = 0;
	for (actor = actors; actor < actors + nr_actors; actor++) {
		if (!actor->finished && can_step(actor))
			for (i = 0; i < (actor->choices ? actor->choices : 1); i++)
				add_choice(node, actor, STEP, i);
		if (!actor->finished && can_be_interrupted(actor))
			add_choice(node, actor, INTERRUPT, 0);
		for (i = 0; i < actor->nr_stores; i++)
			if (memory_may_flush(actor, i))
				add_choice(node, actor, FLUSH, i);
	}
}

static const char *do_choice(struct choice choice)
{
	struct actor *actor = &actors[choice.actor];
	const char *said = actor->next;

	switch (choice.kind) {
	case FLUSH:
		said = actor->stores[choice.which].name;
		memory_flush(actor, choice.which);
		return said;
	case INTERRUPT:
		actor->interrupt = true;
		break;
	case STEP:
		actor->chosen = choice.which;
	}
	actor_run(actor);
	return said;
}

/* ---- the search ---- */

static void tell_way(unsigned int depth, const char *what)
{
	static const char *const kinds[] = {
		[STEP] = "", [INTERRUPT] = "interrupt before: ", [FLUSH] = "    others see: ",
	};
	const struct choice *choice;
	const struct node *node;

	for (node = path; node <= path + depth; node++) {
		if (!node->next)
			break;
		choice = &node->choices[node->next - 1];
		printf("#   %-8s %s%s\n", actors[choice->actor].name, kinds[choice->kind],
		       node->said);
	}
	printf("#   here: %s\n", what);
}

static const char *end_of_way(void)
{
	const struct actor *actor;

	for (actor = actors; actor < actors + nr_actors; actor++)
		if (!actor->finished)
			return "nobody can go on";
	return NULL;
}

static void grow_visited(void)
{
	struct visited *old = visited;
	size_t old_size = visited_size, i;

	visited_size = old_size ? 2 * old_size : 1 << 16;
	visited = calloc(visited_size, sizeof(*visited));
	if (!visited)
		err(1, "visited states");
	for (i = 0; i < old_size; i++)
		if (old[i].hash)
			visited[visited_at(old[i].hash)] = old[i];
	free(old);
}

/* The present state becomes @node, unless it has been met: then @ways lead on from it. */
static bool enter_state(struct node *node, char *to, double *ways)
{
	char *end = save(to);
	uint64_t hash = hash_of(to, end);
	size_t at;

	if (2 * nr_visited >= visited_size)
		grow_visited();
	at = visited_at(hash);
	if (visited[at].hash) {
		*ways = visited[at].ways > 0 ? visited[at].ways : 0;
		return false;
	}
	nr_visited++;
	visited[at] = (struct visited){ .hash = hash, .ways = -1 };
	node->saved = to;
	node->hash = hash;
	node->ways = 0;
	find_choices(node);
	saved_end = end;
	return true;
}

static void leave_state(struct node *node)
{
	visited[visited_at(node->hash)].ways = node->ways;
	saved_end = node->saved;
}

static struct search_result search_from_here(unsigned int *depth)
{
	struct search_result result = { .violation = NULL };
	struct node *node = path;
	bool fresh = true;
	double ways;

	enter_state(node, saved_bytes, &ways);
	while (!result.violation) {
		if (node->next == node->nr) {
			if (!node->nr) {
				result.violation = end_of_way();
				node->ways = 1;
			}
			leave_state(node);
			if (node == path || result.violation)
				break;
			node[-1].ways += node->ways;
			node--;
			fresh = false;
			continue;
		}
		if (!fresh)
			restore(node->saved);
		node->said = do_choice(node->choices[node->next++]);
		result.steps++;
		result.violation = violation;
		if (node == path + MAX_DEPTH - 2)
			errx(1, "the way is too long");
		fresh = !violation && enter_state(node + 1, saved_end, &ways);
		if (fresh)
			node++;
		else if (!violation)
			node->ways += ways;
	}
	*depth = node - path;
	result.interleavings = path->ways;
	result.states = nr_visited;
	return result;
}

struct search_result search(bool tell)
{
	struct search_result result;
	unsigned int depth;

	nr_visited = 0;
	visited_size = 0;
	free(visited);
	visited = NULL;
	violation = NULL;
	saved_end = saved_bytes;
	result = search_from_here(&depth);
	if (tell && result.violation)
		tell_way(depth, result.violation);
	return result;
}

void search_reset(void)
{
	restore_variables(pristine);
}

void search_init(void)
{
	pristine = malloc(__stop_model_state - __start_model_state +
			  (__stop_model_subject - __start_model_subject));
	path = calloc(MAX_DEPTH, sizeof(*path));
	saved_bytes = mmap(NULL, SAVED_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!pristine || !path || saved_bytes == MAP_FAILED)
		err(1, "no memory");
	save_variables(pristine);
}
