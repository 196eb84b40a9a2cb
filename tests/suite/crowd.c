// SPDX-License-Identifier: GPL-2.0
/*
 * crowd.c - very many tasks that do nothing, and what a fork and an exit take
 *
 * usage: crowd THREADS PROCESSES
 *        crowd -z ZOMBIES
 *        crowd -c CHILDREN
 *
 *	THREADS threads of one process, and PROCESSES processes, sleep until the program is
 *	killed; it prints "ready" when all are there
 *	-z	likewise with children that have exited and are not reaped
 *	-c	makes so many children one after the other, which exit at once, and prints
 *		"fork_ns N exit_ns N cycle_ns N": what a fork takes its caller, from
 *		there until the child has exited and is reaped, and what all takes for
 *		each child, with what the kernel does later on its behalf; on average in
 *		the tenth of all children where that is least
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of a thread: it calls one function. */
#define STACK_SIZE	4096UL

static void die(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Threads have nothing of the library's, and none of them ever returns. */
static int sleep_for_ever(void *unused)
{
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

static void start_threads(unsigned long nr)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		    CLONE_SYSVSEM;
	unsigned long i;
	char *stacks;

	if (!nr)
		return;
	stacks = mmap(NULL, nr * STACK_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stacks == MAP_FAILED)
		die("mmap");
	for (i = 1; i <= nr; i++)
		if (clone(sleep_for_ever, stacks + i * STACK_SIZE, flags, NULL) < 0)
			die("clone");
}

static void start_processes(unsigned long nr)
{
	pid_t parent = getpid(), child;

	while (nr--) {
		child = fork();
		if (child < 0)
			die("fork");
		if (child)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			sleep_for_ever(NULL);
		_exit(0);
	}
}

static unsigned long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static pid_t make_child(void)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (!child)
		_exit(0);
	return child;
}

static void make_zombies(unsigned long nr)
{
	siginfo_t info;

	while (nr--)
		if (waitid(P_PID, make_child(), &info, WEXITED | WNOWAIT))
			die("waitid");
}

struct times {
	unsigned long long fork, exit, cycle;
};

static struct times time_children(unsigned long nr)
{
	unsigned long long started = now_ns(), before, after;
	struct times times = { 0 };
	unsigned long i;
	pid_t child;

	for (i = 0; i < nr; i++) {
		before = now_ns();
		child = make_child();
		after = now_ns();
		if (waitpid(child, NULL, 0) != child)
			die("waitpid");
		times.fork += after - before;
		times.exit += now_ns() - after;
	}
	times.cycle = now_ns() - started;
	return times;
}

static void count_children(unsigned long nr)
{
	struct times least = { .cycle = -1ULL }, times;
	int i;

	for (i = 0; i < 10; i++) {
		times = time_children(nr / 10);
		if (times.cycle < least.cycle)
			least = times;
	}
	nr /= 10;
	printf("fork_ns %llu exit_ns %llu cycle_ns %llu\n", least.fork / nr, least.exit / nr,
	       least.cycle / nr);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 1;
	if (!strcmp(argv[1], "-c")) {
		count_children(strtoul(argv[2], NULL, 10));
		return 0;
	}
	if (!strcmp(argv[1], "-z")) {
		make_zombies(strtoul(argv[2], NULL, 10));
	} else {
		/* Processes first, as each copies what its parent has. */
		start_processes(strtoul(argv[2], NULL, 10));
		start_threads(strtoul(argv[1], NULL, 10));
	}
	puts("ready");
	fflush(stdout);
	sleep_for_ever(NULL);
	return 0;
}
