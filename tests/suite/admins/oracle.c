// SPDX-License-Identifier: GPL-2.0
/*
 * oracle.c - compares what is seen at a quiet point with what has been done
 *
 * Nobody does anything then but the oracle itself, and xlp in the background: what does
 * not fit is looked at again until patience ends.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admins.h"

#define SHOWN		40	/* records, for people */
#define OBJECTS		(1 + TARGETS)

unsigned int patience_ms = 30000;
static unsigned int nr_complaints;

/* What each was at the quiet point before, and is now. */
static enum state before[ITEMS], now[ITEMS];
/* A patch was there, then or since, that replaces others when it is enabled. */
static bool replacing[PATCHES];

void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("# ", stdout);
	vprintf(format, args);
	putchar('\n');
	fflush(stdout);
	va_end(args);
	nr_complaints++;
}

unsigned int complaints(void)
{
	return nr_complaints;
}

/* ---- waiting ---- */

static char why[512];

/* What a check returns: a reason, or NULL. */
#define because(...) (snprintf(why, sizeof(why), __VA_ARGS__), why)

static void expect_soon(const char *(*check)(void))
{
	/* What is wrong needs no long wait the next time. */
	unsigned int started = now_ms(), patience = nr_complaints ? 1000 : patience_ms;
	const char *reason;

	while ((reason = check()) && now_ms() - started < patience)
		pause_ms(10);
	if (reason)
		complain("%s", reason);
}

static void show_file(const char *file)
{
	char text[4096], *line, *rest;

	read_file(file, text, sizeof(text));
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		printf("#   %s\n", line);
}

void complain_of_stuck(const char *what)
{
	char comm[64], own[64];
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	complain("%s", what);
	read_file("/proc/self/comm", own, sizeof(own));
	while (proc && (entry = readdir(proc))) {
		if (atoi(entry->d_name) <= 0 || atoi(entry->d_name) == getpid())
			continue;
		read_file(path("/proc/%s/comm", entry->d_name), comm, sizeof(comm));
		if (strcmp(comm, own))
			continue;
		printf("# process %s:\n", entry->d_name);
		show_file(path("/proc/%s/stack", entry->d_name));
	}
	printf("# who is in the way:\n");
	show_file(DEBUGFS "xlp/blocked");
	fflush(stdout);
}

/* What administrators do, at a quiet point; ETIMEDOUT: it does not come to an end. */
static int operate(const char *name, int item)
{
	struct record *record = begin(ADMINS, find_operation(name), item);
	unsigned int started = now_ms();

	while (waitpid(record->hand, NULL, WNOHANG) == 0) {
		if (now_ms() - started > patience_ms) {
			complain_of_stuck(path("%s %s does not come to its end", name,
					       item_name[item]));
			return ETIMEDOUT;
		}
		pause_ms(1);
	}
	end(record);
	return record->result;
}

/* ---- what has been done explains what is seen ---- */

/**
 * struct event - a change of one item that was made between two numbers of the clock
 * @from:	what it was: a set of states
 * @to:		what it is then
 * @start:	not earlier
 * @end:	not later
 * @sure:	it has been made; otherwise perhaps
 */
struct event {
	unsigned int from;
	enum state to;
	unsigned int start;
	unsigned int end;
	bool sure;
};

#define IN(state)	(1U << (state))

#define EVENTS	20

static struct event events[EVENTS];
static unsigned int nr_events;
/* Which sets of events have been tried, in front of which state. */
static unsigned char tried[1 << EVENTS];

/*
 * Killed, and it is not known whether a patch came and went: a number for each, and for
 * which of them it is taken to be so.
 */
static unsigned int nr_doubts, doubts;

static void add_event(unsigned int from, enum state to, const struct record *record,
		      unsigned int end, bool sure)
{
	struct event event = { from, to, record->start, end, sure };

	if (nr_events < EVENTS)
		events[nr_events++] = event;
}

