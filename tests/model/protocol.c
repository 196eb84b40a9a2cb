// SPDX-License-Identifier: GPL-2.0
/*
 * protocol.c - what the rest of xlp and the kernel do with the code under test
 *
 * And what must hold: see enter() and check_end(). Versions are 0, the function
 * itself, and 1, which is at the address NEW.
 */
#include <linux/sched.h>
#include "../../common/world.h"
#include "actor.h"
#include "memory.h"
#include "protocol.h"

#define NEW	0x1000UL
#define ANY	2

struct task_struct tasks[MAX_TASKS] MODEL_STATE;
struct rules rules MODEL_STATE;

static struct xlp_targets targets[MAX_FUNCTIONS] MODEL_STATE;
static unsigned long mutex MODEL_STATE;
/* As in transition.c: what tasks must be outside of, a mask; and under the mutex. */
static unsigned long affected MODEL_STATE;
static bool decided MODEL_STATE;
/* The module of grow() is there: only now can its functions be called. */
static unsigned long loaded MODEL_STATE;
/* In which version each function is while no transition is open. */
static unsigned char version_of[MAX_FUNCTIONS] MODEL_STATE;
/* No call reaches another version from here on; or ANY. */
static unsigned char only[MAX_FUNCTIONS] MODEL_STATE;
/* So many transitions, those that grow included: promises hold until the next. */
static unsigned int nr_begun MODEL_STATE;

unsigned int model_task_number(const void *task)
{
	return (const struct task_struct *)task - tasks;
}

/* ---- what must hold ---- */

static void check_enter(const struct task_struct *task, struct frame frame,
			unsigned int promised, unsigned int began)
{
	unsigned int i;

	model_assert(promised == ANY || began != nr_begun || frame.version == promised,
		     "a call that begins after the end reaches the wrong version");
	if (rules.force)
		return;
	model_assert(only[frame.function] == ANY || frame.version == only[frame.function],
		     "a call that began before the end reaches the wrong version after it");
	for (i = 0; i < task->nr_frames; i++)
		if (rules.one_patch || task->frames[i].function == frame.function)
			model_assert(task->frames[i].version == frame.version,
				     "two versions on one stack");
}

static void check_end(const struct task_struct *task, unsigned int function, unsigned int version)
{
	unsigned int i;

	if (rules.force)
		return;
	for (i = 0; i < task->nr_frames; i++)
		model_assert(task->frames[i].function != function ||
			     task->frames[i].version == version,
			     "at the end a task is inside the wrong version");
}

/* ---- tasks ---- */

void task_exists(struct task_struct *task)
{
	task->listed = 1;
	task->runs = 1;
}

static unsigned long target_of_call(const struct xlp_targets *targets)
{
	unsigned long target = xlp_target_now(targets);

	return target == XLP_ASK ? xlp_target_of_task(targets) : target;
}

void call(unsigned int function, void (*inside)(void))
{
	struct task_struct *task = current;
	unsigned int promised = only[function], began = nr_begun;
	struct frame frame = { .function = function };

	task->handlers++;
	frame.version = target_of_call(&targets[function]) == NEW;
	model_step("goes on in a version", NULL, NULL);
	task->handlers--;
	check_enter(task, frame, promised, began);
	task->frames[task->nr_frames++] = frame;
	if (inside)
		inside();
	model_step("returns", NULL, NULL);
	task->frames[--task->nr_frames] = (struct frame){ 0 };
}

void call_loaded(unsigned int function, void (*inside)(void))
{
	if (smp_load_acquire(&loaded))
		call(function, inside);
}

/* Nothing on the stack that the transition is about, as far as can be told. */
static bool is_clear(const struct task_struct *task, unsigned long code)
{
	unsigned int i;

	if (rules.no_look)
		return true;
	if (task->handlers)
		return false;
	for (i = 0; i < task->nr_frames; i++)
		if (code & 1UL << task->frames[i].function)
			return false;
	return true;
}

void leave_kernel(void)
{
	unsigned long ticket = xlp_worlds_ticket();
	unsigned long code = smp_load_acquire(&affected);

	if (code && is_clear(current, code))
		xlp_world_move(current, ticket);
}

static bool is_unused(const void *task)
{
	return !((const struct task_struct *)task)->references;
}

void fork_task(struct task_struct *child)
{
	model_step("forks", is_unused, child);
	smp_store_release(&child->listed, 1);
	xlp_world_born(child);
	smp_store_release(&child->runs, 1);
}

static bool runs(const void *task)
{
	return ((const struct task_struct *)task)->runs;
}

void wait_to_run(void)
{
	model_step("runs for the first time", runs, current);
}

void exit_task(void (*before_end)(void))
{
	struct task_struct *task = current;

	WRITE_ONCE(task->leaving, 1);
	smp_store_release(&task->listed, 0);
	if (before_end)
		before_end();
	/* As in the last context switch. */
	model_barrier();
	task->runs = 0;
}

static bool has_ended(const void *task)
{
	return ((const struct task_struct *)task)->leaving && !runs(task);
}

void reap_task(struct task_struct *task)
{
	model_step("sees the end", has_ended, task);
	WRITE_ONCE(task->leaving, 0);
	xlp_world_ended(task);
}

