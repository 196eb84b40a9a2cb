// SPDX-License-Identifier: GPL-2.0
/* machine.c - files, modules and chance */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "admins.h"

const char *modules, *xlp_ko;

const char *const item_name[ITEMS] = {
	"xlp_test_patcha", "xlp_test_patchb", "xlp_test_patchc", "xlp_test_patchd",
	"xlp_test_targeta", "xlp_test_targetb", "xlp_test_targetc",
};

const char *name_of(int item)
{
	return item == NOTHING ? "" : item_name[item];
}

const char *const state_name[STATES] = { "absent", "on", "off" };

/* ---- time and chance ---- */

static unsigned long long dice;

unsigned int now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void pause_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

void spin_us(unsigned int us)
{
	struct timespec time;
	long long until;

	clock_gettime(CLOCK_MONOTONIC, &time);
	until = time.tv_sec * 1000000000LL + time.tv_nsec + us * 1000LL;
	do
		clock_gettime(CLOCK_MONOTONIC, &time);
	while (time.tv_sec * 1000000000LL + time.tv_nsec < until);
}

void dice_begin(unsigned long long seed, unsigned long long interval, unsigned long long number)
{
	dice = (seed << 40) + (interval << 8) + number;
	dice_throw();
	dice = dice_throw();
}

void dice_take(unsigned long long from)
{
	dice = from;
}

/* Steps of one length, each mixed up well. */
unsigned long long dice_throw(void)
{
	unsigned long long x = dice += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

unsigned int below(unsigned int n)
{
	return dice_throw() % n;
}

bool one_in(unsigned int n)
{
	return !below(n);
}

/* ---- files ---- */

const char *path(const char *format, ...)
{
	static char paths[4][256];
	static unsigned int next;
	char *result = paths[next++ % 4];
	va_list args;

	va_start(args, format);
	vsnprintf(result, sizeof(paths[0]), format, args);
	va_end(args);
	return result;
}

bool read_file(const char *name, char *buffer, size_t size)
{
	int fd = open(name, O_RDONLY);
	size_t done = 0;
	ssize_t n = -1;

	buffer[0] = '\0';
	if (fd < 0)
		return false;
	while (done < size - 1 && (n = read(fd, buffer + done, size - 1 - done)) > 0)
		done += n;
	close(fd);
	buffer[done] = '\0';
	return n >= 0;
}

int read_number(const char *name)
{
	char text[256];

	if (!read_file(name, text, sizeof(text)))
		return -1;
	if (isdigit((unsigned char)text[0]))
		return atoi(text);
	return text[0] == 'Y' ? 1 : text[0] == 'N' ? 0 : -1;
}

/* What arch_NAME.h says of this architecture. */
unsigned int fact(const char *name)
{
	char file[96];
	int value;

	snprintf(file, sizeof(file), "/sys/module/xlp_test_arch/parameters/%s", name);
	value = read_number(file);
	if (value >= 0)
		return value;
	printf("# there is no %s\n", file);
	exit(1);
}

static int write_with(const char *name, const char *text, int flags)
{
	int fd = open(name, O_WRONLY | flags), err;

	if (fd < 0)
		return errno;
	err = write(fd, text, strlen(text)) < 0 ? errno : 0;
	/* The kernel looks at what is left without a newline when it is closed. */
	if (close(fd) && !err)
		err = errno;
	return err;
}

int write_file(const char *name, const char *text)
{
	return write_with(name, text, O_TRUNC);
}

int append_to_file(const char *name, const char *text)
{
	return write_with(name, text, O_APPEND);
}

/* ---- modules ---- */

/* Wherever it stands; the names are of one length. */
static void rename_in(char *image, size_t size, const char *old, const char *new)
{
	char *place = image;

	while ((place = memmem(place, image + size - place, old, strlen(old))))
		memcpy(place, new, strlen(new));
}

/* Load @file under the name of @new instead of @old. */
static int insert(const char *file, const char *old, const char *new, const char *parameters)
{
	int fd = open(file, O_RDONLY), err = 0;
	struct stat stat;
	char *image;

	if (fd < 0)
		return errno;
	fstat(fd, &stat);
	image = mmap(NULL, stat.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED)
		return errno;
	if (strcmp(old, new))
		rename_in(image, stat.st_size, old, new);
	if (syscall(SYS_init_module, image, (unsigned long)stat.st_size, parameters))
		err = errno;
	munmap(image, stat.st_size);
	return err;
}

int insert_module(const char *name, const char *parameters)
{
	return insert(path("%s/%s.ko", modules, name), name, name, parameters);
}

/* All patches are made of the first one's file, all targets of the first one's. */
int insert_item(int item, const char *parameters)
{
	const char *original = item_name[item < PATCHES ? 0 : PATCHES];

	return insert(path("%s/%s.ko", modules, original), original, item_name[item],
		      parameters);
}

bool xlp_is_built_in(void)
{
	return !access("/sys/module/xlp", F_OK) && access("/sys/module/xlp/initstate", F_OK);
}

int insert_xlp(void)
{
	if (xlp_is_built_in())
		return EEXIST;
	return insert(xlp_ko, "xlp", "xlp", "compat=0");
}

int remove_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

int parameter(int item, const char *name)
{
	return read_number(path("/sys/module/%s/parameters/%s", item_name[item], name));
}

enum state state_of(int item)
{
	if (access(path("/sys/module/%s/initstate", item_name[item]), F_OK))
		return ABSENT;
	if (item < PATCHES && read_number(path(SYSFS "%s/enabled", item_name[item])) == 1)
		return ON;
	return OFF;
}

bool is_in_transition(int patch)
{
	return read_number(path(SYSFS "%s/transition", item_name[patch])) == 1;
}

const char *file_of(unsigned int object, const char *function)
{
	if (!object)
		return "/proc/cmdline";
	return path("/proc/%s/%s", item_name[PATCHES + object - 1], function);
}

int ask(const char *file)
{
	char text[4096];
	int patch;

	if (!read_file(file, text, sizeof(text)))
		return -1;
	/* A number alone, or in what the kernel says otherwise. */
	if (isdigit((unsigned char)text[0]))
		return atoi(text);
	if (sscanf(text, "patch %d", &patch) == 1)
		return patch;
	return ORIGINAL;
}
