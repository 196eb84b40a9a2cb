// SPDX-License-Identifier: GPL-2.0
/*
 * load.c - keeps a kernel busy while patches are switched
 *
 * usage: load [-s SLEEPERS] [-b BUSY] [-f FORKS] [FILE:TASKS:PAUSE]...
 *        load -r PID
 *        load -t FILE
 *        load -u FILE
 *
 *	-s	so many tasks asleep in various system calls
 *	-b	so many tasks at nice 19 that use the CPU all the time, half of
 *		them in user space, half of them in system calls
 *	-f	so many processes a second that live for a moment, each of which
 *		reads the first FILE
 *	FILE	is read all the time by TASKS at nice -10, which pause for PAUSE ms
 *		after each read
 *	-r	gives task PID real-time priority, and does nothing else
 *	-t	reads FILE all the time, in a child that it stops before and after
 *		each system call, as a debugger would
 *	-u	has FILE read all the time by a worker of an io_uring
 *
 * Prints "ready" when all tasks are there. They end with it, and before it on SIGTERM.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
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

/* To the tasks too, whose end main() waits for. */
static void pass_on(int number)
{
	signal(number, SIG_IGN);
	kill(0, number);
}

static void mask_end(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(how, &set, NULL);
}

/*
 * The kernel kills the tasks of one that exits with interrupts off all the while, which in
 * emulation was 16 s for 300 of them: enough for its watchdog. So none are left by then.
 * SIGTERM is held back until all are there, and no task gets it before it has the default action.
 */
static void end_tasks_first(void)
{
	static int done;

	if (done++)
		return;
	mask_end(SIG_BLOCK);
	signal(SIGTERM, pass_on);
	if (setpgid(0, 0))
		die("setpgid");
}

/* Start a task that ends with this program, however that ends. */
static void start(void (*run)(unsigned int arg), unsigned int arg)
{
	pid_t parent, child;

	end_tasks_first();
	parent = getpid();
	child = fork();
	if (child < 0)
		die("fork");
	if (child)
		return;
	signal(SIGTERM, SIG_DFL);
	mask_end(SIG_UNBLOCK);
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

static int open_or_die(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		die(path);
	return fd;
}

static void be_traced(const char *path)
{
	int fd = open_or_die(path);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	for (;;)
		read_once(fd);
}

/* It stays in each stop for a moment, with the tracer's frames on its stack. */
static void trace_reader(const char *path)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (!child)
		be_traced(path);
	while (waitpid(child, NULL, 0) == child) {
		pause_ms(5);
		if (ptrace(PTRACE_SYSCALL, child, NULL, NULL))
			die("ptrace");
	}
}

/* What is mapped of a ring: one entry is all that is ever in use. */
struct ring {
	int fd;
	unsigned int *tail;
	unsigned int *mask;
	unsigned int *array;
	unsigned int *done_head;
	struct io_uring_sqe *entry;
};

static void *map_ring(int fd, size_t size, off_t what)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			    what);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

static void open_ring(struct ring *ring)
{
	struct io_uring_params params = { 0 };
	char *submit, *done;

	ring->fd = syscall(SYS_io_uring_setup, 1, &params);
	if (ring->fd < 0)
		die("io_uring_setup");
	submit = map_ring(ring->fd, params.sq_off.array + sizeof(unsigned int),
			  IORING_OFF_SQ_RING);
	done = map_ring(ring->fd, params.cq_off.cqes +
			params.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	ring->entry = map_ring(ring->fd, sizeof(*ring->entry), IORING_OFF_SQES);
	ring->tail = (unsigned int *)(submit + params.sq_off.tail);
	ring->mask = (unsigned int *)(submit + params.sq_off.ring_mask);
	ring->array = (unsigned int *)(submit + params.sq_off.array);
	ring->done_head = (unsigned int *)(done + params.cq_off.head);
}

static void read_by_worker(const char *path)
{
	static char buffer[64];
	struct ring ring;
	int fd = open_or_die(path);

	open_ring(&ring);
	for (;;) {
		memset(ring.entry, 0, sizeof(*ring.entry));
		ring.entry->opcode = IORING_OP_READ;
		ring.entry->flags = IOSQE_ASYNC;
		ring.entry->fd = fd;
		ring.entry->addr = (unsigned long)buffer;
		ring.entry->len = sizeof(buffer);
		ring.array[*ring.tail & *ring.mask] = 0;
		__atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
		while (syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS,
			       NULL, 0) < 0)
			if (errno != EINTR)
				die("io_uring_enter");
		__atomic_store_n(ring.done_head, *ring.done_head + 1, __ATOMIC_RELEASE);
	}
}

int main(int argc, char **argv)
{
	unsigned int forks = 0;
	int option;

	while ((option = getopt(argc, argv, "s:b:f:r:t:u:")) != -1) {
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
		case 't':
			trace_reader(optarg);
			return 0;
		case 'u':
			read_by_worker(optarg);
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
	mask_end(SIG_UNBLOCK);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}