/* ---- moving ---- */

static bool can_be_held(const void *arg)
{
	const struct task_struct *task = arg;

	return !task->held && (!task->actor || actor_can_be_switched_out(task->actor));
}

/* Whoever runs is met when its CPU is visited, that is: when it can be switched out. */
static int try_to_move(struct task_struct *task, unsigned long code, unsigned long ticket)
{
	int err = -1;

	if (xlp_world_of(task) == xlp_worlds_goal())
		return 0;
	model_step("holds a task", can_be_held, task);
	task->held = 1;
	if (is_clear(task, code))
		err = xlp_world_move(task, ticket);
	smp_store_release(&task->held, 0);
	return err;
}

static bool look_at(struct task_struct *task, const unsigned long *list, unsigned long code,
		    unsigned long ticket)
{
	bool moved;

	if (!READ_ONCE(*list))
		return true;
	task->references++;
	moved = !try_to_move(task, code, ticket);
	task->references--;
	return moved;
}

/* Children first: their parents may run, and are looked at after the list then. */
static bool look_at_all(unsigned long code, unsigned long ticket)
{
	struct task_struct *task;
	bool all = true;

	for (task = tasks + MAX_TASKS; task-- > tasks;)
		if (task->actor)
			all &= look_at(task, &task->listed, code, ticket);
	for (task = tasks; task < tasks + MAX_TASKS; task++)
		if (task->actor && task->actor->exits)
			all &= look_at(task, &task->leaving, code, ticket);
	return all;
}

/* ---- transitions ---- */

static void publish(unsigned int function, unsigned int before, unsigned int after)
{
	xlp_targets_publish(&targets[function], before ? NEW : 0, after ? NEW : 0);
}

static void publish_all(unsigned int functions, bool both, enum xlp_world world)
{
	unsigned int i, before, after;

	for (i = 0; i < MAX_FUNCTIONS; i++) {
		if (!(functions & 1U << i))
			continue;
		before = version_of[i];
		after = !before;
		if (both)
			after = world == XLP_AFTER ? after : before;
		publish(i, both ? after : before, after);
		version_of[i] = both ? after : version_of[i];
	}
}

static void begin(unsigned int functions)
{
	unsigned int i;

	model_mutex_lock(&mutex);
	for (i = 0; i < MAX_FUNCTIONS; i++)
		if (functions & 1U << i)
			only[i] = ANY;
	nr_begun++;
	while (xlp_worlds_open(rules.room))
		;
	publish_all(functions, false, XLP_BEFORE);
	xlp_worlds_turn();
	smp_store_release(&affected, functions);
	model_mutex_unlock(&mutex);
}

/* It need not be switched out for good: what counts is that it could be. */
static void wait_for_handlers(void)
{
	struct task_struct *task;

	model_barrier();
	for (task = tasks; task < tasks + MAX_TASKS; task++)
		if (task->actor)
			model_step("visits a CPU", can_be_held, task);
}

static void note_end(unsigned int functions)
{
	struct task_struct *task;
	unsigned int i;

	for (i = 0; i < MAX_FUNCTIONS; i++) {
		if (!(functions & 1U << i))
			continue;
		only[i] = version_of[i];
		for (task = tasks; task < tasks + MAX_TASKS; task++)
			check_end(task, i, version_of[i]);
	}
}

/* Comes with the mutex, which it gives up. */
static void finish(unsigned int functions)
{
	decided = true;
	publish_all(functions, true, xlp_worlds_goal());
	model_mutex_unlock(&mutex);
	if (!rules.no_wait)
		wait_for_handlers();
	model_mutex_lock(&mutex);
	xlp_worlds_close();
	note_end(functions);
	smp_store_release(&affected, 0);
	decided = false;
	model_mutex_unlock(&mutex);
}

static bool pass(void)
{
	unsigned long ticket, code;
	bool all;

	model_mutex_lock(&mutex);
	ticket = xlp_worlds_start_pass();
	code = affected;
	model_mutex_unlock(&mutex);
	xlp_worlds_make_room();
	all = look_at_all(code, ticket);
	model_mutex_lock(&mutex);
	if (rules.force)
		xlp_worlds_settle_by_force();
	if (rules.force || (all && xlp_worlds_settle(ticket))) {
		finish(affected);
		return true;
	}
	model_mutex_unlock(&mutex);
	return false;
}

void transition(unsigned int functions)
{
	begin(functions);
	while (!pass())
		;
}

void grow(unsigned int more)
{
	unsigned int i;

	model_mutex_lock(&mutex);
	if (affected && !decided) {
		smp_store_release(&affected, affected | more);
		xlp_worlds_void_tickets();
		nr_begun++;
		for (i = 0; i < MAX_FUNCTIONS; i++)
			if (more & 1U << i)
				only[i] = ANY;
		publish_all(more, false, XLP_BEFORE);
		smp_store_release(&loaded, 1);
	}
	model_mutex_unlock(&mutex);
}

void reverse(void)
{
	model_mutex_lock(&mutex);
	if (affected && !decided)
		xlp_worlds_turn();
	model_mutex_unlock(&mutex);
}
