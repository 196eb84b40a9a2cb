// SPDX-License-Identifier: GPL-2.0
/*
 * tasklist.c - walks over a task list that changes under them
 *
 * Tasks are made, exit and are reaped, processes end, and threads exec in their leader's
 * place, by chance: a little during a piece, when nothing is freed, and a lot between two,
 * when whatever nobody has a reference to is freed at once, and its memory cannot be read
 * any more. Those near the walk's place die most. When a walk has ended, whoever was there
 * all the time must have been visited.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../common/costs.h"
#include "../../common/tasklist.h"

#define ROUNDS		400
#define ARENA_PAGES	8192UL
#define PAGE		4096UL
/* More than one piece, and more than are remembered as places. */
#define MOST_TASKS	600
/* As in common/tasklist.c, and one stack more, with which a piece ends. */
#define PIECE_COST	(512 + 15)
#define STACK_COST	16
/* What a walk may visit for each task that there has been. */
#define PATIENCE	40

struct task_struct init_task;

static char *arena;
static unsigned long pages_used;
static struct list_head all;
static unsigned int nr_tasks;
static struct task_struct *gone;
static struct task_struct *place;
static bool is_reading;
static unsigned int events_left;
static unsigned long missed, too_long, lost, again, visits, execs, endless;
static unsigned int cost;
static bool reads_stacks;

static unsigned int chance(unsigned int of)
{
	return of ? (unsigned int)random() % of : 0;
}

/* ---- lists; links of what leaves one stay what they were ---- */

static void list_add_last(struct list_head *node, struct list_head *head)
{
	node->next = head;
	node->prev = head->prev;
	head->prev->next = node;
	head->prev = node;
}

static void list_leave(struct list_head *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	node->prev = NULL;
}

static void list_replace_node(struct list_head *old, struct list_head *node)
{
	node->next = old->next;
	node->prev = old->prev;
	node->prev->next = node;
	node->next->prev = node;
	old->prev = NULL;
}

