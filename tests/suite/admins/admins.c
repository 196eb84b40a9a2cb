// SPDX-License-Identifier: GPL-2.0
/*
 * admins.c - several administrators of one machine at once
 *
 * usage: admins [-v] [-p SECONDS] [-w WITHOUT] SEED OPERATIONS MODULES XLP_KO
 *
 *	-v	say what is done, not only if something is wrong
 *	-p	so long may anything take
 *	-w	names of operations to leave out, with commas between them
 *
 *        admins load NAME MODULES [PARAMETERS]
 *
 * loads one of the patches or targets as they do, and that is all.
 *
 * Administrators are processes that choose operations at random, each by a sequence of its
 * own that depends on SEED only. After some operations all of them have to be at their end,
 * and the oracle compares what is seen with what has been done; then they go on. Meanwhile
 * others call all the time what is replaced.
 *
 * Prints lines that begin with "#"; exit status 0, or 1 if something was wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admins.h"

#define CALLERS		4
/* From one quiet point to the next. */
#define MIN_OPERATIONS	2
#define MAX_OPERATIONS	4

struct shared *shared;
static unsigned int seed;
static bool left_out[OPERATIONS];
static bool verbose;

static void die(const char *what)
{
	printf("# admins: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- one operation ---- */

static unsigned int tick(void)
{
	return __atomic_add_fetch(&shared->clock, 1, __ATOMIC_SEQ_CST);
}

struct record *begin(unsigned int admin, const struct operation *what, int item)
{
	unsigned int number = __atomic_fetch_add(&shared->nr_records, 1, __ATOMIC_SEQ_CST);
	struct record *record = &shared->records[number % RECORDS];
	unsigned long long dice_of_hand = dice_throw();
	pid_t hand;

	*record = (struct record){
		.what = what, .interval = shared->interval, .admin = admin, .item = item,
		.result = UNKNOWN, .ms = now_ms(), .start = tick(),
	};
	shared->under_way[admin] = record;
	hand = fork();
	if (hand < 0)
		die("fork");
	if (!hand) {
		dice_take(dice_of_hand);
		record->result = what->run(record);
		_exit(0);
	}
	record->hand = hand;
	return record;
}

void end(struct record *record)
{
	struct tally *tally = &shared->tallies[operation_number(record->what)];

	shared->under_way[record->admin] = NULL;
	record->ms = now_ms() - record->ms;
	record->end = tick();
	__atomic_fetch_add(&tally->done, 1, __ATOMIC_SEQ_CST);
	if (!record->result)
		__atomic_fetch_add(&tally->worked, 1, __ATOMIC_SEQ_CST);
}

/* ---- administrators and callers ---- */

static bool is_left_out(const struct operation *what)
{
	return left_out[operation_number(what)];
}

static bool leave_out(char *names)
{
	const struct operation *what;
	char *name, *rest;

	for (name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		what = find_operation(name);
		if (!what) {
			printf("# there is no operation '%s' that could be left out\n", name);
			return false;
		}
		left_out[operation_number(what)] = true;
	}
	return true;
}

/* Whether it is likely to work just now. */
static bool fits(const struct operation *what, int item)
{
	if (what->from == OFF && what->to == ON)
		return read_number(path(SYSFS "%s/enabled", item_name[item])) == 0;
	return state_of(item) == what->from;
}

/*
 * Half of the time all look for one in the same order, so that they meet. Mostly it is one
 * for which there is something to do.
 */
static int choose_item(const struct operation *what)
{
	int from = one_in(2) ? below(ITEMS) : shared->interval;
	bool any = one_in(5);
	int first = what->about == PATCH ? 0 : PATCHES;
	int nr = what->about == PATCH ? PATCHES : TARGETS, i;

	if (what->about == NO_ITEM)
		return NOTHING;
	for (i = 0; i < nr && !any; i++)
		if (fits(what, first + (from + i) % nr))
			return first + (from + i) % nr;
	return first + from % nr;
}

/*
 * At a meeting all look in the same order: for patches, so that they are after the same
 * one; for targets each from another one on.
 */
static int choose_item_of_meeting(const struct operation *what, unsigned int admin)
{
	int from = shared->interval + (what->about == TARGET ? admin : 0);
	int first = what->about == PATCH ? 0 : PATCHES;
	int nr = what->about == PATCH ? PATCHES : TARGETS, i;

	if (what->about == NO_ITEM)
		return NOTHING;
	for (i = 0; i < nr; i++)
		if (fits(what, first + (from + i) % nr))
			return first + (from + i) % nr;
	return first + from % nr;
}

static void do_one(unsigned int admin, const struct operation *what, int item)
{
	struct record *record = begin(admin, what, item);

	waitpid(record->hand, NULL, 0);
	if (record->result == UNKNOWN && what->undo)
		what->undo();
	end(record);
}

static void go_to_meeting(unsigned int admin)
{
	const struct operation *what = operation_of_meeting(shared->meeting, admin);

	if (!what || is_left_out(what))
		return;
	shared->meets[admin] = true;
	do_one(admin, what, choose_item_of_meeting(what, admin));
	shared->meets[admin] = false;
}

/* To leave something out does not change what else is chosen. */
static void administrate(unsigned int admin, unsigned int nr)
{
	const struct operation *what;
	int item;

	if (nr && shared->meeting) {
		go_to_meeting(admin);
		nr--;
	}
	while (nr-- && !shared->ended) {
		what = choose_operation();
		item = choose_item(what);
		if (is_left_out(what))
			dice_throw();
		else
			do_one(admin, what, item);
	}
}

/* Two times of three there is one. */
static void call_a_meeting(void)
{
	const struct operation *what;
	unsigned int admin;

	shared->meeting = one_in(3) ? 0 : choose_meeting();
	shared->arrived = 0;
	shared->expected = 0;
	for (admin = 0; admin < ADMINS; admin++) {
		what = operation_of_meeting(shared->meeting, admin);
		shared->expected += what && !is_left_out(what);
	}
}

static void call_all_the_time(void)
{
	const char *file;
	int answer;

	while (!shared->ended) {
		file = file_of(below(1 + TARGETS), one_in(3) ? "work" : "leaf");
		answer = ask(file);
		if (answer > PATCHES)
			snprintf(shared->wrong, sizeof(shared->wrong), "%s: %d", file, answer);
		if (one_in(4))
			pause_ms(1);
	}
}

/* How often each operation has worked, of how many times. */
static void show_tallies(void)
{
	const struct operation *what;
	unsigned int i;

	printf("# worked:");
	for (i = 0; (what = operation_of_number(i)); i++)
		printf(" %s %u/%u", what->name, shared->tallies[i].worked,
		       shared->tallies[i].done);
	printf("\n");
}

/* ---- from one quiet point to the next ---- */

static pid_t start(unsigned int number, unsigned int nr)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dice_begin(seed, shared->interval, number);
	if (number < ADMINS)
		administrate(number, nr);
	else
		call_all_the_time();
	_exit(0);
}

/* What closes a file slowly ends when it is told, for the first time after the others. */
static void let_linger_go_on(void)
{
	int item;

	for (item = PATCHES; item < ITEMS; item++)
		write_file(path("/proc/%s/go_on", item_name[item]), "1");
}

static bool wait_for_administrators(const pid_t *admin)
{
	unsigned int started = now_ms(), i = 0;

	while (i < ADMINS) {
		if (waitpid(admin[i], NULL, WNOHANG)) {
			i++;
			continue;
		}
		if (now_ms() - started > patience_ms)
			return false;
		pause_ms(1);
	}
	return true;
}

/* All that is left, whoever began it. */
static bool wait_for_all(void)
{
	unsigned int started = now_ms();
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (now_ms() - started > patience_ms)
			return false;
		if (pid)
			continue;
		let_linger_go_on();
		pause_ms(2);
	}
	return true;
}

