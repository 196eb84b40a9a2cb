// SPDX-License-Identifier: GPL-2.0
/*
 * faults.c - let one allocation after the other fail, in whoever works for a patch
 *
 * usage: faults MODULES WHO WHAT
 *
 * WHO is "asker", the process that asks, or the name of one of xlp's threads. WHAT is asked for:
 *
 *	load PARAMETERS		a patch is loaded, and is disabled and goes if it was
 *	switch PATCH		one that stays is enabled and disabled
 *	target NAME		a target of a patch in effect comes and goes
 *	part NAME		a target of a patch goes that was there when that was enabled
 *
 * The first of the kernel's allocations for WHO fails, then the second, and so on, until WHAT
 * is through before that many were made. Each time what was asked for has to have worked, or to
 * have been refused for lack of memory, and then nothing of it may be left: who answers in the
 * targets and what sysfs says agree with the result. Needs CONFIG_FAULT_INJECTION and failslab.
 */
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Each of them up to this one, then one of so many. */
#define EACH_UP_TO	150
#define STEP		17
#define NEVER		20000
/* Threads do what they do behind the back of who asks: so many are let fail. */
#define MOST_OF_THREAD	24
#define PATIENCE_S	120

#define PATCH		"xlp_test_patcha"
#define NUMBER		7
#define HOLD		"/sys/kernel/debug/xlp/hold_coming"

static const char *modules;
static unsigned int wrong;
static unsigned int nth;

static int write_to(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY), err = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* Whoever loads a target is not to be held for ever. */
static void die(const char *what)
{
	printf("# faults: allocation %u: %s: %m\n", nth, what);
	write_to(HOLD, "0");
	exit(1);
}

/* ---- files ---- */

/* -1: it is not there. */
static int number_in(const char *file)
{
	char text[32] = "";
	int fd = open(file, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n < 0 ? -1 : atoi(text);
}

static int of_patch(const char *name, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/xlp/%s/%s", name, file);
	return number_in(path);
}

static int answer_of(const char *target)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/leaf", target);
	return number_in(path);
}

static void nap(void)
{
	usleep(2000);
}

/* ---- who has no memory ---- */

static char victim[64];

static bool is_named(const char *pid, const char *name)
{
	char path[300], comm[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	if (read(fd, comm, sizeof(comm) - 1) < 0)
		comm[0] = '\0';
	close(fd);
	comm[strcspn(comm, "\n")] = '\0';
	return !strcmp(comm, name);
}

static void find_victim(const char *who)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	snprintf(victim, sizeof(victim), "/proc/thread-self/fail-nth");
	if (!strcmp(who, "asker"))
		return;
	while (proc && (entry = readdir(proc)))
		if (is_named(entry->d_name, who)) {
			snprintf(victim, sizeof(victim), "/proc/%.16s/fail-nth", entry->d_name);
			closedir(proc);
			return;
		}
	die(who);
}

static void arm(int file)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	if (pwrite(file, text, strlen(text), 0) < 0)
		die("fail-nth");
}

/* Return: whether it has come to that. */
static bool disarm(int file)
{
	char text[16] = "";

	if (pread(file, text, sizeof(text) - 1, 0) < 0 || pwrite(file, "0", 1, 0) < 0)
		die("fail-nth");
	return !atoi(text);
}

/* ---- what may be asked for ---- */

/* What is asked by is opened before anything fails. */
static int open_module(const char *name)
{
	char path[256];
	int file;

	snprintf(path, sizeof(path), "%s/%s.ko", modules, name);
	file = open(path, O_RDONLY);
	if (file < 0)
		die(path);
	return file;
}

static int load(int module, const char *parameters)
{
	return syscall(SYS_finit_module, module, parameters, 0) ? errno : 0;
}

static void unload(const char *name)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if ((errno != EBUSY && errno != EAGAIN) || time(NULL) > end)
			die("it does not go");
		nap();
	}
}

/* Where it has come to when nothing moves any more. -1: it is gone. */
static int settled(const char *name)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (of_patch(name, "transition") == 1) {
		if (time(NULL) > end)
			die("it stays in transition");
		nap();
	}
	return of_patch(name, "enabled");
}

static void complain(const char *what, int is, int wanted)
{
	wrong++;
	printf("# faults: allocation %u: %s: %d instead of %d\n", nth, what, is, wanted);
}

static void expect(const char *what, int is, int wanted)
{
	if (is != wanted)
		complain(what, is, wanted);
}

static void expect_refusal(int err)
{
	if (err)
		expect("its error", err, ENOMEM);
}

static int ask(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/xlp/%s/enabled", name);
	return write_to(path, value);
}

static void ask_until_done(const char *name, const char *value)
{
	int err;

	while ((err = ask(name, value)) == EBUSY)
		nap();
	if (err) {
		errno = err;
		die(value);
	}
	expect("enabled", settled(name), atoi(value));
}

/* ---- what is tried ---- */

static const char *argument;
static bool is_asker;

/*
 * The patch's init makes allocations of who asks fail from there on: those before are not xlp's.
 * xlp's threads have no memory for letting it go.
 */
