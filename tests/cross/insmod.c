// SPDX-License-Identifier: GPL-2.0
/*
 * insmod.c - loads a module with one system call, as kmod's insmod does
 *
 * usage: insmod FILE [PARAMETER=VALUE]...
 *
 * For guests, in place of busybox's: that one answers a refusal with a second attempt,
 * by another system call. The log then has each refusal twice, and a test cannot tell
 * whether xlp said it twice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int die(const char *file)
{
	fprintf(stderr, "insmod: can't insert '%s': %s\n", file, strerror(errno));
	return 1;
}

static char *join(char **words)
{
	size_t size = 1;
	char *all, *end;
	char **word;

	for (word = words; *word; word++)
		size += strlen(*word) + 1;
	all = malloc(size);
	end = all;
	if (!all)
		return NULL;
	*end = '\0';
	for (word = words; *word; word++)
		end += sprintf(end, "%s%s", word == words ? "" : " ", *word);
	return all;
}

int main(int argc, char **argv)
{
	char *parameters;
	int fd;

	if (argc < 2) {
		fputs("usage: insmod FILE [PARAMETER=VALUE]...\n", stderr);
		return 1;
	}
	parameters = join(argv + 2);
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (!parameters || fd < 0 || syscall(SYS_finit_module, fd, parameters, 0))
		return die(argv[1]);
	return 0;
}
