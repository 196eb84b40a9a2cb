// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - xlp-text: writes the code and the constants of the kernel that runs and of its modules
 *
 * usage: xlp-text KALLSYMS MODULES >COPY
 *	KALLSYMS is /proc/kallsyms, or a copy that was made since this kernel began
 *	MODULES is /proc/modules; there is none if the kernel takes no modules
 * exit:  0 done, 1 there is no such code to be read
 *
 * It is a line "xlp-text kcore START SIZE", the numbers in hexadecimal, and as many bytes; then,
 * for each module, a line "xlp-text module NAME START SIZE" and as many. Behind the size is the
 * module's build id, in hexadecimal digits, if it has one. Constants that are elsewhere are a
 * second part of the same kind. A guest has no libraries, so this takes none but that of C.
 */
#include <dirent.h>
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

/* tests/running reads another one */
#ifndef KCORE
#define KCORE "/proc/kcore"
#endif
#ifndef SYS_MODULE
#define SYS_MODULE "/sys/module"
#endif

/* A note: three words, "GNU" and a zero, and the build id. */
#define NOTE_HEAD 16
#define NOTE_MAX 64

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

/**
 * struct marks - symbols that say where parts of the kernel are; 0: there is no such symbol
 * @text:	where its code begins
 * @text_end:	and ends
 * @constants:	where its constants begin
 * @tables:	what is behind these, and nobody refers to by code
 * @constants_end: where all that nobody writes ends
 */
struct marks {
	uint64_t text;
	uint64_t text_end;
	uint64_t constants;
	uint64_t tables;
	uint64_t constants_end;
};

static void find_marks(const char *path, struct marks *marks)
{
	const struct {
		const char *name;
		uint64_t *address;
	} names[] = {
		{ "_stext", &marks->text },
		{ "_etext", &marks->text_end },
		{ "__start_rodata", &marks->constants },
		{ "__start___ksymtab", &marks->tables },
		{ "__end_rodata", &marks->constants_end },
		{ NULL, NULL },
	};
	char *line = NULL, name[128];
	size_t i, room = 0;
	uint64_t address;
	FILE *file = fopen(path, "r");

	if (!file)
		give_up("%s: %s", path, strerror(errno));
	while (getline(&line, &room, file) >= 0) {
		/* Those of modules have a word more, and come last. */
		if (sscanf(line, "%" SCNx64 " %*c %127s", &address, name) != 2)
			continue;
		for (i = 0; names[i].name; i++)
			if (!strcmp(name, names[i].name) && !*names[i].address)
				*names[i].address = address;
	}
	free(line);
	fclose(file);
	if (!marks->text || marks->text_end <= marks->text)
		give_up("%s does not say where the kernel's code is: read it as root (kernel.kptr_restrict)",
			path);
	if (marks->tables > marks->constants && marks->tables < marks->constants_end)
		marks->constants_end = marks->tables;
}

/* Return: NULL, or why it cannot be read. */
static const char *try_to_read(int fd, void *to, size_t size, uint64_t from)
{
	size_t got = 0;
	ssize_t part;

	while (got < size) {
		part = pread(fd, (char *)to + got, size - got, (off_t)(from + got));
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			return part ? strerror(errno) : "it ends early";
		got += (size_t)part;
	}
	return NULL;
}

static void read_all(int fd, void *to, size_t size, uint64_t from)
{
	const char *wrong = try_to_read(fd, to, size, from);

	if (wrong)
		give_up(KCORE ": %s", wrong);
}

/* Return: where in the file this memory is, as much of it as @end then says; 0 if nowhere. */
static uint64_t find_segment(int fd, uint64_t start, uint64_t *end)
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
		if (segment.p_type != PT_LOAD || segment.p_vaddr > start ||
		    start - segment.p_vaddr >= segment.p_filesz)
			continue;
		if (*end - segment.p_vaddr > segment.p_filesz)
			*end = segment.p_vaddr + segment.p_filesz;
		return segment.p_offset + (start - segment.p_vaddr);
	}
	return 0;
}

static void *get(size_t size)
{
	void *bytes = malloc(size);

	if (!bytes)
		give_up("out of memory");
	return bytes;
}

static void write_all(const void *bytes, size_t size)
{
	if (fwrite(bytes, 1, size, stdout) != size || fflush(stdout))
		give_up("it cannot be written: %s", strerror(errno));
}

static void write_kernel(int fd, uint64_t start, uint64_t end)
{
	uint64_t found = end, from = find_segment(fd, start, &found);
	void *bytes;

	if (!from || found != end)
		give_up(KCORE ": it does not have the kernel's code");
	bytes = get(end - start);
	read_all(fd, bytes, end - start, from);
	printf("xlp-text kcore %" PRIx64 " %" PRIx64 "\n", start, end - start);
	write_all(bytes, end - start);
	free(bytes);
}

/* Without them code can be compared. */
static void write_kernel_constants(int fd, const struct marks *marks)
{
	uint64_t end = marks->constants_end, from;

	if (!marks->constants || end <= marks->constants)
		return;
	from = find_segment(fd, marks->constants, &end);
	if (from && end == marks->constants_end)
		write_kernel(fd, marks->constants, end);
	else
		fprintf(stderr, "xlp-text: " KCORE " does not have the kernel's constants\n");
}