static bool may_be_next(unsigned int i, unsigned int done)
{
	unsigned int j;

	if (done & 1U << i)
		return false;
	for (j = 0; j < nr_events; j++)
		if (!(done & 1U << j) && events[j].end < events[i].start)
			return false;
	return true;
}

/* Is there an order of those that are not done that leads from @state to @goal? */
static bool leads_to(enum state goal, enum state state, unsigned int done)
{
	unsigned int i;

	if (done == (1U << nr_events) - 1)
		return state == goal;
	if (tried[done] & 1 << state)
		return false;
	tried[done] |= 1 << state;
	for (i = 0; i < nr_events; i++) {
		if (!may_be_next(i, done))
			continue;
		if (events[i].from & IN(state) && leads_to(goal, events[i].to, done | 1U << i))
			return true;
		if (!events[i].sure && leads_to(goal, state, done | 1U << i))
			return true;
	}
	return false;
}

/* A patch that replaces others makes them go, whenever its transition ends, if it does. */
static void add_replacement(const struct record *record, int item)
{
	bool enables = record->what->to == ON && record->item != NOTHING;

	if (item < PATCHES && enables && record->item != item && replacing[record->item])
		add_event(IN(ON), OFF, record, shared->clock, false);
}

/* It comes, others may switch it, and it goes: both or neither. */
static void add_load_that_fails(const struct record *record, unsigned int end)
{
	if (record->result != EIO &&
	    (record->result != UNKNOWN || !(doubts & 1U << nr_doubts++)))
		return;
	add_event(IN(ABSENT), ON, record, end, true);
	add_event(IN(ON) | IN(OFF), ABSENT, record, end, true);
}

static void add_events_of(const struct record *record, int item)
{
	const struct operation *what = record->what;
	unsigned int end = record->end ?: shared->clock;

	if (record->interval != shared->interval)
		return;
	add_replacement(record, item);
	if (record->item != item || what->from == what->to)
		return;
	if (record->fails)
		add_load_that_fails(record, end);
	else if (!record->result || record->result == UNKNOWN)
		add_event(IN(what->from), what->to, record, end, !record->result);
}

static void visit_records(void (*visit)(const struct record *record, int arg), int arg,
			  unsigned int last)
{
	unsigned int nr = shared->nr_records, i;

	for (i = nr > last ? nr - last : 0; i < nr; i++)
		visit(&shared->records[i % RECORDS], arg);
}

static bool is_explained(int item)
{
	doubts = 0;
	do {
		nr_events = 0;
		nr_doubts = 0;
		visit_records(add_events_of, item, RECORDS);
		memset(tried, 0, sizeof(tried[0]) << nr_events);
		if (leads_to(now[item], before[item], 0))
			return true;
	} while (++doubts < 1U << nr_doubts);
	return false;
}

static void explain(int item)
{
	if (!is_explained(item))
		complain("%s was %s and is %s: no order of what was done explains that",
			 item_name[item], state_name[before[item]], state_name[now[item]]);
}

static void note_replacing(const struct record *record, int unused)
{
	(void)unused;
	if (record->interval == shared->interval && record->replaces)
		replacing[record->item] = true;
}

static void explain_all(void)
{
	int item;

	visit_records(note_replacing, 0, RECORDS);
	for (item = 0; item < ITEMS; item++)
		explain(item);
}

static void remember(void)
{
	int item;

	for (item = 0; item < ITEMS; item++) {
		now[item] = state_of(item);
		before[item] = now[item];
		if (item >= PATCHES)
			continue;
		replacing[item] = parameter(item, "replace") == 1;
		shared->forced[item] &= now[item] != ABSENT;
	}
}

/* ---- who answers ---- */

static bool has_object(int patch, unsigned int object)
{
	int objects = parameter(patch, "objects");

	return objects > 0 && objects & 1 << object;
}

static bool is_there(unsigned int object)
{
	return !object || now[PATCHES + object - 1] != ABSENT;
}

