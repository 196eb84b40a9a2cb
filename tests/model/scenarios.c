// SPDX-License-Identifier: GPL-2.0
/* scenarios.c - who does what, in every order */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "actor.h"
#include "memory.h"
#include "protocol.h"
#include "search.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* ---- what tasks do ---- */

static void call_first(void)
{
	call(0, NULL);
}

static void call_second(void)
{
	call(1, NULL);
}

static void call_new(void)
{
	call_loaded(1, call_first);
}

static void call_nested(void)
{
	call(0, call_second);
}

static void call_again(void)
{
	call(0, call_first);
}

static void call_and_leave(void)
{
	call(0, call_second);
	leave_kernel();
}

static void leave_and_call(void)
{
	leave_kernel();
	call(0, NULL);
}

/* Task work is run in odd places: the first function lies beneath. */
static void leave_inside(void)
{
	call(0, leave_kernel);
}

static void fork_one(void)
{
	fork_task(&tasks[1]);
}

static void child_calls(void)
{
	wait_to_run();
	call(0, NULL);
}

static void exits(void)
{
	call(0, NULL);
	exit_task(call_first);
}

static void only_exits(void)
{
	exit_task(NULL);
}

static void fork_and_reap(void)
{
	fork_task(&tasks[1]);
	reap_task(&tasks[1]);
	fork_task(&tasks[1]);
}

static void live_twice(void)
{
	wait_to_run();
	exit_task(call_first);
	wait_to_run();
	call(0, NULL);
}

static void reap_first(void)
{
	reap_task(&tasks[0]);
}

static void reap_second(void)
{
	reap_task(&tasks[1]);
}

/* ---- what is done to functions ---- */

static void there(void)
{
	transition(1);
}

static void there_both(void)
{
	transition(3);
}

static void there_and_back(void)
{
	transition(1);
	transition(1);
}

static void other_then_one(void)
{
	transition(2);
	transition(1);
}

static void reverse_twice(void)
{
	reverse();
	reverse();
}

static void grow_second(void)
{
	grow(2);
}

/* ---- who does it ---- */

/**
 * struct part - what one actor does
 * @name:	who
 * @script:	what
 * @is_task:	it is the next of tasks[]
 * @comes:	which is forked by another one
 * @exits:	and ends
 * @interrupts:	and is interrupted so often at most
 */
struct part {
	const char *name;
	void (*script)(void);
	bool is_task;
	bool comes;
	bool exits;
	unsigned int interrupts;
};

/**
 * struct scenario - who does what
 * @name:	for people
 * @rules:	see there
 * @interrupt:	what interrupts do
 * @no_memory:	allocations that are not needed may fail
 * @must_fail:	there is a violation, to show that such would be found
 * @parts:	who and what
 */
struct scenario {
	const char *name;
	struct rules rules;
	void (*interrupt)(void);
	bool no_memory;
	bool must_fail;
	struct part parts[MAX_ACTORS];
};

#define DRIVER(what)	{ .name = "driver", .script = what }
#define OTHER(who, what)	{ .name = who, .script = what }
#define TASK(what, ...)	{ .name = "task", .script = what, .is_task = true, ##__VA_ARGS__ }

