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

/*
 * A line, of which numbers are hexadecimal, and the bytes. Return: what is behind these; NULL if
 * no such line is here.
 */
static char *read_part(struct part *part, char *bytes, const char *end, const char *path)
{
	char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
	int length = 0;

	if (!line_end)
		return NULL;
	*line_end = '\0';
	*part = (struct part){ .bytes = (uint8_t *)line_end + 1 };
	if (sscanf(bytes, "xlp-text kcore %" SCNx64 " %" SCNx64 "%n", &part->start, &part->size,
		   &length) != 2 &&
	    sscanf(bytes, "xlp-text module %63s %" SCNx64 " %" SCNx64 "%n", part->module,
		   &part->start, &part->size, &length) != 3)
		return NULL;
	/* From the module's note, if it has one. */
	if (*part->module && bytes[length] == ' ' &&
	    sscanf(bytes + length + 1, "%128[0-9a-f]", part->build_id) == 1)
		length += 1 + (int)strlen(part->build_id);
	if (length != line_end - bytes)
		return NULL;
	if (part->size > (size_t)(end - line_end - 1))
		give_up("%s: it is not whole: save it anew (xlp check --save)", path);
	if (part->size > UINT64_MAX - part->start)
		give_up("%s: no kernel's code is at that address", path);
	return line_end + 1 + part->size;
}

/* All of it is read, to see whether it is whole. */
static bool read_text(struct running *running, const char *path, const char *module)
{
	size_t size;
	char *at = running_file(path, &size), *end = at + size;
	bool first = true, found = false;
	struct part part;

	for (; first || at < end; first = false) {
		at = read_part(&part, at, end, path);
		if (!at && first)
			give_up("%s: no copy of a kernel's code: xlp check --save makes one", path);
		if (!at)
			give_up("%s: it is not whole: save it anew (xlp check --save)", path);
		if (strcmp(part.module, module ? module : ""))
			continue;
		if (found && strcmp(running->build_id, part.build_id))
			give_up("%s: two builds of module %s are in it: save it anew (xlp check --save)",
				path, module);
		list_add(&running->parts, memory_copy(&part, sizeof(part)));
		strcpy(running->build_id, part.build_id);
		found = true;
	}
	return found;
}

static int by_name(const void *a, const void *b)
{
	const struct name_at *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	if (order)
		return order;
	return first->address < second->address ? -1 : first->address > second->address;
}

/* Does what stands behind a name say that it is of this module? Without one it is the kernel's. */
static bool is_of(const char *tag, const char *module)
{
	size_t length = module ? strlen(module) : 0;

	if (!module || !tag)
		return !module && !tag;
	return !strncmp(tag + 1, module, length) && !strcmp(tag + 1 + length, "]");
}

/* Lines of address, letter, name and, for a module, its name in brackets. */
static void read_names(struct running *running, const char *path, const char *module)
{
	size_t size, room = 2;
	char *bytes = running_file(path, &size), *line, *rest, *at, *tag;
	bool any = false;

	if (size && bytes[size - 1] != '\n')
		give_up("%s: it is not whole: save it anew (xlp check --save)", path);
	for (at = bytes; (at = strchr(at, '\n')); at++)
		room++;
	running->names.at = memory_get(room, sizeof(*running->names.at));
	running->others.at = memory_get(room, sizeof(*running->others.at));
	for (line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct names *names = &running->others;
		struct name_at name = {};

		name.address = strtoull(line, &at, 16);
		if (at == line || at[0] != ' ' || !at[1] || at[2] != ' ' || !at[3])
			give_up("%s: a line of it is not one of kallsyms", path);
		name.name = at + 3;
		name.is_code = strchr("tTwW", at[1]);
		tag = strchr(at + 3, '[');
		if (is_of(tag, module))
			names = &running->names;
		else if (!module)
			continue;
		if (tag)
			at[3 + strcspn(at + 3, "\t [")] = '\0';
		names->at[names->nr++] = name;
		any |= name.address != 0;
	}
	if (!any)
		give_up("%s: addresses are hidden in it (kernel.kptr_restrict): save it as root",
			path);
	sort(running->names.at, running->names.nr, sizeof(*running->names.at), by_name);
	sort(running->others.at, running->others.nr, sizeof(*running->others.at), by_name);
}

bool running_read(struct running *running, const char *text, const char *kallsyms,
		  const char *module)
{
	bool found = read_text(running, text, module);

	read_names(running, kallsyms, module);
	return found;
}

static const struct name_at *find(const struct names *names, const char *name, size_t *nr)
{
	size_t low = 0, high = names->nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(names->at[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*nr = 0;
	while (low + *nr < names->nr && !strcmp(names->at[low + *nr].name, name))
		++*nr;
	return &names->at[low];
}

const struct name_at *running_find(const struct running *running, const char *name, size_t *nr)
{
	return find(&running->names, name, nr);
}

const struct name_at *running_find_other(const struct running *running, const char *name,
					 size_t *nr)
{
	return find(&running->others, name, nr);
}

static const char *code_at(const struct names *names, uint64_t address)
{
	size_t i;

	for (i = 0; i < names->nr; i++)
		if (names->at[i].address == address && names->at[i].is_code)
			return names->at[i].name;
	return NULL;
}

const char *running_code_at(const struct running *running, uint64_t address)
{
	const char *name = code_at(&running->names, address);

	return name ? name : code_at(&running->others, address);
}

const uint8_t *running_bytes(const struct running *running, uint64_t address, uint64_t size)
{
	const struct part *part;
	uint64_t at;
	size_t i;

	for (i = 0; i < running->parts.nr; i++) {
		part = running->parts.at[i];
		at = address - part->start;
		if (address >= part->start && at <= part->size && size <= part->size - at)
			return part->bytes + at;
	}
	return NULL;
}
