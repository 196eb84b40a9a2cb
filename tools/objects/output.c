// SPDX-License-Identifier: GPL-2.0
/*
 * output.c - the directory that a patch is written into
 *
 * Its Kbuild says that it is one. That comes first, without a word of what to build, and is
 * replaced by the whole one when all else is there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "memory.h"
#include "output.h"

#define KBUILD		"Kbuild"
#define KBUILD_COMING	".Kbuild.coming"
#define MARK		"# SPDX-License-Identifier: GPL-2.0\n# Made by xlp diff-objects.\n"

/* The directory is locked until this process ends. */
static int output_lock = -1;

static bool is_empty(const char *dir)
{
	struct dirent *entry;
	bool empty = true;
	DIR *open = opendir(dir);

	if (!open)
		give_up("%s: %s", dir, strerror(errno));
	while (empty && (entry = readdir(open)))
		empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
			!strcmp(entry->d_name, KBUILD_COMING);
	closedir(open);
	return empty;
}

static bool has_patch(const char *dir)
{
	char found[sizeof(MARK)] = "";
	FILE *kbuild = fopen(memory_print("%s/" KBUILD, dir), "r");

	if (!kbuild)
		return false;
	found[fread(found, 1, sizeof(found) - 1, kbuild)] = '\0';
	fclose(kbuild);
	return !strcmp(found, MARK);
}

static void lock(const char *dir)
{
	output_lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (output_lock < 0)
		give_up("%s: %s", dir, strerror(errno));
	if (!flock(output_lock, LOCK_EX | LOCK_NB))
		return;
	if (errno == EWOULDBLOCK)
		give_up("%s: somebody else is just writing there", dir);
	/* A file system that has no locks. */
}

void output_begin(const char *dir)
{
	if (mkdir(dir, 0777) && errno != EEXIST)
		give_up("%s: %s", dir, strerror(errno));
	lock(dir);
	if (!is_empty(dir) && !has_patch(dir))
		give_up("%s has something else than a patch in it: say another directory (--output)",
			dir);
	output_end(output_kbuild(dir), dir);
}

FILE *output_file(const char *dir, const char *name)
{
	char *path = memory_print("%s/%s", dir, name);
	FILE *to = fopen(path, "w");

	if (!to)
		give_up("%s: %s", path, strerror(errno));
	return to;
}

void output_close(FILE *to, const char *dir)
{
	if (ferror(to) | fclose(to))
		give_up("cannot write to %s: %s", dir, strerror(errno));
}

FILE *output_kbuild(const char *dir)
{
	FILE *to = output_file(dir, KBUILD_COMING);

	fputs(MARK, to);
	return to;
}

void output_end(FILE *kbuild, const char *dir)
{
	output_close(kbuild, dir);
	if (rename(memory_print("%s/" KBUILD_COMING, dir), memory_print("%s/" KBUILD, dir)))
		give_up("cannot write to %s: %s", dir, strerror(errno));
}