static const struct scenario scenarios[] = {
	{
		.name = "a task calls, there and back",
		.rules = { .room = 2 },
		.parts = { DRIVER(there_and_back), TASK(call_again) },
	}, {
		.name = "two tasks call",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(call_again), TASK(call_first) },
	}, {
		.name = "two functions of one patch",
		.rules = { .room = 2, .one_patch = true },
		.parts = { DRIVER(there_both), TASK(call_nested), OTHER("turner", reverse) },
	}, {
		.name = "reversed twice",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(call_again), OTHER("turner", reverse_twice) },
	}, {
		.name = "two tasks, reversed",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(call_first), TASK(call_first),
			   OTHER("turner", reverse) },
	}, {
		.name = "leaves the kernel, there and back",
		.rules = { .room = 2 },
		.parts = { DRIVER(there_and_back), TASK(leave_and_call) },
	}, {
		.name = "leaves the kernel, reversed twice",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(call_and_leave), OTHER("turner", reverse_twice) },
	}, {
		.name = "an old ticket, one function then the other",
		.rules = { .room = 2 },
		.parts = { DRIVER(other_then_one), TASK(leave_inside) },
	}, {
		.name = "more code becomes affected",
		.rules = { .room = 2, .one_patch = true },
		.parts = { DRIVER(there), TASK(call_new), OTHER("loader", grow_second) },
	}, {
		.name = "interrupts",
		.rules = { .room = 2 },
		.interrupt = call_first,
		.parts = { DRIVER(there_and_back), TASK(call_first, .interrupts = 1) },
	}, {
		.name = "interrupts, reversed",
		.rules = { .room = 2, .one_patch = true },
		.interrupt = call_nested,
		.parts = { DRIVER(there_both), TASK(call_first, .interrupts = 1),
			   OTHER("turner", reverse) },
	}, {
		.name = "a fork",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(fork_one), TASK(child_calls, .comes = true) },
	}, {
		.name = "a fork, there and back",
		.rules = { .room = 2 },
		.parts = { DRIVER(there_and_back), TASK(fork_one),
			   TASK(child_calls, .comes = true) },
	}, {
		.name = "a fork, no room",
		.rules = { .room = 1 },
		.no_memory = true,
		.parts = { DRIVER(there), TASK(fork_one), TASK(child_calls, .comes = true) },
	}, {
		.name = "a fork, reversed",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(fork_one), TASK(child_calls, .comes = true),
			   OTHER("turner", reverse) },
	}, {
		.name = "an exit",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(exits, .exits = true), OTHER("parent", reap_first) },
	}, {
		.name = "an exit beside a task that stays",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(call_first), TASK(only_exits, .exits = true),
			   OTHER("parent", reap_second) },
	}, {
		.name = "a task's memory becomes another's",
		.rules = { .room = 2 },
		.parts = { DRIVER(there), TASK(fork_and_reap),
			   TASK(live_twice, .comes = true, .exits = true) },
	}, {
		.name = "forced",
		.rules = { .room = 2, .force = true },
		.parts = { DRIVER(there_and_back), TASK(call_again), OTHER("turner", reverse) },
	}, {
		.name = "control: handlers are not waited for",
		.rules = { .room = 2, .no_wait = true },
		.must_fail = true,
		.parts = { DRIVER(there), TASK(call_first) },
	}, {
		.name = "control: stacks are not looked at",
		.rules = { .room = 2, .no_look = true },
		.must_fail = true,
		.parts = { DRIVER(there), TASK(call_again) },
	},
};

static void add_part(const struct part *part)
{
	static unsigned int nr_tasks MODEL_STATE;
	struct actor *actor = actor_add(part->name, part->script,
					part->is_task ? &tasks[nr_tasks] : NULL);

	actor->interrupts = part->interrupts;
	actor->exits = part->exits;
	if (!part->is_task)
		return;
	tasks[nr_tasks].actor = actor;
	if (!part->comes)
		task_exists(&tasks[nr_tasks]);
	nr_tasks++;
}

static void set_up(const struct scenario *scenario)
{
	const struct part *part;

	search_reset();
	rules = scenario->rules;
	model_interrupt = scenario->interrupt;
	model_alloc_may_fail = scenario->no_memory;
	for (part = scenario->parts; part < scenario->parts + MAX_ACTORS && part->name; part++)
		add_part(part);
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static bool run(const struct scenario *scenario, unsigned int number)
{
	double started = seconds();
	struct search_result result;
	bool ok;

	set_up(scenario);
	result = search(!scenario->must_fail);
	ok = scenario->must_fail == !!result.violation;
	if (!ok)
		printf("# violation: %s\n", result.violation ? : "there must be one");
	printf("# %.3g interleavings, %lu states, %lu steps, %.1f s\n", result.interleavings,
	       result.states, result.steps, seconds() - started);
	printf("%sok %u %s\n", ok ? "" : "not ", number, scenario->name);
	fflush(stdout);
	return ok;
}

int main(int argc, char **argv)
{
	unsigned int i, failed = 0, nr = 0;

	search_init();
	printf("KTAP version 1\n");
	if (argc < 2)
		printf("1..%zu\n", ARRAY_SIZE(scenarios));
	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		if (argc < 2 || strstr(scenarios[i].name, argv[1]))
			failed += !run(&scenarios[i], ++nr);
	printf("%u passed, %u failed, 0 skipped\n", nr - failed, failed);
	return failed ? 1 : 0;
}
