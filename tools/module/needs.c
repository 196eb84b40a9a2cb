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
 *	replaces O.NAME.N	a function of an object that it replaces, and which one of that name
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "module.h"

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

size_t module_length(const char *at, const char *end)
{
	size_t length = strnlen(at, end - at);

	return length < (size_t)(end - at) ? length : 0;
}

/* A line break would be taken for the end of what is said. */
void module_check_word(const char *text)
{
	if (strpbrk(text, "\n\r"))
		give_up("a name or a value has a line break in it");
}

static void say(const char *what, const char *text)
{
	module_check_word(text);
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
		size = module_length(at, end);
		if (size)
			say("info", at);
	}
}

uint64_t module_number(const unsigned char *at, size_t size, bool big)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < size; i++)
		number = number << 8 | at[big ? i : size - 1 - i];
	return number;
}

static void say_version(const char *name, uint64_t crc)
{
	module_check_word(name);
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
		if (*name && module_length(name, at + VERSION_SIZE))
			say_version(name, module_number((const unsigned char *)at, word, big));
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
	uint64_t crc;
	size_t i = 0;

	if (!crcs || !names)
		return;
	end = (const char *)names->d_buf + names->d_size;
	for (name = names->d_buf; name < end && i < crcs->d_size / 4; i++) {
		if (!module_length(name, end))
			return;
		crc = module_number((const unsigned char *)crcs->d_buf + 4 * i, 4, big);
		say_version(name, crc);
		name += strlen(name) + 1;
	}
}

static void say_symbol(const struct module_file *file, const GElf_Sym *symbol)
{
	const char *name = elf_strptr(file->elf, file->names, symbol->st_name);

	if (symbol->st_shndx != SHN_UNDEF || !name || !*name)
		return;
	say(GELF_ST_BIND(symbol->st_info) == STB_WEAK ? "open" : "needs", name);
}

static void find_symbols(struct module_file *file)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(file->elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		file->symbols = elf_getdata(section, NULL);
		file->names = header.sh_link;
	}
	if (!file->symbols)
		give_up("it has no symbols");
}

static void say_symbols(const struct module_file *file)
{
	GElf_Sym symbol;
	int i;

	for (i = 1; gelf_getsym(file->symbols, i, &symbol); i++)
		say_symbol(file, &symbol);
}

int main(int argc, char **argv)
{
	struct module_file file = { };
	GElf_Ehdr header;
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
	file.elf = elf;
	file.big = header.e_ident[EI_DATA] == ELFDATA2MSB;
	file.word = header.e_ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	say_info(elf);
	say_versions(elf, file.word, file.big);
	say_long_versions(elf, file.big);
	find_symbols(&file);
	say_symbols(&file);
	module_say_replaced(&file);
	elf_end(elf);
	close(fd);
	return 0;
}
