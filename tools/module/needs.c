// SPDX-License-Identifier: GPL-2.0
/*
 * needs.c - what a module wants of the kernel that loads it
 *
 * usage: xlp-module MODULE.ko
 * exit:  0, or 2: bad usage, or not a module that can be read
 *
 * Prints lines for xlp check, in the order of the file:
 *
 *	info KEY=VALUE		what modinfo prints
 *	version NAME CRC	an exported symbol, and what its prototype was when this was built
 *	needs NAME		a symbol that is left to the kernel
 *	open NAME		the same, but the kernel does not mind if there is none
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An entry of __versions: a long, and a name that fills it up. */
#define VERSION_SIZE	64

static const char *path;

static void __attribute__((noreturn, format(printf, 1, 2))) give_up(const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "xlp: %s: ", path);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

/* What libelf has read of a section, which is never more than there is in the file. */
static Elf_Data *contents(Elf_Scn *section)
{
	Elf_Data *data = elf_rawdata(section, NULL);

	return data && data->d_buf && data->d_size ? data : NULL;
}

static Elf_Scn *find(Elf *elf, const char *wanted)
{
	Elf_Scn *section = NULL;
	const char *name;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		give_up("its sections have no names");
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			give_up("a section cannot be read");
		name = elf_strptr(elf, names, header.sh_name);
		if (name && !strcmp(name, wanted) && header.sh_type != SHT_NOBITS)
			return section;
	}
	return NULL;
}

/* Return: the length of the string at @at, or 0 if none ends before @end. */
static size_t length(const char *at, const char *end)
{
	size_t length = strnlen(at, end - at);

	return length < (size_t)(end - at) ? length : 0;
}

/* A line break would be taken for the end of what is said. */
static void say(const char *what, const char *text)
{
	if (strpbrk(text, "\n\r"))
		give_up("a name or a value has a line break in it");
	printf("%s %s\n", what, text);
}

static void say_info(Elf *elf)
{
	Elf_Scn *section = find(elf, ".modinfo");
	Elf_Data *data = section ? contents(section) : NULL;
	const char *at, *end;
	size_t size;

	if (!data)
		give_up("it is no module: it has no .modinfo");
	end = (const char *)data->d_buf + data->d_size;
	for (at = data->d_buf; at < end; at += size + 1) {
		size = length(at, end);
		if (size)
			say("info", at);
	}
}

static uint64_t number(const unsigned char *at, size_t size, bool big)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < size; i++)
		number = number << 8 | at[big ? i : size - 1 - i];
	return number;
}

static void say_version(const char *name, uint64_t crc)
{
	if (strpbrk(name, "\n\r"))
		give_up("a name has a line break in it");
	printf("version %s 0x%08x\n", name, (unsigned int)crc);
}

static void say_versions(Elf *elf, size_t word, bool big)
{
	Elf_Scn *section = find(elf, "__versions");
	Elf_Data *data = section ? contents(section) : NULL;
	const char *at, *end, *name;

	if (!data)
		return;
	end = (const char *)data->d_buf + data->d_size;
	for (at = data->d_buf; end - at >= VERSION_SIZE; at += VERSION_SIZE) {
		name = at + word;
		if (*name && length(name, at + VERSION_SIZE))
			say_version(name, number((const unsigned char *)at, word, big));
	}
}

/* Newer kernels have two sections in its place, so that names may be longer. */
static void say_long_versions(Elf *elf, bool big)
{
	Elf_Scn *of_crcs = find(elf, "__version_ext_crcs");
	Elf_Scn *of_names = find(elf, "__version_ext_names");
	Elf_Data *crcs = of_crcs ? contents(of_crcs) : NULL;
	Elf_Data *names = of_names ? contents(of_names) : NULL;
	const char *name, *end;
	size_t i = 0;

	if (!crcs || !names)
		return;
	end = (const char *)names->d_buf + names->d_size;
	for (name = names->d_buf; name < end && i < crcs->d_size / 4; i++) {
		if (!length(name, end))
			return;
		say_version(name, number((const unsigned char *)crcs->d_buf + 4 * i, 4, big));
		name += strlen(name) + 1;
	}
}

static void say_symbol(Elf *elf, size_t names, const GElf_Sym *symbol)
{
	const char *name = elf_strptr(elf, names, symbol->st_name);

	if (symbol->st_shndx != SHN_UNDEF || !name || !*name)
		return;
	say(GELF_ST_BIND(symbol->st_info) == STB_WEAK ? "open" : "needs", name);
}

static void say_symbols(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf_Data *data;
	GElf_Sym symbol;
	int i;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		for (i = 1; data && gelf_getsym(data, i, &symbol); i++)
			say_symbol(elf, header.sh_link, &symbol);
		return;
	}
	give_up("it has no symbols");
}

int main(int argc, char **argv)
{
	GElf_Ehdr header;
	bool big;
	Elf *elf;
	int fd;

	path = argc > 1 ? argv[1] : "";
	if (argc != 2) {
		fputs("usage: xlp-module MODULE.ko\n", stderr);
		return 2;
	}
	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		give_up("it cannot be opened: %m");
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		give_up("it is no ELF file: a module that is compressed has to be unpacked first");
	if (header.e_type != ET_REL)
		give_up("it is no module");
	big = header.e_ident[EI_DATA] == ELFDATA2MSB;
	say_info(elf);
	say_versions(elf, header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4, big);
	say_long_versions(elf, big);
	say_symbols(elf);
	elf_end(elf);
	close(fd);
	return 0;
}