/*
 * With two notes nobody could tell which one is the module's: a part that was linked before may
 * have brought one, and another build may have the same part.
 */
static void write_build_id(const char *name)
{
	union {
		Elf64_Nhdr head;
		unsigned char bytes[NOTE_HEAD + NOTE_MAX + 1];
	} note = { 0 };
	char path[160];
	size_t size, i;
	FILE *file;

	snprintf(path, sizeof(path), SYS_MODULE "/%s/notes/.note.gnu.build-id", name);
	file = fopen(path, "r");
	if (!file)
		return;
	size = fread(&note, 1, sizeof(note.bytes), file);
	fclose(file);
	if (size <= NOTE_HEAD || note.head.n_descsz > NOTE_MAX ||
	    size != NOTE_HEAD + ((note.head.n_descsz + 3) & ~3UL)) {
		fprintf(stderr, "xlp-text: %s does not say by one note which build it is\n", name);
		return;
	}
	for (i = NOTE_HEAD; i < NOTE_HEAD + note.head.n_descsz; i++)
		printf("%s%02x", i == NOTE_HEAD ? " " : "", note.bytes[i]);
}

/*
 * What goes away meanwhile is read as zeros, or not at all. The size is that of all parts of a
 * module, which from 6.4 on lie in several places, so it is enough for each.
 */
static void write_part(int fd, const char *name, const char *what, uint64_t start, uint64_t size)
{
	uint64_t end = start + size, from = find_segment(fd, start, &end);
	const char *wrong;
	void *bytes;

	if (!from) {
		fprintf(stderr, "xlp-text: " KCORE " does not have the %s of %s\n", what, name);
		return;
	}
	bytes = get(end - start);
	wrong = try_to_read(fd, bytes, end - start, from);
	if (wrong) {
		fprintf(stderr, "xlp-text: the %s of %s cannot be read: %s\n", what, name, wrong);
	} else {
		printf("xlp-text module %s %" PRIx64 " %" PRIx64, name, start, end - start);
		write_build_id(name);
		putchar('\n');
		write_all(bytes, end - start);
	}
	free(bytes);
}

/* Return: the number in a file of /sys/module/NAME/sections, or 0. */
static uint64_t section_address(const char *dir, const char *section)
{
	char path[512];
	uint64_t address;
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "%s/%s", dir, section);
	file = fopen(path, "r");
	if (!file)
		return 0;
	got = fscanf(file, "%" SCNx64, &address);
	fclose(file);
	return got == 1 ? address : 0;
}

/* Return: where the constants of a module begin, or 0. */
static uint64_t find_constants(const char *name)
{
	uint64_t address, lowest = 0;
	const struct dirent *entry;
	char path[160];
	DIR *dir;

	snprintf(path, sizeof(path), SYS_MODULE "/%s/sections", name);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, ".rodata", strlen(".rodata")))
			continue;
		address = section_address(path, entry->d_name);
		if (address && (!lowest || address < lowest))
			lowest = address;
	}
	closedir(dir);
	return lowest;
}

static void write_module(int fd, const char *name, uint64_t start, uint64_t size)
{
	uint64_t constants = find_constants(name);

	/*
	 * Until 6.4 they are behind the code, within the size. From then on they may begin there,
	 * too, by chance, and end anywhere.
	 */
	if (constants > start && constants - start < size) {
		write_part(fd, name, "code", start, constants - start + size);
		return;
	}
	write_part(fd, name, "code", start, size);
	if (constants && constants != start)
		write_part(fd, name, "constants", constants, size);
}

/* Lines of name, size, users, who these are, state and address. */
static void write_modules(int fd, FILE *modules, const char *path)
{
	uint64_t size, address;
	char *line = NULL, name[64], state[16];
	size_t room = 0;

	while (getline(&line, &room, modules) >= 0) {
		if (sscanf(line, "%63s %" SCNu64 " %*s %*s %15s %" SCNx64, name, &size, state,
			   &address) != 4)
			give_up("%s: a line of it is none of /proc/modules", path);
		if (strcmp(state, "Live"))
			continue;
		/* A module with data only, from 6.4 on: find_marks() has seen addresses. */
		if (!address)
			continue;
		write_module(fd, name, address, size);
	}
	free(line);
}

int main(int argc, char **argv)
{
	struct marks marks = { 0 };
	FILE *modules;
	int fd;

	if (argc != 3)
		give_up("usage: xlp-text KALLSYMS MODULES >COPY");
	find_marks(argv[1], &marks);
	modules = fopen(argv[2], "r");
	if (!modules && errno != ENOENT)
		give_up("%s: %s", argv[2], strerror(errno));
	fd = open(KCORE, O_RDONLY);
	if (fd < 0)
		give_up(KCORE ": %s", errno == ENOENT ? "this kernel has none (CONFIG_PROC_KCORE)" :
							strerror(errno));
	write_kernel(fd, marks.text, marks.text_end);
	write_kernel_constants(fd, &marks);
	if (modules)
		write_modules(fd, modules, argv[2]);
	return EXIT_SUCCESS;
}