/* The newest of those that sysfs says are enabled; or NOTHING. */
static int patch_of(unsigned int object)
{
	int patch, order, best = NOTHING, last = 0;

	for (patch = 0; patch < PATCHES; patch++) {
		order = read_number(path(SYSFS "%s/stack_order", item_name[patch]));
		if (now[patch] != ON || !has_object(patch, object) || order <= last)
			continue;
		last = order;
		best = patch;
	}
	return best;
}

static const char *answers_differ(void)
{
	static const char *const functions[] = { "leaf", "work" };
	unsigned int object, i;
	int want, got;

	for (object = 0; object < OBJECTS; object++) {
		/* Patches are numbered from 1. */
		want = is_there(object) ? patch_of(object) + 1 : -1;
		for (i = 0; i < 2; i++) {
			got = ask(file_of(object, functions[i]));
			if (got != want)
				return because("%s is answered by %d, not %d",
					       file_of(object, functions[i]), got, want);
		}
	}
	return NULL;
}

static const char *patched_differs(void)
{
	static const char *const names[] = {
		"vmlinux", "xlp_test_targeta", "xlp_test_targetb", "xlp_test_targetc"
	};
	unsigned int object;
	int patch, want, got;

	for (patch = 0; patch < PATCHES; patch++) {
		for (object = 0; object < OBJECTS; object++) {
			want = now[patch] == ON && has_object(patch, object) && is_there(object);
			got = read_number(path(SYSFS "%s/%s/patched", item_name[patch],
					       names[object]));
			if (got != want && (want || got > 0))
				return because("%s/%s/patched is %d, not %d", item_name[patch],
					       names[object], got, want);
		}
	}
	return NULL;
}

static const char *in_transition(void)
{
	int patch;

	for (patch = 0; patch < PATCHES; patch++)
		if (is_in_transition(patch))
			return because("%s stays in transition", item_name[patch]);
	return NULL;
}

/* ---- hooks ---- */

static char hooks_before[1 << 16], hooks[1 << 16];

/* A line of @text that begins so? */
static bool has_line(const char *text, const char *line)
{
	const char *place = text;

	while ((place = strstr(place, line))) {
		if (place == text || place[-1] == '\n')
			return true;
		place++;
	}
	return false;
}

