// SPDX-License-Identifier: GPL-2.0
/*
 * operations.c - what administrators do
 *
 * Each operation is done by a process of its own, the hand, which may be killed. What it
 * chooses depends on its administrator's dice. To find nothing to do, or to be refused, is
 * a result like others.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admins.h"

#define CPU1	"/sys/devices/system/cpu/cpu1/online"

/* Something that is there for a moment only is looked for so often, a millisecond apart. */
#define TRIES	50

#define choose(array)	((array)[below(sizeof(array) / sizeof((array)[0]))])
/* In "objects" of a patch; bit 0 is vmlinux. */
#define ALL_TARGETS	14

/* Something begins at one of these moments, that many milliseconds apart, or anywhere. */
#define BEAT	40

/* What has been chosen: on record, and in the log of a kernel that may not live to the end. */
#define tell(record, ...)						\
do {									\
	snprintf((record)->detail, sizeof((record)->detail), __VA_ARGS__); \
	write_file("/dev/kmsg", path("admins: %u/%u %s %s %s", (record)->interval, \
				     (record)->admin, (record)->what->name,	\
				     name_of((record)->item), (record)->detail)); \
} while (0)

/* Whoever is expected and does not come in time is not waited for. */
static void meet(void)
{
	unsigned int until = now_ms() + BEAT;

	__atomic_add_fetch(&shared->arrived, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&shared->arrived, __ATOMIC_SEQ_CST) < shared->expected &&
	       now_ms() < until)
		sched_yield();
	/* Each may have a little start over the others. */
	if (one_in(2))
		spin_us(250 * below(12));
}

/* So that two of them begin at the same time more often than by chance. */
static void wait_for_others(const struct record *record)
{
	if (shared->meets[record->admin])
		meet();
	else if (!one_in(3))
		pause_ms(BEAT - now_ms() % BEAT);
}

static void tell_item(struct record *record)
{
	tell(record, "%s", "");
	wait_for_others(record);
}

/* ---- patches and targets ---- */

/* Those of the oracle are good material: they have all targets, and nothing in them fails. */
static int load_patch(struct record *record)
{
	bool plain = record->admin == ADMINS;
	unsigned int objects;

	record->replaces = one_in(5);
	record->fails = !plain && one_in(12);
	objects = plain || one_in(2) ? ALL_TARGETS | below(2) : 1 + below(15);
	tell(record, "number=%d model=%u replace=%u stays=%u objects=%u imports=%u callbacks=%u refuses=%u fails=%u",
	     record->item + 1, 1 + below(3), record->replaces, !one_in(3), objects,
	     one_in(3), one_in(3), !plain && one_in(10), record->fails);
	wait_for_others(record);
	return insert_item(record->item, record->detail);
}

static int load_target(struct record *record)
{
	tell_item(record);
	return insert_item(record->item, "");
}

static int unload_item(struct record *record)
{
	tell_item(record);
	return remove_module(item_name[record->item]);
}

/* Nearly always somebody who calls has a file of it open, which keeps it for a moment. */
static int unload_target(struct record *record)
{
	unsigned int tries = TRIES;
	int err;

	tell_item(record);
	while ((err = remove_module(item_name[record->item])) == EAGAIN && --tries)
		pause_ms(1);
	return err;
}

static int enable(struct record *record)
{
	tell_item(record);
	return write_file(path(SYSFS "%s/enabled", item_name[record->item]), "1");
}

static int disable(struct record *record)
{
	tell_item(record);
	return write_file(path(SYSFS "%s/enabled", item_name[record->item]), "0");
}

static int find_in_transition(void)
{
	int patch;

	for (patch = 0; patch < PATCHES; patch++)
		if (is_in_transition(patch))
			return patch;
	return NOTHING;
}

static int force(struct record *record)
{
	unsigned int tries;
	int patch;

	for (tries = 0; tries < TRIES; tries++, pause_ms(1)) {
		patch = find_in_transition();
		if (patch == NOTHING)
			continue;
		tell(record, "%s", item_name[patch]);
		/* Perhaps others as well that it replaces. */
		memset(shared->forced, 1, sizeof(shared->forced));
		return write_file(path(SYSFS "%s/force", item_name[patch]), "1");
	}
	return ENOENT;
}

