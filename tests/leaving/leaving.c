// SPDX-License-Identifier: GPL-2.0
/*
 * leaving.c - tasks that exit on several processors, and somebody who visits them
 *
 * Two actors let tasks be born, exit, leave the list and be freed; their addresses lead to
 * two slots. One worker makes levels and another one looks for those that were missed, as
 * there is not always room. A visitor makes passes: it meets all that are on the list, then
 * all that are noted. Whoever was alive before and still is must have been met, and nobody
 * may be met whose memory is free. Who goes on at each atomic step is left to chance, by seed.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include "../../common/leaving.h"

#define NR_KILLERS	2
#define TASKS_EACH	24
#define PASSES		6000
#define PASSES_ENOUGH	(PASSES / 4)
#define ALLOC_STEPS	100
#define STACK_SIZE	65536

/* A work runs once at a time, but beside the other one. */
enum { GROWER = NR_KILLERS, SEARCHER, VISITOR, NR_ACTORS };

atomic_t xlp_failing_atomic_allocation = ATOMIC_INIT(0);

static struct task_struct tasks[NR_KILLERS][TASKS_EACH];
static unsigned long life_before[NR_KILLERS][TASKS_EACH];
static ucontext_t contexts[NR_ACTORS], beginning;
static bool has_finished[NR_ACTORS];
static unsigned int me = VISITOR, nr_readers;
static struct work_struct *due[NR_ACTORS];
static long nr_spares;
static bool is_running, is_over;
static unsigned long passes_judged, met_off_list, nr_lives, nr_late;

static unsigned int chance(unsigned int of)
{
	return (unsigned int)random() % of;
}

#define for_each_task(i, j)			\
	for ((i) = 0; (i) < NR_KILLERS; (i)++)	\
		for ((j) = 0; (j) < TASKS_EACH; (j)++)

static void report(bool good, int nr, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", nr, what);
}

/* Nothing that comes after a mistake says any more. */
static void must(bool good, int nr, const char *what)
{
	if (good)
		return;
	report(false, nr, what);
	exit(1);
}

static void take_too_long(int signal)
{
	must(false, 1, "nobody waits for ever");
}

/* ---- actors ---- */

void let_others_go_on(void)
{
	unsigned int before = me;

	if (!is_running)
		return;
	do {
		me = chance(NR_ACTORS);
	} while (has_finished[me]);
	if (me != before)
		swapcontext(&contexts[before], &contexts[me]);
}

void step(void)
{
	if (!chance(4))
		let_others_go_on();
}

/* The visitor is the last to finish. */
static void finish(void)
{
	has_finished[me] = true;
	let_others_go_on();
}

static void start(unsigned int actor, void (*run)(void))
{
	getcontext(&contexts[actor]);
	contexts[actor].uc_stack.ss_sp = malloc(STACK_SIZE);
	contexts[actor].uc_stack.ss_size = STACK_SIZE;
	makecontext(&contexts[actor], run, 0);
}

/* ---- the kernel ---- */

struct task_struct *get_task_struct(struct task_struct *task)
{
	/* Time for it to be freed, if that is possible. */
	step();
	must(task->usage, 1, "nobody is met whose memory is free");
	task->usage++;
	return task;
}

void put_task_struct(struct task_struct *task)
{
	if (!--task->usage)
		task->life++;
}

/* Whoever has left the list comes to its end. */
void synchronize_rcu_tasks(void)
{
	unsigned long life;
	unsigned int i, j;

	for_each_task(i, j) {
		life = tasks[i][j].life;
		while (life & 1 && !tasks[i][j].is_listed && tasks[i][j].life == life)
			let_others_go_on();
	}
}

void schedule_work(struct work_struct *work)
{
	due[GROWER] = work;
}

void schedule_delayed_work(struct delayed_work *work, unsigned long delay)
{
	due[SEARCHER] = &work->work;
}

void cancel_work_sync(struct work_struct *work)
{
}

void cancel_delayed_work_sync(struct delayed_work *work)
{
}

bool xlp_atomic_alloc_fails(void)
{
	return xlp_failing_atomic_allocation.counter && !chance(2);
}

void *xlp_alloc_spare(size_t size)
{
	void *spare = chance(3) ? calloc(1, size) : NULL;
	unsigned int i;

	nr_spares += !!spare;
	/* It takes a while. */
	for (i = 0; i < ALLOC_STEPS; i++)
		let_others_go_on();
	return spare;
}

void xlp_free(const void *memory)
{
	nr_spares -= !!memory;
	free((void *)memory);
}

void xlp_tasklist_walk(bool (*visit)(struct task_struct *task, void *data), void *data)
{
	unsigned int i, j;

	for_each_task(i, j) {
		nr_readers++;
		if (tasks[i][j].is_listed)
			visit(&tasks[i][j], data);
		nr_readers--;
		step();
	}
}

