// SPDX-License-Identifier: GPL-2.0
/* actor.c - actors as coroutines, each on a stack of its own */
#include <stdint.h>
#include <string.h>
#include <ucontext.h>
#include "actor.h"
#include "memory.h"
#include "task.h"

struct actor actors[MAX_ACTORS] MODEL_STATE;
unsigned int nr_actors MODEL_STATE;
void (*model_interrupt)(void) MODEL_STATE;

struct actor *running;
const char *violation;

static char stacks[MAX_ACTORS][STACK_SIZE] __attribute__((aligned(64)));
static jmp_buf searcher;

char *actor_stack_end(const struct actor *actor)
{
	return stacks[actor - actors] + STACK_SIZE;
}

/* The frames of the callers are above its own. */
static __attribute__((noinline)) void note_sp(struct actor *actor)
{
	actor->sp = __builtin_frame_address(0);
}

static void leave(struct actor *actor)
{
	memory_hide(actor);
	note_sp(actor);
	if (!_setjmp(actor->registers))
		_longjmp(searcher, 1);
}

static void first_step(void)
{
	struct actor *actor = running;

	model_step("begins", NULL, NULL);
	actor->script();
	actor->finished = true;
	actor->next = "has ended";
	leave(actor);
}

/* What is below the part in use is of no meaning, and must have no influence. */
void actor_run(struct actor *actor)
{
	char *stack = stacks[actor - actors];

	memset(stack, 0, actor->sp - stack);
	running = actor;
	memory_show(actor);
	if (!_setjmp(searcher))
		_longjmp(actor->registers, 1);
	running = NULL;
}

static void start(struct actor *actor)
{
	static ucontext_t context, unused;

	memset(stacks[actor - actors], 0, STACK_SIZE);
	getcontext(&context);
	context.uc_stack.ss_sp = stacks[actor - actors];
	context.uc_stack.ss_size = STACK_SIZE;
	context.uc_link = NULL;
	makecontext(&context, first_step, 0);
	running = actor;
	if (!_setjmp(searcher))
		swapcontext(&unused, &context);
	running = NULL;
}

struct actor *actor_add(const char *name, void (*script)(void), struct task_struct *task)
{
	struct actor *actor = &actors[nr_actors++];

	memset(actor, 0, sizeof(*actor));
	actor->name = name;
	actor->script = script;
	actor->task = task;
	start(actor);
	return actor;
}

static void interrupt(struct actor *actor)
{
	actor->interrupt = false;
	actor->interrupted = true;
	actor->interrupts--;
	model_interrupt();
	actor->interrupted = false;
}

void model_step(const char *what, bool (*may)(const void *arg), const void *arg)
{
	struct actor *actor = running;

	do {
		if (actor->interrupt)
			interrupt(actor);
		memory_note_plain(actor);
		actor->next = what;
		actor->may = may;
		actor->arg = arg;
		leave(actor);
	} while (actor->interrupt);
}

unsigned int model_choose(const char *what, unsigned int nr)
{
	running->choices = nr;
	model_step(what, NULL, NULL);
	running->choices = 0;
	return running->chosen;
}

void model_assert(bool good, const char *what)
{
	if (good || violation)
		return;
	violation = what;
	leave(running);
}

struct task_struct *model_current(void)
{
	return running->task;
}

void model_preempt_disable(void)
{
	model_step("preempt_disable", NULL, NULL);
	running->preempt++;
}

void model_preempt_enable(void)
{
	running->preempt--;
}

bool actor_can_be_switched_out(const struct actor *actor)
{
	return !actor->preempt && !actor->interrupted && !actor->nr_stores;
}
