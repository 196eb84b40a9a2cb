// SPDX-License-Identifier: GPL-2.0
/* kernel.c - memory and mutexes of machines in tests: this one, and that of tests/growing */
#include "../../common/alloc.h"

int memory_left;
char said[1000];
const char *xlp_log_prefix = "xlp";
bool xlp_compat;

static unsigned int nr_memory;

void bail_out(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(1);
}

void *xlp_alloc(size_t size)
{
	if (!memory_left)
		return NULL;
	memory_left--;
	nr_memory++;
	return calloc(1, size);
}

void *xlp_alloc_array(size_t nr, size_t size)
{
	return xlp_alloc(nr * size);
}

void xlp_free(const void *memory)
{
	machine_frees(memory);
	nr_memory -= !!memory;
	free((void *)memory);
}

unsigned int memory_held(void)
{
	return nr_memory;
}

void mutex_lock(struct mutex *mutex)
{
	if (mutex->locked)
		bail_out("a task waits for itself");
	mutex->locked = true;
}

void mutex_unlock(struct mutex *mutex)
{
	mutex->locked = false;
}
