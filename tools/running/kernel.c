// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - the copies of a kernel's code and of its symbols
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "running.h"

char *running_file(const char *path, size_t *size)
{
	size_t got = 0;
	struct stat st;
	char *bytes;
	ssize_t part;
	int fd;

	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st))
		give_up("%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		give_up("%s: no file", path);
	bytes = memory_get((size_t)st.st_size + 1, 1);
	while (got < (size_t)st.st_size) {
		part = read(fd, bytes + got, (size_t)st.st_size - got);
		if (part <= 0)
			give_up("%s: %s", path, part ? strerror(errno) : "it became shorter");
		got += (size_t)part;
	}
	close(fd);
	*size = got;
	return bytes;
}

/* A line "xlp-text kcore START SIZE", numbers in hexadecimal, and the bytes. */
static void read_text(struct running *running, const char *path)
{
	size_t size;
	char *bytes = running_file(path, &size), *end = memchr(bytes, '\n', size);
	int length = 0;

	if (!end)
		give_up("%s: no copy of a kernel's code: xlp check --save makes one", path);
	*end = '\0';
	if (sscanf(bytes, "xlp-text kcore %" SCNx64 " %" SCNx64 "%n", &running->start,
		   &running->size, &length) != 2 ||
	    length != end - bytes)
		give_up("%s: no copy of a kernel's code: xlp check --save makes one", path);
	if (running->size != size - (size_t)(end + 1 - bytes))
		give_up("%s: it is not whole: save it anew (xlp check --save)", path);
	if (running->size > UINT64_MAX - running->start)
		give_up("%s: no kernel's code is at that address", path);
	running->text = (const uint8_t *)end + 1;
}

static int by_name(const void *a, const void *b)
{
	const struct name_at *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	if (order)
		return order;
	return first->address < second->address ? -1 : first->address > second->address;
}

/* Lines of address, letter, name and, for a module, its name in brackets. */
static void read_names(struct running *running, const char *path)
{
	size_t size, room = 1;
	char *bytes = running_file(path, &size), *line, *rest, *at;
	bool any = false;

	for (at = bytes; (at = strchr(at, '\n')); at++)
		room++;
	running->names = memory_get(room, sizeof(*running->names));
	for (line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct name_at *name = &running->names[running->nr_names];

		name->address = strtoull(line, &at, 16);
		if (at == line || at[0] != ' ' || !at[1] || at[2] != ' ' || !at[3])
			give_up("%s: a line of it is not one of kallsyms", path);
		if (strchr(at + 3, '['))
			continue;
		name->name = at + 3;
		any |= name->address != 0;
		running->nr_names++;
	}
	if (!any)
		give_up("%s: addresses are hidden in it (kernel.kptr_restrict): save it as root",
			path);
	sort(running->names, running->nr_names, sizeof(*running->names), by_name);
}

void running_read(struct running *running, const char *text, const char *kallsyms)
{
	read_text(running, text);
	read_names(running, kallsyms);
}

const struct name_at *running_find(const struct running *running, const char *name, size_t *nr)
{
	size_t low = 0, high = running->nr_names, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(running->names[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*nr = 0;
	while (low + *nr < running->nr_names && !strcmp(running->names[low + *nr].name, name))
		++*nr;
	return &running->names[low];
}

const uint8_t *running_bytes(const struct running *running, uint64_t address, uint64_t size)
{
	uint64_t at = address - running->start;

	if (address < running->start || at > running->size || size > running->size - at)
		return NULL;
	return running->text + at;
}