static int reload_xlp(struct record *record)
{
	int err = remove_module("xlp");

	tell(record, "unloaded: %s", err ? strerror(err) : "ok");
	pause_ms(below(5));
	err = insert_xlp();
	return err == EEXIST ? 0 : err;
}

static void feed(void)
{
	write_file(DEBUGFS "xlp/fail_allocation", "0");
	write_file(DEBUGFS "xlp/fail_atomic_allocation", "0");
}

static int starve(struct record *record)
{
	static const char *const kinds[] = {
		"fail_allocation", "fail_allocation", "fail_atomic_allocation"
	};
	const char *kind = choose(kinds);
	unsigned int from = 1 + below(20), ms = below(50);
	int err;

	/* The others have begun by then, and try again at a time that fails early. */
	if (shared->meets[record->admin]) {
		from = 1 + below(3);
		ms += 50;
	}
	tell(record, "%s=%u for %u ms", kind, from, ms);
	if (shared->meets[record->admin]) {
		meet();
		pause_ms(20 + below(80));
	}
	err = write_file(path(DEBUGFS "xlp/%s", kind), path("%u", from));
	pause_ms(ms);
	return err ? err : write_file(path(DEBUGFS "xlp/%s", kind), "0");
}

/* ---- others who have to do with the same functions ---- */

/*
 * Where ftrace may go on with the registers of another CPU, nobody but xlp may get all of
 * them, as probes at an entry do. Who calls what is probed here are threads of the kernel, too.
 */
static bool entries_are_right(void)
{
	return !fact("entry_changes_cpu");
}

static int trace(struct record *record)
{
	static const char *const tracers[] = { "nop", "function", "function_graph" };
	const char *tracer = choose(tracers);

	tell(record, "%s", tracer);
	/* This one is always there: the filter is never empty, which would mean all. */
	write_file(TRACING "set_ftrace_filter", "cmdline_proc_show\n");
	/* Together with a direct caller, a tracer gets all registers, too. */
	if (entries_are_right())
		append_to_file(TRACING "set_ftrace_filter", "xa_*\n");
	return write_file(TRACING "current_tracer", tracer);
}

static void remove_probe(unsigned int admin)
{
	write_file(path(TRACING "events/kprobes/xlp_admin%u/enable", admin), "0");
	append_to_file(TRACING "kprobe_events", path("-:kprobes/xlp_admin%u\n", admin));
}

/* Where a probe in a function goes; not every address inside is that of an instruction. */
static unsigned int place_in_function(void)
{
	unsigned int from = fact("inside_from"), to = fact("inside_to");

	if (!fact("probes_by_steps"))
		return 0;
	if (entries_are_right() && one_in(3))
		return fact("probe_offset");
	return from + below(to - from);
}

/*
 * Each has a probe of its own: Linux 6.1 does not survive two who handle the same one. Nor,
 * with or without xlp, a kprobe with a post_handler that joins one without at an entry: it
 * fails to disarm the first ("Failed to disarm kprobe-ftrace"), and uses it after it is freed.
 */
static int probe(struct record *record)
{
	static const char *const places[] = {
		"xlp_test_target%c:xa_leaf", "xlp_test_target%c:xa_work",
		"xlp_test_patch%c:leaf_of_a", "xlp_test_patch%c:work_of_b",
	};
	const char *place = choose(places);
	unsigned int tries = 10;
	char letter = 'a' + below(3), where[64];
	int err = EINVAL;

	remove_probe(record->admin);
	while (err && tries--) {
		snprintf(where, sizeof(where), place, letter);
		tell(record, "%s+%u", where, place_in_function());
		err = append_to_file(TRACING "kprobe_events",
				     path("p:xlp_admin%u %s\n", record->admin, record->detail));
	}
	return err ? err : write_file(path(TRACING "events/kprobes/xlp_admin%u/enable",
					   record->admin), "1");
}

/*
 * Which of the functions by that name is held; its module stays for as long as the file is
 * open, here at first and then in xlp_test_hold. Less than 0: nobody knows.
 */
