// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - xlp-text: writes the code of the kernel that runs to standard output
 *
 * usage: xlp-text KALLSYMS >COPY
 *	KALLSYMS is /proc/kallsyms, or a copy of it that was made since this kernel began
 * exit:  0 done, 1 there is no such code to be read
 *
 * It is a line "xlp-text kcore START SIZE", the numbers in hexadecimal, and as many bytes. A guest
 * has no libraries, so this takes none but that of C.
 */
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#define KCORE "/proc/kcore"

static void give_up(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void give_up(const char *fmt, ...)
{
	va_list args;

	fputs("xlp-text: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* Where the code begins and ends. */
static void find_text(const char *path, uint64_t *start, uint64_t *end)
{
	char *line = NULL, name[128];
	size_t room = 0;
	uint64_t address;
	FILE *file = fopen(path, "r");

	if (!file)
		give_up("%s: %s", path, strerror(errno));
	*start = 0;
	*end = 0;
	while (getline(&line, &room, file) >= 0) {
		/* Those of modules have a word more, and come last. */
		if (sscanf(line, "%" SCNx64 " %*c %127s", &address, name) != 2)
			continue;
		if (!strcmp(name, "_stext") && !*start)
			*start = address;
		else if (!strcmp(name, "_etext") && !*end)
			*end = address;
	}
	free(line);
	fclose(file);
	if (!*start || *end <= *start)
		give_up("%s does not say where the kernel's code is: read it as root (kernel.kptr_restrict)",
			path);
}

static void read_all(int fd, void *to, size_t size, uint64_t from)
{
	size_t got = 0;
	ssize_t part;

	while (got < size) {
		part = pread(fd, (char *)to + got, size - got, (off_t)(from + got));
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			give_up(KCORE ": %s", part ? strerror(errno) : "it ends early");
		got += (size_t)part;
	}
}

/* Return: where in the file all of this memory is. */
static uint64_t find_segment(int fd, uint64_t start, uint64_t end)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	unsigned int i;

	read_all(fd, &header, sizeof(header), 0);
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_phentsize != sizeof(segment))
		give_up(KCORE ": it is not of a 64-bit kernel");
	for (i = 0; i < header.e_phnum; i++) {
		read_all(fd, &segment, sizeof(segment), header.e_phoff + i * sizeof(segment));
		if (segment.p_type == PT_LOAD && segment.p_vaddr <= start &&
		    end - segment.p_vaddr <= segment.p_filesz)
			return segment.p_offset + (start - segment.p_vaddr);
	}
	give_up(KCORE ": it does not have the kernel's code");
}

int main(int argc, char **argv)
{
	uint64_t start, end, from;
	void *bytes;
	int fd;

	if (argc != 2)
		give_up("usage: xlp-text KALLSYMS >COPY");
	find_text(argv[1], &start, &end);
	fd = open(KCORE, O_RDONLY);
	if (fd < 0)
		give_up(KCORE ": %s", errno == ENOENT ? "this kernel has none (CONFIG_PROC_KCORE)" :
							strerror(errno));
	from = find_segment(fd, start, end);
	bytes = malloc(end - start);
	if (!bytes)
		give_up("out of memory");
	read_all(fd, bytes, end - start, from);
	printf("xlp-text kcore %" PRIx64 " %" PRIx64 "\n", start, end - start);
	if (fwrite(bytes, 1, end - start, stdout) != end - start || fflush(stdout))
		give_up("it cannot be written: %s", strerror(errno));
	free(bytes);
	return EXIT_SUCCESS;
}