/* Returns the number of operations, @left at most. False in *@ended: some does not end. */
static unsigned int work(unsigned int left, bool *ended)
{
	unsigned int number, nr, sum = 0;
	pid_t admin[ADMINS];

	shared->ended = false;
	for (number = 0; number < CALLERS; number++)
		start(ADMINS + number, 0);
	for (number = 0; number < ADMINS; number++) {
		nr = MIN_OPERATIONS + below(MAX_OPERATIONS - MIN_OPERATIONS + 1);
		if (nr > left - sum)
			nr = left - sum;
		sum += nr;
		admin[number] = start(number, nr);
	}
	*ended = wait_for_administrators(admin);
	if (!*ended)
		complain_of_stuck("an administrator's operation does not come to its end");
	shared->ended = true;
	if (*ended && !wait_for_all()) {
		*ended = false;
		complain_of_stuck("a process does not come to its end");
	}
	return sum;
}

static void attack(unsigned int nr)
{
	unsigned int left = nr, started = now_ms(), ms;
	bool ended = true;

	while (left && !complaints()) {
		dice_begin(seed, shared->interval + 1, ADMINS + CALLERS);
		call_a_meeting();
		if (shared->meeting && !one_in(4))
			oracle_prepare((shared->interval + 1) % PATCHES);
		if (complaints())
			break;
		shared->interval++;
		left -= work(left, &ended);
		if (!ended)
			break;
		clear_away();
		oracle_look();
		if (verbose)
			show_records(shared->interval);
		/* So that xlp itself can go, or all is new. */
		dice_begin(seed, shared->interval, ADMINS + CALLERS + 1);
		if (!complaints() && one_in(3))
			oracle_sweep();
		if (!complaints() && left && !one_in(3))
			oracle_fill();
	}
	if (!complaints())
		oracle_sweep();
	ms = now_ms() - started;
	printf("# %u operations, %u quiet points, %u.%u s, %u operations in 10 s\n", nr - left,
	       shared->interval, ms / 1000, ms / 100 % 10, (nr - left) * 10000 / (ms + 1));
	show_tallies();
	if (complaints())
		show_records(0);
}

static int load(int argc, char **argv)
{
	int item, err = ENOENT;

	modules = argv[3];
	for (item = 0; item < ITEMS; item++)
		if (!strcmp(argv[2], item_name[item]))
			err = insert_item(item, argc > 4 ? argv[4] : "");
	if (err)
		printf("admins: %s: %s\n", argv[2], strerror(err));
	return !!err;
}

int main(int argc, char **argv)
{
	int option;

	if (argc >= 4 && !strcmp(argv[1], "load"))
		return load(argc, argv);
	while ((option = getopt(argc, argv, "vp:w:")) != -1) {
		switch (option) {
		case 'v':
			verbose = true;
			break;
		case 'p':
			patience_ms = 1000 * atoi(optarg);
			break;
		case 'w':
			if (!leave_out(optarg))
				return 1;
			break;
		default:
			return 1;
		}
	}
	if (argc - optind != 4) {
		puts("# usage: admins [-v] [-p SECONDS] [-w WITHOUT] SEED OPERATIONS MODULES XLP_KO");
		return 1;
	}
	seed = strtoul(argv[optind], NULL, 0);
	modules = argv[optind + 2];
	xlp_ko = argv[optind + 3];
	/* If nobody knows, this ends here, and not in a hand. */
	fact("entry_changes_cpu");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	clear_away();
	oracle_begin();
	attack(atoi(argv[optind + 1]));
	return !!complaints();
}
