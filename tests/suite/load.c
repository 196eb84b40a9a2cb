// SPDX-License-Identifier: GPL-2.0
/*
 * load.c - keeps a kernel busy while patches are switched
 *
 * usage: load [-s SLEEPERS] [-b BUSY] [-f FORKS] [FILE:TASKS:PAUSE]...
 *        load -r PID
 *
 *	-s	so many tasks asleep in various system calls
 *	-b	so many tasks at nice 19 that use the CPU all the time, half of
 *		them in user space, half of them in system calls
 *	-f	so many processes a second that live for a moment, each of which
 *		reads the first FILE
 *	FILE	is read all the time by TASKS at nice -10, which pause for PAUSE ms
 *		after each read
 *	-r	gives task PID real-time priority, and does nothing else
 *
 * Prints "ready" when all tasks are there. They end with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *first_file;

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void pause_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* Start a task that ends with this program, however that ends. */
static void start(void (*run)(unsigned int arg), unsigned int arg)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		die("fork");
	if (child)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		run(arg);
	_exit(0);
}

static void start_many(unsigned int n, void (*run)(unsigned int arg))
{
	unsigned int i;

	for (i = 0; i < n; i++)
		start(run, i);
}

static void sleep_for_ever(unsigned int kind)
{
	int fds[2];
	char byte;

	for (;;) {
		switch (kind % 4) {
		case 0:
			pause();
			break;
		case 1:
			pause_ms(1000000);
			break;
		case 2:
			poll(NULL, 0, -1);
			break;
		case 3:
			if (pipe(fds) || read(fds[0], &byte, 1) < 0)
				_exit(1);
		}
	}
}

static void be_busy(unsigned int kind)
{
	setpriority(PRIO_PROCESS, 0, 19);
	for (;;) {
		__asm__ __volatile__("" : : : "memory");
		if (kind % 2)
			getppid();
	}
}

static void read_once(int fd)
{
	char buffer[64];

	if (pread(fd, buffer, sizeof(buffer), 0) < 0 && errno != EBUSY)
		_exit(1);
}

static void live_for_a_moment(void)
{
	int fd = first_file ? open(first_file, O_RDONLY) : -1;

	if (fd >= 0)
		read_once(fd);
	_exit(0);
}

/* In bursts of ten. */
static void fork_all_the_time(unsigned int a_second)
{
	unsigned int burst = a_second < 10 ? a_second : 10, i;

	for (;;) {
		for (i = 0; i < burst; i++)
			if (!fork())
				live_for_a_moment();
		pause_ms(burst * 1000 / a_second);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

/* FILE:TASKS:PAUSE */
static char *file;
static unsigned int tasks, pause_after;

static void split(char *arg)
{
	char *colon = strchr(arg, ':');

	if (!colon || sscanf(colon, ":%u:%u", &tasks, &pause_after) != 2) {
		fprintf(stderr, "load: %s: not FILE:TASKS:PAUSE\n", arg);
		exit(1);
	}
	*colon = '\0';
	file = arg;
}

static void read_all_the_time(unsigned int number)
{
	int fd = open(file, O_RDONLY);

	(void)number;
	if (fd < 0)
		die(file);
	setpriority(PRIO_PROCESS, 0, -10);
	for (;;) {
		read_once(fd);
		pause_ms(pause_after);
	}
}

static void make_real_time(pid_t pid)
{
	struct sched_param param = { .sched_priority = 10 };

	if (sched_setscheduler(pid, SCHED_FIFO, &param))
		die("sched_setscheduler");
}

int main(int argc, char **argv)
{
	unsigned int forks = 0;
	int option;

	while ((option = getopt(argc, argv, "s:b:f:r:")) != -1) {
		switch (option) {
		case 's':
			start_many(atoi(optarg), sleep_for_ever);
			break;
		case 'b':
			start_many(atoi(optarg), be_busy);
			break;
		case 'f':
			forks = atoi(optarg);
			break;
		case 'r':
			make_real_time(atoi(optarg));
			return 0;
		default:
			return 1;
		}
	}
	for (; optind < argc; optind++) {
		split(argv[optind]);
		start_many(tasks, read_all_the_time);
		if (!first_file)
			first_file = file;
	}
	if (forks)
		start(fork_all_the_time, forks);
	puts("ready");
	fflush(stdout);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}