static int keep_target(const char *function, char *where, size_t size)
{
	unsigned int target = below(TARGETS), tries = TARGETS;
	const char *file, *at;
	char places[256];
	int fd;

	do {
		file = path("/proc/%s/places", item_name[PATCHES + target++ % TARGETS]);
		fd = open(file, O_RDONLY);
	} while (fd < 0 && --tries);
	if (fd < 0)
		return fd;
	at = read_file(file, places, sizeof(places)) ? strstr(places, function) : NULL;
	if (at) {
		at += strlen(function);
		snprintf(where, size, " address=%.*s keeps=%s", (int)strcspn(at + 1, "\n"),
			 at + 1, file);
		return fd;
	}
	close(fd);
	return -1;
}

static int hold(struct record *record)
{
	static const char *const callers[] = { "asleep", "asleep", "shared" };
	static const char *const handlers[] = { "plainprobe", "kprobe", "ipmodify" };
	static const char *const functions[] = { "xa_leaf", "xa_work", "cmdline_proc_show" };
	const char *how = one_in(2) && entries_are_right() ? choose(handlers) : choose(callers);
	const char *function = choose(functions);
	unsigned int ms = below(200);
	char where[128] = "";
	int err, kept;

	kept = keep_target(function, where, sizeof(where));
	if (kept < 0 && !entries_are_right())
		return ENOENT;
	if (kept < 0)
		function = "cmdline_proc_show";
	/* A probe without one may be at the others' entry: see probe(). */
	if (!strcmp(how, "kprobe") && strcmp(function, "cmdline_proc_show"))
		how = "plainprobe";
	if (strstr(how, "probe") && fact("probe_wants_name")) {
		function = "cmdline_proc_show";
		where[0] = '\0';
	}
	tell(record, "how=%s function=%s%s", how, function, where);
	err = insert_module("xlp_test_hold", record->detail);
	if (kept >= 0)
		close(kept);
	if (err)
		return err;
	pause_ms(ms);
	return remove_module("xlp_test_hold");
}

/* ---- tasks ---- */

/* Nobody waits for it before the quiet point. */
static int start_reader(const char *file)
{
	char answer[4096];
	pid_t pid = fork();

	if (pid)
		return pid < 0 ? errno : 0;
	read_file(file, answer, sizeof(answer));
	_exit(0);
}

static int stay(struct record *record)
{
	tell_item(record);
	return start_reader(file_of(record->item - PATCHES + 1, "stay"));
}

static int linger(struct record *record)
{
	tell_item(record);
	return start_reader(file_of(record->item - PATCHES + 1, "linger"));
}

static int storm(struct record *record)
{
	unsigned int n = 10 + below(20), i;

	tell(record, "%u", n);
	for (i = 0; i < n; i++)
		start_reader(file_of(i % (TARGETS + 1), "leaf"));
	while (wait(NULL) > 0)
		;
	return 0;
}

static int cycle_cpu(struct record *record)
{
	unsigned int ms = below(100);
	int err;

	tell(record, "for %u ms", ms);
	err = write_file(CPU1, "0");
	pause_ms(ms);
	return err ? err : write_file(CPU1, "1");
}

static int kill_hand(struct record *record)
{
	struct record *victim;
	unsigned int tries;

	for (tries = 0; tries < TRIES; tries++, pause_ms(1)) {
		victim = shared->under_way[below(ADMINS)];
		if (!victim || victim == record || !victim->hand)
			continue;
		tell(record, "%d", victim->hand);
		return kill(victim->hand, SIGKILL) ? errno : 0;
	}
	return ESRCH;
}

/* The first thread of the kernel of that name, or 0. */
static pid_t find_thread(const char *name)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	char comm[64];
	pid_t pid = 0;

	while (proc && !pid && (entry = readdir(proc)))
		/* With the newline of the file. */
		if (read_file(path("/proc/%s/comm", entry->d_name), comm, sizeof(comm)) &&
		    !strcmp(comm, path("%s\n", name)))
			pid = atoi(entry->d_name);
	if (proc)
		closedir(proc);
	return pid;
}