static void list_begin(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

/* ---- memory: a page for each thing, which is not used again in this round ---- */

static void *page_alloc(void)
{
	if (pages_used == ARENA_PAGES) {
		fprintf(stderr, "out of pages\n");
		exit(125);
	}
	return memset(arena + PAGE * pages_used++, 0, sizeof(struct task_struct));
}

static void page_free(void *page)
{
	mprotect(page, PAGE, PROT_NONE);
}

static void freed_was_read(int signal)
{
	static const char text[] = "not ok 1 - nobody is missed # what was freed is read\n";

	_exit(write(STDOUT_FILENO, text, sizeof(text) - 1) < 0 ? 2 : 1);
}

/* ---- tasks ---- */

void put_task_struct(struct task_struct *task)
{
	if (--task->usage)
		return;
	if (!--task->signal->nr)
		page_free(task->signal);
	page_free(task);
}

/* A list's reference goes when nobody reads under RCU any more. */
static void task_release(struct task_struct *task)
{
	task->has_pid = false;
	list_leave(&task->thread_node);
	list_leave(&task->node);
	nr_tasks--;
	if (place == task)
		place = NULL;
	if (is_reading) {
		task->gone = gone;
		gone = task;
	} else {
		put_task_struct(task);
	}
}

static struct task_struct *task_make(struct task_struct *leader)
{
	struct task_struct *task = page_alloc();

	task->signal = leader ? leader->signal : page_alloc();
	task->group_leader = leader ? leader : task;
	task->usage = 1;
	task->has_pid = true;
	if (!leader) {
		list_begin(&task->signal->thread_head);
		list_add_last(&task->tasks, &init_task.tasks);
	}
	task->signal->nr++;
	list_add_last(&task->thread_node, &task->signal->thread_head);
	list_add_last(&task->node, &all);
	nr_tasks++;
	return task;
}

static struct task_struct *task_of(struct list_head *node)
{
	return container_of(node, struct task_struct, node);
}

static struct task_struct *any_task(void)
{
	struct list_head *node = all.next;
	unsigned int n = chance(nr_tasks);

	if (!nr_tasks)
		return NULL;
	/* Most of what happens is close to where it hurts. */
	if (place && chance(4))
		return place;
	while (n--)
		node = node->next;
	return task_of(node);
}

/* ---- what tasks do ---- */

/* One that has just taken its leader's place has to release that first. */
static void old_leader_goes(struct task_struct *task)
{
	if (task->old_leader)
		task_release(task->old_leader);
	task->old_leader = NULL;
}

static bool is_old_leader(const struct task_struct *task)
{
	return task->group_leader->old_leader == task;
}

static void others_exit(struct task_struct *leader, struct task_struct *stays)
{
	struct list_head *node = leader->signal->thread_head.next, *next;
	struct task_struct *task;

	for (; node != &leader->signal->thread_head; node = next) {
		next = node->next;
		task = container_of(node, struct task_struct, thread_node);
		if (task != leader && task != stays)
			task_release(task);
	}
}

static void process_ends(struct task_struct *leader)
{
	struct signal_struct *signal = leader->signal;

	signal->nr++;
	old_leader_goes(leader);
	others_exit(leader, NULL);
	list_leave(&leader->tasks);
	task_release(leader);
	if (!--signal->nr)
		page_free(signal);
}

static void task_exits(struct task_struct *task)
{
	if (is_old_leader(task))
		old_leader_goes(task->group_leader);
	else if (task->group_leader == task)
		process_ends(task);
	else
		task_release(task);
}

static void task_execs(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	old_leader_goes(leader);
	if (!task->has_pid || task == leader)
		return;
	others_exit(leader, task);
	list_replace_node(&leader->tasks, &task->tasks);
	task->group_leader = task;
	leader->group_leader = task;
	task->old_leader = leader;
	execs++;
}

static void something_happens(void)
{
	struct task_struct *task = any_task();

	if (!events_left || !task)
		return;
	events_left--;
	switch (chance(8)) {
	case 0:
		if (nr_tasks < MOST_TASKS)
			task_make(NULL);
		break;
	case 1:
	case 2:
		if (nr_tasks < MOST_TASKS && !is_old_leader(task))
			task_make(task->group_leader);
		break;
	case 3:
		if (!is_old_leader(task))
			task_execs(task);
		break;
	case 4:
		if (!chance(4))
			process_ends(task->group_leader);
		break;
	default:
		task_exits(task);
	}
}

/* ---- the kernel, as a walk sees it ---- */

void rcu_read_lock(void)
{
	is_reading = true;
	cost = 0;
}

void rcu_read_unlock(void)
{
	struct task_struct *task;

	is_reading = false;
	too_long += cost > PIECE_COST;
	while ((task = gone)) {
		gone = task->gone;
		put_task_struct(task);
	}
}

bool need_resched(void)
{
	return !chance(50);
}

/* The rest of RCU's patience: whoever has left the list before is freed here. */
void cond_resched(void)
{
	unsigned int n = chance(12);

	while (n--)
		something_happens();
}

void schedule_timeout_idle(long timeout)
{
	cond_resched();
}

u64 xlp_costs_hold(void)
{
	return 0;
}

void xlp_costs_held(u64 since)
{
}

void xlp_costs_place_lost(void)
{
	lost++;
}

/* ---- walks ---- */

static bool visit(struct task_struct *task, void *data)
{
	unsigned long *left = data;

	if (!--*left) {
		endless++;
		events_left = 0;
	}
	visits++;
	again += task->visited;
	task->visited = true;
	place = task->has_pid ? task : NULL;
	cost += reads_stacks ? STACK_COST : 1;
	if (!chance(10))
		something_happens();
	return reads_stacks;
}

static void populate(void)
{
	struct task_struct *leader = NULL;
	unsigned int n = 1 + chance(MOST_TASKS / 2);

	while (nr_tasks < n) {
		if (!leader || !chance(3))
			leader = task_make(NULL);
		else
			task_make(leader);
		if (!chance(20))
			leader = NULL;
	}
}

static void expect_visited(void)
{
	struct list_head *node;

	for (node = all.next; node != &all; node = node->next)
		missed += task_of(node)->was_there && !task_of(node)->visited;
}

static void round_begins(void)
{
	mprotect(arena, PAGE * ARENA_PAGES, PROT_READ | PROT_WRITE);
	pages_used = 0;
	nr_tasks = 0;
	place = NULL;
	list_begin(&all);
	list_begin(&init_task.tasks);
}

static void walk_once(unsigned int round)
{
	struct list_head *node;
	unsigned long left;

	round_begins();
	populate();
	for (node = all.next; node != &all; node = node->next)
		task_of(node)->was_there = true;
	events_left = chance(2000);
	left = PATIENCE * (nr_tasks + events_left);
	reads_stacks = round & 1;
	xlp_tasklist_crawls.counter = round & 2;
	xlp_tasklist_walk(visit, &left);
	expect_visited();
}

static int report(int nr, bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", nr, what);
	return !good;
}

int main(void)
{
	unsigned int round;
	int failed = 0;

	arena = mmap(NULL, PAGE * ARENA_PAGES, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena == MAP_FAILED)
		return 125;
	signal(SIGSEGV, freed_was_read);
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("KTAP version 1\n1..4\n");
	for (round = 0; round < ROUNDS; round++)
		walk_once(round);
	printf("# %lu visits, %lu of them again, %lu execs, %lu places lost\n", visits, again,
	       execs, lost);
	failed += report(1, !missed, "nobody is missed");
	failed += report(2, !too_long, "no piece costs more than it may");
	failed += report(3, !endless, "every walk ends soon");
	failed += report(4, lost > ROUNDS && execs > ROUNDS && again, "places have been lost");
	return !!failed;
}
