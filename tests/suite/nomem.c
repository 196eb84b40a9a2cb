// SPDX-License-Identifier: GPL-2.0
/*
 * nomem.c - load a module again and again, and let one allocation after the other fail
 *
 * usage: nomem FILE NAME HOLD
 *
 * HOLD is the directory of xlp_test_hold's parameters, which has whoever loads the module
 * sleep in the first function that its init calls: what fails before is none of its business.
 * From there on the first of the kernel's allocations for that process fails, then the second,
 * and so on, but behind the first hundreds only some. The module is unloaded each time that it
 * does load, and the end is when nothing failed any more. Complains of other errors than
 * ENOMEM. Needs CONFIG_FAULT_INJECTION and failslab.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each of them up to this one, then one of so many. */
#define EACH_UP_TO	100
#define STEP		41
#define NEVER		100000

static const char *hold;

static void die(const char *what)
{
	printf("# nomem: %s: %m\n", what);
	exit(1);
}

static void write_to(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(file);
	close(fd);
}

static int number_in(const char *file)
{
	char text[16] = "";
	int fd = open(file, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		die(file);
	close(fd);
	return atoi(text);
}

static void hold_loaders(bool asleep)
{
	char file[256];

	snprintf(file, sizeof(file), "%s/keep", hold);
	write_to(file, asleep ? "1" : "0");
}

static void wait_until_asleep(pid_t pid)
{
	char file[256];

	snprintf(file, sizeof(file), "%s/asleep", hold);
	while (!number_in(file)) {
		if (waitpid(pid, NULL, WNOHANG))
			die("the module does not come to its init");
		usleep(500);
	}
}

/* In a process of its own; whether something has failed is its exit status. */
static void load(const char *module)
{
	int file = open(module, O_RDONLY);
	int switches = open("/proc/thread-self/fail-nth", O_RDONLY);
	char rest[16] = "";

	if (file < 0 || switches < 0)
		die(module);
	if (syscall(SYS_finit_module, file, "", 0))
		_exit(errno);
	/* How many it would have taken until one fails. */
	if (read(switches, rest, sizeof(rest) - 1) < 0)
		die("fail-nth");
	_exit(atoi(rest) ? 255 : 0);
}

/* Returns the error, 0 if what failed did not matter, and 255 if nothing did. */
static int load_without(const char *module, unsigned int nth)
{
	char file[64], text[16];
	pid_t pid;
	int status;

	hold_loaders(true);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		load(module);
	wait_until_asleep(pid);
	snprintf(file, sizeof(file), "/proc/%d/fail-nth", pid);
	snprintf(text, sizeof(text), "%u", nth);
	write_to(file, text);
	hold_loaders(false);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		die("it does not come to its end");
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	unsigned int nth, refused = 0, loaded = 0, wrong = 0;
	int err = 0;

	if (argc != 4)
		return 1;
	hold = argv[3];
	for (nth = 1; err != 255 && nth < NEVER; nth += nth < EACH_UP_TO ? 1 : STEP) {
		err = load_without(argv[1], nth);
		if (!err || err == 255) {
			loaded++;
			if (syscall(SYS_delete_module, argv[2], O_NONBLOCK))
				die("it does not go again");
			continue;
		}
		refused++;
		if (err != ENOMEM && !wrong++)
			printf("# allocation %u fails, and the error is %d\n", nth, err);
	}
	printf("# %u times refused, %u times loaded, %u with another error than no memory\n",
	       refused, loaded, wrong);
	return wrong || nth >= NEVER || !refused;
}
