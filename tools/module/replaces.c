// SPDX-License-Identifier: GPL-2.0
/*
 * replaces.c - which functions a patch replaces, from the structures that it hands to xlp.ko
 *
 * All are initialised data, so relocations lead from one to the other: a struct xlp_patch begins
 * with THIS_MODULE and a pointer to its objects, each of these with a name and a pointer to its
 * functions, and each of these with a name and a pointer to code (include/xlp/xlp.h).
 */
#include <string.h>
#include "module.h"

/* Words of struct xlp_object, and of struct xlp_func. */
#define OBJECT_WORDS	8
#define FUNC_WORDS	4

struct place {
	size_t section;
	uint64_t offset;
};

static bool read_header(const struct module_file *file, size_t index, GElf_Shdr *header)
{
	Elf_Scn *section = elf_getscn(file->elf, index);

	return section && gelf_getshdr(section, header);
}

static uint64_t word_at(const struct module_file *file, const struct place *place)
{
	Elf_Scn *section = elf_getscn(file->elf, place->section);
	Elf_Data *data = section ? elf_rawdata(section, NULL) : NULL;

	if (!data || !data->d_buf || data->d_size < file->word ||
	    place->offset > data->d_size - file->word)
		return 0;
	return module_number((const unsigned char *)data->d_buf + place->offset, file->word,
			     file->big);
}

static bool get_reloc(Elf_Data *data, const GElf_Shdr *header, int i, GElf_Rela *rela)
{
	GElf_Rel rel;

	if (header->sh_type == SHT_RELA)
		return gelf_getrela(data, i, rela);
	if (!gelf_getrel(data, i, &rel))
		return false;
	*rela = (GElf_Rela){ .r_offset = rel.r_offset, .r_info = rel.r_info };
	return true;
}

/* Calls @visit for each relocation of the file, or of one section, until that returns true. */
static bool each_reloc(const struct module_file *file, size_t of,
		       bool (*visit)(const struct module_file *file, const struct place *at,
				     const GElf_Sym *symbol, int64_t addend, void *data),
		       void *visit_data)
{
	Elf_Scn *section = NULL;
	struct place at;
	GElf_Shdr header;
	GElf_Rela rela;
	GElf_Sym symbol;
	Elf_Data *data;
	int i;

	while ((section = elf_nextscn(file->elf, section))) {
		if (!gelf_getshdr(section, &header) || (of && header.sh_info != of) ||
		    (header.sh_type != SHT_RELA && header.sh_type != SHT_REL))
			continue;
		data = elf_getdata(section, NULL);
		for (i = 0; data && get_reloc(data, &header, i, &rela); i++) {
			if (!gelf_getsym(file->symbols, GELF_R_SYM(rela.r_info), &symbol))
				continue;
			at = (struct place){ header.sh_info, rela.r_offset };
			if (header.sh_type == SHT_REL)
				rela.r_addend = word_at(file, &at);
			if (visit(file, &at, &symbol, rela.r_addend, visit_data))
				return true;
		}
	}
	return false;
}

struct wanted {
	uint64_t offset;
	struct place leads_to;
};

static bool is_wanted(const struct module_file *file, const struct place *at,
		      const GElf_Sym *symbol, int64_t addend, void *data)
{
	struct wanted *wanted = data;

	if (at->offset != wanted->offset)
		return false;
	wanted->leads_to = (struct place){ symbol->st_shndx, symbol->st_value + addend };
	return true;
}

/* Is there a pointer to something of this file? */
static bool follow(const struct module_file *file, struct place from, struct place *to)
{
	struct wanted wanted = { .offset = from.offset };

	if (!each_reloc(file, from.section, is_wanted, &wanted))
		return false;
	*to = wanted.leads_to;
	return true;
}

static bool is_code(const struct module_file *file, const struct place *place)
{
	GElf_Shdr header;

	/* What another file of the kernel has is undefined here. */
	return place->section == SHN_UNDEF ||
	       (read_header(file, place->section, &header) && header.sh_flags & SHF_EXECINSTR);
}

/* Return: the string that a pointer leads to, or NULL. */
static const char *string_at(const struct module_file *file, struct place from)
{
	struct place to;
	Elf_Scn *section;
	Elf_Data *data;

	if (!follow(file, from, &to) || is_code(file, &to))
		return NULL;
	section = elf_getscn(file->elf, to.section);
	data = section ? elf_rawdata(section, NULL) : NULL;
	if (!data || !data->d_buf || to.offset >= data->d_size)
		return NULL;
	if (!module_length((const char *)data->d_buf + to.offset,
			   (const char *)data->d_buf + data->d_size))
		return NULL;
	return (const char *)data->d_buf + to.offset;
}

static struct place behind(const struct module_file *file, struct place place, unsigned int words)
{
	place.offset += words * file->word;
	return place;
}

static void say_functions(const struct module_file *file, const char *object, struct place at)
{
	struct place code, position;
	const char *name;

	for (;; at = behind(file, at, FUNC_WORDS)) {
		name = string_at(file, at);
		if (!name || !follow(file, behind(file, at, 1), &code) || !is_code(file, &code))
			return;
		position = behind(file, at, 2);
		module_check_word(name);
		module_check_word(object);
		printf("replaces %s.%s.%llu\n", object, name,
		       (unsigned long long)word_at(file, &position));
	}
}

static bool say_objects(const struct module_file *file, const struct place *at,
			const GElf_Sym *symbol, int64_t addend, void *data)
{
	const char *name = elf_strptr(file->elf, file->names, symbol->st_name);
	struct place object, funcs;

	if (!name || strcmp(name, "__this_module"))
		return false;
	if (!follow(file, behind(file, *at, 1), &object) || is_code(file, &object))
		return false;
	for (; follow(file, behind(file, object, 1), &funcs) && !is_code(file, &funcs);
	     object = behind(file, object, OBJECT_WORDS))
		say_functions(file, string_at(file, object) ?: "vmlinux", funcs);
	return false;
}

void module_say_replaced(const struct module_file *file)
{
	each_reloc(file, 0, say_objects, NULL);
}