/* Send a thread of xlp's to and fro, and let it go where it likes again. */
static int shove(struct record *record)
{
	static const char *const names[] = { "xlp_transition", "xlp_release" };
	const char *name = choose(names);
	unsigned int until = now_ms() + below(100), cpu;
	pid_t pid = find_thread(name);
	cpu_set_t cpus;
	int err = 0;

	tell(record, "%s", name);
	if (!pid)
		return ESRCH;
	while (!err && now_ms() < until) {
		CPU_ZERO(&cpus);
		CPU_SET(below(2), &cpus);
		err = sched_setaffinity(pid, sizeof(cpus), &cpus) ? errno : 0;
		spin_us(below(200));
	}
	CPU_ZERO(&cpus);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &cpus);
	return sched_setaffinity(pid, sizeof(cpus), &cpus) ? errno : err;
}

/* ---- all of them ---- */

static const struct operation operations[] = {
	{ "load",	9, PATCH, load_patch, ABSENT, ON },
	{ "unload",	10, PATCH, unload_item, OFF, ABSENT },
	{ "enable",	12, PATCH, enable, OFF, ON },
	{ "disable",	14, PATCH, disable, ON, OFF },
	{ "force",	3, NO_ITEM, force },
	{ "come",	8, TARGET, load_target, ABSENT, OFF },
	{ "go",		14, TARGET, unload_target, OFF, ABSENT },
	{ "xlp",	2, NO_ITEM, reload_xlp },
	{ "starve",	3, NO_ITEM, starve, .undo = feed },
	{ "trace",	3, NO_ITEM, trace },
	{ "probe",	5, NO_ITEM, probe },
	{ "hold",	5, NO_ITEM, hold },
	{ "stay",	4, TARGET, stay, OFF, OFF },
	{ "linger",	3, TARGET, linger, OFF, OFF },
	{ "storm",	2, NO_ITEM, storm },
	{ "cpu",	1, NO_ITEM, cycle_cpu },
	{ "shove",	3, NO_ITEM, shove },
	{ "kill",	3, NO_ITEM, kill_hand },
	{ }
};

const struct operation *choose_operation(void)
{
	const struct operation *operation;
	unsigned int sum = 0, choice;

	for (operation = operations; operation->name; operation++)
		sum += operation->weight;
	choice = below(sum);
	for (operation = operations; choice >= operation->weight; operation++)
		choice -= operation->weight;
	return operation;
}

const struct operation *find_operation(const char *name)
{
	const struct operation *operation;

	for (operation = operations; operation->name; operation++)
		if (!strcmp(operation->name, name))
			return operation;
	return NULL;
}

/* ---- at the same moment ---- */

/*
 * What meets seldom by chance: who lets go of parts of one batch, who writes to one file,
 * who begins while another waits for functions, for a task that stays inside or closes a
 * file slowly, or without memory.
 */
static const char *const meetings[][ADMINS] = {
	{ "go", "go", "go" },
	{ "go", "disable" },
	{ "go", "go", "disable" },
	{ "disable", "disable" },
	{ "enable", "enable" },
	{ "disable", "enable" },
	{ "disable", "enable", "load" },
	{ "disable", "load", "disable" },
	{ "unload", "enable" },
	{ "come", "load", "come" },
	{ "come", "go", "disable" },
	{ "linger", "disable", "enable" },
	{ "linger", "load", "disable" },
	{ "stay", "load", "starve" },
	{ "stay", "disable", "starve" },
	{ "xlp", "load", "come" },
};

unsigned int choose_meeting(void)
{
	return 1 + below(sizeof(meetings) / sizeof(meetings[0]));
}

const struct operation *operation_of_meeting(unsigned int meeting, unsigned int admin)
{
	const char *name = meeting ? meetings[meeting - 1][admin] : NULL;

	return name ? find_operation(name) : NULL;
}

unsigned int operation_number(const struct operation *operation)
{
	return operation - operations;
}

const struct operation *operation_of_number(unsigned int number)
{
	return operations[number].name ? &operations[number] : NULL;
}

void clear_away(void)
{
	unsigned int admin;

	feed();
	write_file(TRACING "current_tracer", "nop");
	write_file(TRACING "set_ftrace_filter", "");
	for (admin = 0; admin < ADMINS; admin++)
		remove_probe(admin);
	remove_module("xlp_test_hold");
	if (read_number(CPU1) == 0)
		write_file(CPU1, "1");
	insert_xlp();
}
