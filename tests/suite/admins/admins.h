/* SPDX-License-Identifier: GPL-2.0 */
/*
 * admins.h - several administrators of one machine at once, and an oracle
 *
 *	admins.c	the administrators, those who call, and when they pause
 *	operations.c	what administrators do
 *	oracle.c	compares what is seen at a quiet point with what they have done
 *	machine.c	files, modules and chance
 */
#ifndef _ADMINS_H
#define _ADMINS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SYSFS		"/sys/kernel/xlp/"
#define DEBUGFS		"/sys/kernel/debug/"
#define TRACING		"/sys/kernel/tracing/"

#define ADMINS		3
#define PATCHES		4
#define TARGETS		3

/* What an answer without a patch is. */
#define ORIGINAL	0

/* ---- what they work on: patches first, then targets ---- */

#define ITEMS		(PATCHES + TARGETS)
#define NOTHING		(-1)

extern const char *const item_name[ITEMS];
const char *name_of(int item);

/* A target that is there is OFF. */
enum state { ABSENT, ON, OFF, STATES };

extern const char *const state_name[STATES];

/* ---- what they do ---- */

/* A result: it was killed. */
#define UNKNOWN		(-1)

enum about { NO_ITEM, PATCH, TARGET };

struct record;

/**
 * struct operation - something an administrator does
 * @name:	for people, and for those who leave it out
 * @weight:	how often it is chosen
 * @about:	a patch, a target, or neither
 * @run:	do it; returns an error code
 * @from:	what its item has to be for it to succeed
 * @to:		what that is then; the same as @from: what it was
 * @undo:	what is done when its hand has been killed, because others cannot come to
 *		their ends before; NULL: all that is left waits for the quiet point
 */
struct operation {
	const char *name;
	unsigned int weight;
	enum about about;
	int (*run)(struct record *record);
	enum state from;
	enum state to;
	void (*undo)(void);
};

/**
 * struct record - an operation that has been begun
 * @what:	the operation
 * @interval:	since which quiet point
 * @admin:	who; ADMINS: the oracle
 * @item:	what it is about, or NOTHING
 * @detail:	the rest of what was chosen
 * @replaces:	it loads a patch that replaces others
 * @fails:	it loads a patch whose module's init fails when the patch is enabled
 * @start:	when it began: a number that grows with everything that happens
 * @end:	when it was over; 0: it is not
 * @ms:		how long it took
 * @hand:	the process that does it
 * @result:	an error code, 0, or UNKNOWN
 */
struct record {
	const struct operation *what;
	unsigned int interval;
	unsigned int admin;
	int item;
	char detail[112];
	bool replaces;
	bool fails;
	unsigned int start;
	unsigned int end;
	unsigned int ms;
	pid_t hand;
	int result;
};

/* So many are kept, for people; those of one interval are fewer. */
#define RECORDS		64

struct tally {
	unsigned int done;
	unsigned int worked;
};

/* At least as many as there are. */
#define OPERATIONS	32

/**
 * struct shared - memory of all processes
 * @ended:	the interval is: administrators begin nothing, callers end
 * @interval:	its number
 * @forced:	since a patch was loaded somebody has tried that
 * @clock:	of &record.start
 * @nr_records:	how many there have been
 * @records:	the last ones
 * @under_way:	what each administrator does now, or NULL
 * @meeting:	what they do first in this interval, all at the same moment; 0: nothing
 * @meets:	an administrator does that now
 * @expected:	how many do
 * @arrived:	how many of them are ready
 * @tallies:	of each operation
 * @wrong:	an answer that nobody can give, or empty
 */
struct shared {
	bool ended;
	unsigned int interval;
	bool forced[PATCHES];
	unsigned int clock;
	unsigned int nr_records;
	struct record records[RECORDS];
	struct record *under_way[ADMINS + 1];
	unsigned int meeting;
	bool meets[ADMINS + 1];
	unsigned int expected;
	unsigned int arrived;
	struct tally tallies[OPERATIONS];
	char wrong[128];
};

extern struct shared *shared;

/* ---- machine.c ---- */

extern const char *modules, *xlp_ko;

unsigned int now_ms(void);
void pause_ms(unsigned int ms);
/* For less than a tick of the scheduler. */
void spin_us(unsigned int us);

/* Throw the dice anew: what is thrown from then on depends on the three numbers only. */
void dice_begin(unsigned long long seed, unsigned long long interval, unsigned long long number);
unsigned long long dice_throw(void);
void dice_take(unsigned long long dice);
unsigned int below(unsigned int n);
bool one_in(unsigned int n);

/* Put together; valid until some more have been. */
const char *path(const char *format, ...);

/* All of a file as a string; false: it cannot be read. */
bool read_file(const char *name, char *buffer, size_t size);
/* A number in a file, Y is 1; -1: there is none. */
int read_number(const char *name);
unsigned int fact(const char *name);
/* These return error codes. */
int write_file(const char *name, const char *text);
int append_to_file(const char *name, const char *text);

int insert_module(const char *name, const char *parameters);
int insert_item(int item, const char *parameters);
bool xlp_is_built_in(void);
int insert_xlp(void);
int remove_module(const char *name);

/* The number in a parameter of an item, or -1. */
int parameter(int item, const char *name);
enum state state_of(int item);
bool is_in_transition(int patch);

/* The file by which function "leaf", "work" ... of an object is called; 0: of vmlinux. */
const char *file_of(unsigned int object, const char *function);
/* The number of the patch that answers; -1: nobody does. */
int ask(const char *file);

/* ---- operations.c ---- */

const struct operation *choose_operation(void);
/* The number of a meeting. */
unsigned int choose_meeting(void);
/* What an administrator does in it; NULL: nothing. */
const struct operation *operation_of_meeting(unsigned int meeting, unsigned int admin);
const struct operation *find_operation(const char *name);
/* NULL: there are not so many. */
const struct operation *operation_of_number(unsigned int number);
unsigned int operation_number(const struct operation *operation);
/* Everything that is no patch and no target is as it was in the beginning. */
void clear_away(void);

/* ---- admins.c ---- */

/* Begin an operation: &record.hand is a child of the caller. */
struct record *begin(unsigned int admin, const struct operation *what, int item);
void end(struct record *record);

/* ---- oracle.c ---- */

extern unsigned int patience_ms;

void complain(const char *format, ...);
unsigned int complaints(void);
/* Processes under a name of ours that do not come to their end. */
void complain_of_stuck(const char *what);
void oracle_begin(void);
/* Compare, when all of the interval's processes are at their end. */
void oracle_look(void);
/* Take all patches and targets away. */
void oracle_sweep(void);
/* Add some by chance, so that there is something to do. */
void oracle_fill(void);
/* Have all targets there, and then that patch enabled, whose functions are in one batch. */
void oracle_prepare(int patch);
/* The last ones, or those of an interval. */
void show_records(unsigned int interval);

#endif /* _ADMINS_H */