static bool try_load(int file)
{
	int module = open_module(PATCH), err;
	char parameters[256];
	bool failed;

	snprintf(parameters, sizeof(parameters), "number=%d fail_nth=%u %s", NUMBER,
		 is_asker ? nth : 0, argument);
	err = load(module, parameters);
	failed = is_asker && disarm(file);
	close(module);
	expect_refusal(err);
	if (err) {
		expect("it is still shown", of_patch(PATCH, "enabled"), -1);
		expect("who answers", answer_of("xlp_test_targeta"), 0);
		return failed;
	}
	expect("enabled", settled(PATCH), 1);
	expect("who answers", answer_of("xlp_test_targeta"), NUMBER);
	if (!is_asker)
		arm(file);
	ask_until_done(PATCH, "0");
	expect("who answers later", answer_of("xlp_test_targeta"), 0);
	unload(PATCH);
	return is_asker ? failed : disarm(file);
}

static bool try_to_switch(int file, const char *value)
{
	bool was = settled(argument), failed;
	char path[128];
	int asked, err;

	snprintf(path, sizeof(path), "/sys/kernel/xlp/%s/enabled", argument);
	asked = open(path, O_WRONLY);
	if (asked < 0)
		die(path);
	arm(file);
	err = write(asked, value, 1) == 1 ? 0 : errno;
	/* Threads go on with it. */
	if (!is_asker)
		settled(argument);
	failed = disarm(file);
	close(asked);
	expect_refusal(err);
	expect("enabled", settled(argument), err ? was : atoi(value));
	expect("who answers", answer_of("xlp_test_targeta"), settled(argument) ? NUMBER : 0);
	if (err)
		ask_until_done(argument, value);
	return failed;
}

static bool try_switch(int file)
{
	bool failed = try_to_switch(file, "1");

	return try_to_switch(file, "0") || failed;
}

static bool has_line_of(const char *file, const char *word)
{
	char line[256];
	bool has = false;
	FILE *lines = fopen(file, "r");

	while (lines && !has && fgets(line, sizeof(line), lines))
		has = strstr(line, word);
	if (lines)
		fclose(lines);
	return has;
}

/* Where xlp has whoever loads a target sleep for tests. */
static void wait_until_held(pid_t pid)
{
	char stack[64], state[64];
	time_t end = time(NULL) + PATIENCE_S;

	snprintf(stack, sizeof(stack), "/proc/%d/stack", pid);
	snprintf(state, sizeof(state), "/proc/%d/status", pid);
	while (!has_line_of(state, "State:\tD") || !has_line_of(stack, "xlp_engine_request")) {
		if (waitpid(pid, NULL, WNOHANG) || time(NULL) > end)
			die("the target does not come as far as to xlp");
		nap();
	}
}

/* In a process of its own; 255: it was loaded before so many allocations were made. */
static void load_and_exit(int module)
{
	int own = open(victim, O_RDWR), err;

	if (own < 0)
		die(victim);
	err = load(module, "");
	_exit(err ? err : disarm(own) ? 0 : 255);
}

/* The loader's allocations before xlp hears of the target are none of xlp's business. */
static bool try_target(int unused)
{
	int module = open_module(argument), status, file;
	char patched[64], of_child[64];
	pid_t pid;

	write_to(HOLD, "1");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		load_and_exit(module);
	wait_until_held(pid);
	snprintf(of_child, sizeof(of_child), "/proc/%d/fail-nth", pid);
	file = open(of_child, O_RDWR);
	if (file < 0)
		die(of_child);
	arm(file);
	close(file);
	write_to(HOLD, "0");
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("the loader does not come to its end");
	close(module);
	status = WEXITSTATUS(status);
	if (status != 255)
		expect_refusal(status);
	snprintf(patched, sizeof(patched), "%s/patched", argument);
	expect("patched", of_patch(PATCH, patched), !status || status == 255);
	if (status && status != 255)
		return true;
	/* Its own init may have been without memory for that file. */
	if (answer_of(argument) != -1)
		expect("who answers", answer_of(argument), NUMBER);
	unload(argument);
	return !status;
}

/* Only some of the functions that were hooked at once are let go of. */
static bool try_part(int file)
{
	char patched[64];
	int module;
	bool failed;

	ask_until_done(PATCH, "1");
	arm(file);
	unload(argument);
	failed = disarm(file);
	snprintf(patched, sizeof(patched), "%s/patched", argument);
	expect("patched", of_patch(PATCH, patched), 0);
	ask_until_done(PATCH, "0");
	module = open_module(argument);
	if (load(module, ""))
		die(argument);
	close(module);
	expect("who answers", answer_of(argument), 0);
	return failed;
}

int main(int argc, char **argv)
{
	bool (*try)(int file), failed = true;
	unsigned int nr_failed = 0, most;
	int file;

	if (argc != 5)
		return 1;
	modules = argv[1];
	is_asker = !strcmp(argv[2], "asker");
	most = is_asker ? NEVER : MOST_OF_THREAD;
	try = !strcmp(argv[3], "load") ? try_load :
	      !strcmp(argv[3], "switch") ? try_switch :
	      !strcmp(argv[3], "part") ? try_part : try_target;
	argument = argv[4];
	find_victim(argv[2]);
	file = open(victim, O_RDWR);
	if (file < 0)
		die(victim);
	for (nth = 1; failed && nth <= most; nth += nth < EACH_UP_TO ? 1 : STEP) {
		failed = try(file);
		nr_failed += failed;
		fflush(stdout);
	}
	printf("# %s %s %s: %u failed, of %u\n", argv[2], argv[3], argument, nr_failed, nth);
	return wrong || !nr_failed || (is_asker && failed);
}
