// SPDX-License-Identifier: GPL-2.0
/*
 * stale.c - does a processor go on executing what has been written over?
 *
 * usage: stale SECONDS
 *
 * For emulators: neither xlp nor ftrace has a part in it. One processor writes an instruction of a
 * function, asks the kernel to flush the instruction caches of all (riscv_flush_icache), and says
 * so; the others call the function all the time, and each is waited for until it has made a call
 * that began after that. If such a call has executed the instruction that was there before, what is
 * in memory is printed, what that processor executes 50 ms later, and what it does when the same
 * word has been written once more. Exits with 1 if there was any.
 *
 * riscv only. tests/cross/README.md, "Processors in parallel", says how to run it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE		4096
#define MOST_CPUS	64
/* Results are smaller than that: twelve bits have a sign. */
#define VALUES		2048
#define RETURN		0x00008067u
/* li a0, VALUE */
#define LOAD(value)	((unsigned int)(value) << 20 | 0x513u)
#define PATIENCE_US	50000
/* So many are described. */
#define MOST_TOLD	20

/* In the first half what is written over; in the other one what keeps the page full of code. */
static unsigned int *code;
/* How often the instruction has been written and flushed. */
static unsigned long written;

/* What a call of each CPU has returned, and how often had been written before it. */
static struct {
	unsigned long call;
	unsigned long apart[7];		/* as they are written by different CPUs */
} seen[MOST_CPUS];

typedef unsigned long function(void);

static void stay_on(long cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void flush(void)
{
	syscall(SYS_riscv_flush_icache, code, code + PAGE / sizeof(*code), 0);
}

static void write_value(unsigned long value)
{
	__atomic_store_n(&code[0], LOAD(value), __ATOMIC_RELAXED);
	flush();
}

static void *keep_calling(void *cpu)
{
	function *written_over = (function *)code;
	function *other = (function *)(code + PAGE / 2 / sizeof(*code));
	unsigned long before;

	stay_on((long)cpu);
	for (;;) {
		before = __atomic_load_n(&written, __ATOMIC_ACQUIRE);
		__atomic_store_n(&seen[(long)cpu].call, before * VALUES + written_over(),
				 __ATOMIC_RELEASE);
		other();
	}
	return NULL;
}

/* By a call that began after the instruction had been written so often. */
static unsigned long value_seen(long cpu, unsigned long since)
{
	unsigned long call;

	do {
		call = __atomic_load_n(&seen[cpu].call, __ATOMIC_ACQUIRE);
	} while (call / VALUES != since);
	return call % VALUES;
}

static unsigned long value_later(long cpu)
{
	usleep(PATIENCE_US);
	return __atomic_load_n(&seen[cpu].call, __ATOMIC_ACQUIRE) % VALUES;
}

static void tell(unsigned long nr, long cpu, unsigned long value, unsigned long got)
{
	unsigned long later = value_later(cpu);

	printf("write %lu: in memory %lu, executed by CPU %ld %lu, 50 ms later %lu", nr,
	       (unsigned long)__atomic_load_n(&code[0], __ATOMIC_RELAXED) >> 20, cpu, got, later);
	write_value(value);
	printf(", when written again %lu\n", value_later(cpu));
}

/* Is any CPU behind? */
static int try(unsigned long nr, long cpus, int is_told)
{
	unsigned long value = nr % VALUES, got;
	long cpu;

	write_value(value);
	__atomic_store_n(&written, nr, __ATOMIC_RELEASE);
	for (cpu = 1; cpu < cpus; cpu++) {
		got = value_seen(cpu, nr);
		if (got == value)
			continue;
		if (is_told)
			tell(nr, cpu, value, got);
		else
			write_value(value);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), cpu;
	unsigned long nr = 0, stale = 0;
	pthread_t thread;
	time_t end;

	if (argc != 2 || atoi(argv[1]) < 1 || cpus < 2 || cpus > MOST_CPUS) {
		fprintf(stderr, "usage: stale SECONDS, on 2 to %d CPUs\n", MOST_CPUS);
		return 2;
	}
	code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (code == MAP_FAILED) {
		perror("stale: no page to execute");
		return 2;
	}
	code[1] = RETURN;
	code[PAGE / 2 / sizeof(*code)] = RETURN;
	write_value(0);
	stay_on(0);
	for (cpu = 1; cpu < cpus; cpu++) {
		if (pthread_create(&thread, NULL, keep_calling, (void *)cpu)) {
			fprintf(stderr, "stale: no thread for CPU %ld\n", cpu);
			return 2;
		}
	}
	for (end = time(NULL) + atoi(argv[1]); time(NULL) < end; )
		stale += try(++nr, cpus, stale < MOST_TOLD);
	printf("%lu writes, of which %lu were not executed on %ld CPUs\n", nr, stale, cpus);
	return !!stale;
}
