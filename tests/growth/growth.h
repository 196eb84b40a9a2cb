/* SPDX-License-Identifier: GPL-2.0 */
/* growth.h - what stands for the kernel below common/shadow.c */
#ifndef _GROWTH_GROWTH_H
#define _GROWTH_GROWTH_H

#include <stdbool.h>
#include <stddef.h>

/* Who is there; the first are users, and their numbers are the IDs of their variables. */
enum { USER_A, USER_B, WORKER, NR_ACTORS, NR_USERS = WORKER };

/**
 * struct growth - what a run is to be like, and what it has come to
 * @no_tables:	there is no memory for a second table
 * @failing:	of so many allocations for variables, and of growth_fails(), one fails; 0: none
 * @tables_made: since the run began
 * @tables_freed: likewise
 */
struct growth {
	bool no_tables;
	unsigned int failing;
	unsigned int tables_made;
	unsigned int tables_freed;
};

extern struct growth growth;
/* What went wrong in the last run, or NULL. */
extern const char *growth_violation;

/* ---- for growth.c ---- */

/* struct growth_script - what an actor does */
struct growth_script {
	void (*run)(void);
};

/* Runs @script, while nobody else is there, from the beginning of shadow.c's life. */
void growth_run(unsigned long seed, void (*script)(void));
/* Runs these by turns until all have come to their end. */
void growth_run_actors(const struct growth_script scripts[NR_ACTORS]);

unsigned int growth_me(void);
bool growth_has_finished(unsigned int actor);
void growth_let_another_go_on(void);
unsigned int growth_random(unsigned int below);
bool growth_fails(void);
/* True if there was something to do. */
bool growth_run_scheduled(void);
bool growth_all_freed(void);

/* ---- for shadow.c ---- */

/* Another may go on here. */
void growth_step(void);
/* Ends the run, which has failed, if @good is false. */
void growth_must(bool good, const char *what);

/* The one spinlock. Who holds it is a reader of RCU as well. */
void growth_lock(void);
void growth_unlock(void);
bool growth_holds_lock(void);

void growth_read_lock(void);
void growth_read_unlock(void);
bool growth_is_reader(void);
void growth_synchronize(void);

void growth_free(void *memory);
/* After all who are readers now. */
void growth_free_later(void *memory);

struct work_struct;
/* The worker will run it. */
void growth_schedule(void (*function)(struct work_struct *work));

#endif /* _GROWTH_GROWTH_H */