/* ---- those who exit ---- */

static void grace_period(void)
{
	do {
		let_others_go_on();
	} while (nr_readers);
}

static void be_born(struct task_struct *task)
{
	task->flags = 0;
	task->exit_state = 0;
	task->has_ended = false;
	task->usage = 1;
	task->life++;
	task->is_listed = true;
	step();
}

/* On the way to the probe, whoever looks at the list may come first. */
static void exit_begins(struct task_struct *task)
{
	task->flags = PF_EXITING;
	step();
}

static void exit_goes_on(struct task_struct *task)
{
	xlp_leaving_note(task);
	/* A zombie until the whole burst has exited. */
	task->exit_state = 1;
	step();
}

static void leave_list(struct task_struct *task)
{
	task->is_listed = false;
	step();
}

static void must_not_be(struct task_struct *task, void *data)
{
	must(task != data, 3, "whoever has ended is forgotten");
}

static void must_be_forgotten(struct task_struct *task)
{
	is_running = false;
	xlp_leaving_for_each(must_not_be, task);
	is_running = true;
}

static void end(struct task_struct *task)
{
	task->has_ended = true;
	xlp_leaving_forget(task);
	if (!chance(20))
		must_be_forgotten(task);
	put_task_struct(task);
	/* Until whoever has a reference has none. */
	while (task->life & 1)
		let_others_go_on();
}

static void let_live(void)
{
	struct task_struct *own = tasks[me];
	unsigned int i, nr;

	while (!is_over) {
		nr = chance(4) ? 1 + chance(4) : TASKS_EACH;
		for (i = 0; i < nr; i++)
			be_born(&own[i]);
		for (i = 0; i < nr; i++)
			exit_begins(&own[i]);
		for (i = 0; i < nr; i++)
			exit_goes_on(&own[i]);
		for (i = 0; i < nr; i++)
			leave_list(&own[i]);
		grace_period();
		for (i = 0; i < nr; i++)
			end(&own[i]);
		nr_lives += nr;
	}
	finish();
}

static void do_works(void)
{
	struct work_struct *work;

	while (!is_over) {
		work = due[me];
		if (work) {
			due[me] = NULL;
			work->fn(work);
			nr_late++;
		}
		if (me == SEARCHER)
			xlp_failing_atomic_allocation.counter = !chance(16);
		let_others_go_on();
	}
	finish();
}

/* ---- who looks at them ---- */

static bool meet_listed(struct task_struct *task, void *data)
{
	task->met = task->life;
	return false;
}

static void meet(struct task_struct *task, void *data)
{
	met_off_list += !task->is_listed;
	task->met = task->life;
}

static void make_pass(void)
{
	unsigned int i, j;
	unsigned long life;
	bool all;

	for_each_task(i, j)
		life_before[i][j] = tasks[i][j].life;
	xlp_tasklist_walk(meet_listed, NULL);
	all = xlp_leaving_visit(meet, NULL);
	if (!all)
		return;
	passes_judged++;
	for_each_task(i, j) {
		life = life_before[i][j];
		must(!(life & 1) || tasks[i][j].met == life || tasks[i][j].life != life ||
		     tasks[i][j].has_ended, 2, "nobody is missed");
	}
}

static void make_passes(void)
{
	unsigned int passes;

	for (passes = 0; passes < PASSES; passes++)
		make_pass();
	is_over = true;
	/* The others come to their end. */
	for (passes = 0; passes < VISITOR; passes++)
		while (!has_finished[passes])
			let_others_go_on();
	is_running = false;
	setcontext(&beginning);
}

static void run_all(void)
{
	static bool begun;
	unsigned int i;

	getcontext(&beginning);
	if (begun)
		return;
	begun = true;
	for (i = 0; i < NR_KILLERS; i++)
		start(i, let_live);
	start(GROWER, do_works);
	start(SEARCHER, do_works);
	start(VISITOR, make_passes);
	is_running = true;
	setcontext(&contexts[VISITOR]);
}

static int judge(void)
{
	bool enough = passes_judged > PASSES_ENOUGH && met_off_list && nr_late;

	printf("# %lu passes judged of %u, %lu lives, %lu met off the list, %lu works\n",
	       passes_judged, PASSES, nr_lives, met_off_list, nr_late);
	report(true, 1, "nobody is met whose memory is free");
	report(true, 2, "nobody is missed");
	report(true, 3, "whoever has ended is forgotten");
	report(!nr_spares, 4, "what was allocated is freed");
	report(enough, 5, "there was something to see");
	return nr_spares || !enough;
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("KTAP version 1\n1..5\n");
	signal(SIGALRM, take_too_long);
	alarm(100);
	while (xlp_leaving_init())
		;
	xlp_leaving_start();
	run_all();
	xlp_leaving_exit();
	return judge();
}