static bool begins(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

/* By direct calls a function has a second line, and one that nobody calls is in @text for all. */
static bool is_ours(const char *line, const char *text)
{
	return strstr(line, " [xlp_test_") || strstr(line, "direct-->xlp_direct_trampoline") ||
	       begins(line, "cmdline_proc_show ") ||
	       (begins(line, "kernel_halt ") && has_line(text, "\tdirect-->xlp_direct_trampoline"));
}

/* Every line of @text, but for what patches may hook, is one of @other as well. */
static const char *has_more(const char *text, const char *other, const char *what)
{
	const char *all = text, *end;
	char line[256];

	for (; *text; text = end + 1) {
		end = strchrnul(text, '\n');
		snprintf(line, sizeof(line), "%.*s", (int)(end - text), text);
		/* What comes behind the number of users changes. */
		if (strchr(line, ')'))
			strchr(line, ')')[1] = '\0';
		if (!is_ours(line, all) && !has_line(other, line))
			return because("%s: %s", line, what);
		if (!*end)
			break;
	}
	return NULL;
}

static const char *hook_differs(unsigned int object, const char *function)
{
	bool want = is_there(object) && patch_of(object) != NOTHING, got;
	char name[128], line[160];

	if (object)
		snprintf(name, sizeof(name), "%s [%s]", function, item_name[PATCHES + object - 1]);
	else
		snprintf(name, sizeof(name), "cmdline_proc_show");
	/* 0: what xlp keeps, as a probe is on what was hooked. */
	got = has_line(hooks, path("%s (", name)) && !has_line(hooks, path("%s (0)", name));
	if (got != want)
		return because("%s is %shooked", name, got ? "" : "not ");
	snprintf(line, sizeof(line), "%s (1)", name);
	if (got && !has_line(hooks, line))
		return because("%s is hooked more than once", name);
	return NULL;
}

/* Where calls are not caught through ftrace xlp has a list of its own. */
static void read_hooks(char *text, size_t size)
{
	size_t length;

	read_file(TRACING "enabled_functions", text, size);
	length = strlen(text);
	read_file(DEBUGFS "xlp/hooks", text + length, size - length);
}

static const char *hooks_differ(void)
{
	const char *reason = NULL;
	unsigned int object;

	read_hooks(hooks, sizeof(hooks));
	for (object = 0; object < OBJECTS && !reason; object++) {
		reason = hook_differs(object, "xa_leaf");
		if (!reason && object)
			reason = hook_differs(object, "xa_work");
	}
	if (!reason)
		reason = has_more(hooks, hooks_before, "was not hooked before");
	if (!reason)
		reason = has_more(hooks_before, hooks, "is not hooked any more");
	return reason;
}

/* ---- references, and what xlp says of itself ---- */

static int references(const char *module)
{
	return read_number(path("/sys/module/%s/refcnt", module));
}

/* Each has a reference, too. */
static int kept_functions(void)
{
	static char text[1 << 16];
	const char *place = text;
	int nr = 0;

	read_file(DEBUGFS "xlp/hooks", text, sizeof(text));
	while ((place = strstr(place, " (0), kept"))) {
		place++;
		nr++;
	}
	return nr;
}

static const char *references_differ(void)
{
	int item, want, got, patches = 0, kept = kept_functions();

	for (item = 0; item < ITEMS; item++) {
		if (now[item] == ABSENT)
			continue;
		patches += item < PATCHES;
		want = now[item] == ON;
		got = references(item_name[item]);
		if (got != want)
			return because("%s, which is %s, has %d references", item_name[item],
				       state_name[now[item]], got);
	}
	/* A part of the kernel counts none. */
	if (xlp_is_built_in())
		return NULL;
	got = references("xlp");
	if (got != patches + kept)
		return because("xlp has %d references, but %d patches, and keeps %d functions", got,
			       patches, kept);
	return NULL;
}

static const char *books_differ(void)
{
	char text[1 << 13];
	int patch, want, enabled;
	const char *line;

	read_file(DEBUGFS "xlp/switches", text, sizeof(text));
	for (patch = 0; patch < PATCHES; patch++) {
		line = strstr(text, path("%s ", item_name[patch]));
		if (!line || sscanf(line, "%*s %*s %d", &enabled) != 1)
			enabled = 0;
		want = now[patch] == ON;
		if (enabled != want)
			return because("debugfs says %d of %s, which is %s", enabled,
				       item_name[patch], state_name[now[patch]]);
	}
	read_file(DEBUGFS "xlp/blocked", text, sizeof(text));
	line = strstr(text, " unloaded ");
	return line ? because("still blocked: %.200s", text) : NULL;
}

/* ---- forced patches ---- */

/* Forced patches stay for ever, unless one knows better, as now, when nobody is inside. */
static void let_forced_go(void)
{
	unsigned int tries;
	int patch;

	for (patch = 0; patch < PATCHES; patch++) {
		for (tries = 0; tries < 100; tries++, pause_ms(10))
			if (!shared->forced[patch] || state_of(patch) != OFF ||
			    references(item_name[patch]) < 1)
				break;
		if (tries < 100)
			continue;
		write_file(path("/sys/module/%s/parameters/let_go", item_name[patch]), "1");
		operate("unload", patch);
	}
}

/* ---- the kernel's log ---- */

static int log_fd = -1;

static bool is_trouble(const char *line)
{
	static const char *const words[] = {
		"BUG:", "BUG ", "WARNING:", "Oops", "general protection", "Unable to handle",
		"refcount_t:", "detected stall", "blocked for more than", "ftrace bug",
	};
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

static void look_at_log(void)
{
	char line[8192];
	ssize_t n;

	/* EPIPE: some have been overwritten. */
	while ((n = read(log_fd, line, sizeof(line) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		line[n < 0 ? 0 : n] = '\0';
		if (!is_trouble(line) || !strchr(line, ';'))
			continue;
		line[strcspn(line, "\n")] = '\0';
		complain("the kernel says: %s", strchr(line, ';') + 1);
		return;
	}
}

/* ---- all of it ---- */

void oracle_begin(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	lseek(log_fd, 0, SEEK_END);
	read_hooks(hooks_before, sizeof(hooks_before));
	remember();
}

void oracle_look(void)
{
	int item;

	expect_soon(in_transition);
	let_forced_go();
	for (item = 0; item < ITEMS; item++)
		now[item] = state_of(item);
	explain_all();
	expect_soon(answers_differ);
	expect_soon(patched_differs);
	expect_soon(hooks_differ);
	expect_soon(references_differ);
	expect_soon(books_differ);
	if (*shared->wrong)
		complain("%s", shared->wrong);
	look_at_log();
	remember();
}

static int sweep_item;

static const char *is_kept(void)
{
	int err = state_of(sweep_item) == ABSENT ? 0 : operate("unload", sweep_item);

	return err ? because("%s cannot be unloaded: %s", item_name[sweep_item], strerror(err)) :
		     NULL;
}

/* As <xlp/xlp.h> has it. */
#define STOP_MODEL	2

/* By the stop model it fails where somebody is inside whenever it looks, as on a busy machine. */
static int disable_in_time(int patch)
{
	unsigned int started = now_ms();
	int err;

	do
		err = operate("disable", patch);
	while (err == EBUSY && parameter(patch, "model") == STOP_MODEL &&
	       now_ms() - started < patience_ms);
	return err;
}

void oracle_sweep(void)
{
	int item, err;

	for (item = 0; item < PATCHES && !nr_complaints; item++) {
		if (now[item] != ON)
			continue;
		err = disable_in_time(item);
		if (err)
			complain("%s cannot be disabled: %s", item_name[item], strerror(err));
		expect_soon(in_transition);
	}
	let_forced_go();
	for (item = 0; item < ITEMS && !nr_complaints; item++) {
		sweep_item = item;
		expect_soon(is_kept);
	}
	remember();
}

/* As in oracle_fill(). A target that comes to a patch has a batch of its own. */
void oracle_prepare(int patch)
{
	int item;

	for (item = PATCHES; item < ITEMS && !nr_complaints; item++)
		if (now[item] == ABSENT)
			operate("come", item);
	if (now[patch] == ON && !nr_complaints)
		operate("disable", patch);
	expect_soon(in_transition);
	if (!nr_complaints)
		operate(now[patch] == ABSENT ? "load" : "enable", patch);
	expect_soon(in_transition);
	remember();
}

/*
 * It does not matter whether that works. Targets first: a patch that finds several has
 * their functions in one batch.
 */
void oracle_fill(void)
{
	int i, item;

	for (i = 0; i < ITEMS; i++) {
		item = (i + PATCHES) % ITEMS;
		if (now[item] == ABSENT && !one_in(3) && !nr_complaints)
			operate(item < PATCHES ? "load" : "come", item);
	}
	expect_soon(in_transition);
	remember();
}

/* Of all intervals, if @interval is 0. */
static void show_record(const struct record *record, int interval)
{
	const char *result = record->result == UNKNOWN ? record->end ? "killed" : "stuck" :
			     record->result ? strerror(record->result) : "ok";

	if (interval && (unsigned int)interval != record->interval)
		return;
	printf("# %u/%u %4u-%-4u %s %s %s: %s (%u ms)\n", record->interval, record->admin,
	       record->start, record->end, record->what->name,
	       name_of(record->item), record->detail, result, record->ms);
}

void show_records(unsigned int interval)
{
	visit_records(show_record, interval, SHOWN);
	fflush(stdout);
}
