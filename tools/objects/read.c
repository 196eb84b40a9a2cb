// SPDX-License-Identifier: GPL-2.0
/*
 * read.c - an object file as libelf reads it, with all that is in it looked at
 *
 * Whatever the file says is checked here: what comes after may trust offsets, sizes and
 * indices.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include "object.h"

bool starts(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

/* ---- what sections are for ---- */

struct naming {
	const char *start;
	enum section_kind kind;
};

/*
 * The first that fits. Only what a section is called says what the kernel does with it.
 * printk's index is for who reads it in debugfs, .orc_unwind is made again for a module.
 */
static const struct naming namings[] = {
	{ ".discard.addressable", SECTION_IGNORED },
	{ ".discard.", SECTION_TABLE },
	{ ".debug", SECTION_IGNORED },
	{ ".comment", SECTION_IGNORED },
	{ ".note", SECTION_IGNORED },
	{ ".eh_frame", SECTION_IGNORED },
	{ ".BTF", SECTION_IGNORED },
	{ ".orc_", SECTION_IGNORED },
	{ ".printk_index", SECTION_IGNORED },
	{ "__bug_table", SECTION_TABLE },
	{ "__ex_table", SECTION_TABLE },
	{ ".altinstr_replacement", SECTION_REPLACEMENT },
	{ ".altinstr_aux", SECTION_REPLACEMENT },
	{ ".altinstructions", SECTION_TABLE },
	{ "__jump_table", SECTION_TABLE },
	{ ".static_call_sites", SECTION_TABLE },
	{ ".parainstructions", SECTION_TABLE },
	{ ".smp_locks", SECTION_TABLE },
	{ "__patchable_function_entries", SECTION_TABLE },
	{ "__mcount_loc", SECTION_TABLE },
	{ ".retpoline_sites", SECTION_TABLE },
	{ ".return_sites", SECTION_TABLE },
	{ ".call_sites", SECTION_TABLE },
	{ ".ibt_endbr_seal", SECTION_TABLE },
	{ ".kcfi_traps", SECTION_TABLE },
	{ ".cfi_sites", SECTION_TABLE },
	{ "__ftr_", SECTION_TABLE },
	{ "__mmu_ftr_", SECTION_TABLE },
	{ "__fw_ftr_", SECTION_TABLE },
	{ "__lwsync_fixup", SECTION_TABLE },
	{ ".s390_indirect", SECTION_TABLE },
	{ ".s390_return", SECTION_TABLE },
	{ "__ksymtab", SECTION_FIXED },
	{ "___ksymtab", SECTION_FIXED },
	{ "__kcrctab", SECTION_FIXED },
	{ "___kcrctab", SECTION_FIXED },
	{ ".export_symbol", SECTION_FIXED },
	{ ".modinfo", SECTION_FIXED },
	{ "__param", SECTION_FIXED },
	{ ".initcall", SECTION_FIXED },
	{ ".con_initcall", SECTION_FIXED },
	{ ".init.setup", SECTION_FIXED },
	{ "__bpf_raw_tp_map", SECTION_FIXED },
	{ "_ftrace_events", SECTION_FIXED },
	{ ".init.text", SECTION_INIT_TEXT },
	{ ".exit.text", SECTION_INIT_TEXT },
	{ ".init.", SECTION_INIT_DATA },
	{ ".exit.", SECTION_INIT_DATA },
};

static enum section_kind section_kind(const struct section *section)
{
	size_t i;

	for (i = 0; i < sizeof(namings) / sizeof(namings[0]); i++)
		if (starts(section->name, namings[i].start))
			return namings[i].kind;
	if (!(section->flags & SHF_ALLOC) ||
	    (section->type != SHT_PROGBITS && section->type != SHT_NOBITS))
		return SECTION_IGNORED;
	if (section->flags & SHF_EXECINSTR)
		return SECTION_TEXT;
	if (section->flags & SHF_WRITE)
		return SECTION_DATA;
	return section->flags & SHF_STRINGS ? SECTION_STRINGS : SECTION_CONST;
}

/* ---- reading ---- */

/* Names are put into C and into lists of lines and words. No compiler makes others. */
static bool is_plain(const char *name)
{
	for (; *name; name++)
		if (iscntrl((unsigned char)*name) || strchr(" \"\\", *name))
			return false;
	return true;
}

static const char *read_name(struct object *object, Elf *elf, size_t strings, size_t offset)
{
	const char *name = elf_strptr(elf, strings, offset);

	if (!name)
		give_up("%s: a name is not in its table of strings", object->path);
	if (!is_plain(name))
		give_up("%s: a name has blanks, quotation marks, backslashes or control characters: no compiler has made this file",
			object->path);
	return memory_copy(name, strlen(name) + 1);
}

/* The assembler puts control characters into the names that it makes of numbers: 1b, 1f. */
static const char *read_symbol_name(struct object *object, Elf *elf, size_t strings,
				    const GElf_Sym *sym)
{
	const char *name = elf_strptr(elf, strings, sym->st_name);

	if (name && !strncmp(name, ".L", 2) && GELF_ST_BIND(sym->st_info) == STB_LOCAL)
		return is_plain(name) ? memory_copy(name, strlen(name) + 1) : ".L";
	return read_name(object, elf, strings, sym->st_name);
}

static void read_bytes(struct object *object, Elf_Scn *scn, struct section *section)
{
	Elf_Data *data;

	if (section->type == SHT_NOBITS || !section->size)
		return;
	data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || data->d_size != section->size)
		give_up("%s: section '%s' is not all in the file", object->path, section->name);
	section->bytes = memory_copy(data->d_buf, data->d_size);
}

static bool is_code_or_data(const GElf_Shdr *shdr)
{
	return shdr->sh_type == SHT_PROGBITS || shdr->sh_type == SHT_NOBITS;
}

/* Most that a section may take: that of a variable, which no file holds, is no memory of ours. */
#define MOST_BYTES 0x10000000000ULL

static void read_section(struct object *object, Elf *elf, Elf_Scn *scn, size_t strings)
{
	struct section *section = &object->sections[elf_ndxscn(scn)];
	GElf_Shdr shdr;

	if (!gelf_getshdr(scn, &shdr))
		give_up("%s: a section's header cannot be read", object->path);
	section->object = object;
	section->name = read_name(object, elf, strings, shdr.sh_name);
	section->type = shdr.sh_type;
	section->flags = shdr.sh_flags;
	section->size = shdr.sh_size;
	section->align = shdr.sh_addralign;
	section->entsize = shdr.sh_entsize;
	if (section->size > MOST_BYTES)
		give_up("%s: section '%s' is too large", object->path, section->name);
	if (section->align > 1 << 20 || (section->align & (section->align - 1)))
		give_up("%s: section '%s' has a bad alignment", object->path, section->name);
	if (!is_code_or_data(&shdr))
		return;
	section->kind = section_kind(section);
	if (section->kind != SECTION_IGNORED && section->flags & SHF_COMPRESSED)
		give_up("%s: section '%s' is compressed", object->path, section->name);
	if (section->kind != SECTION_IGNORED)
		read_bytes(object, scn, section);
}

/* A symbol is in a section, at its end or before. */
static void place_symbol(struct object *object, struct symbol *symbol)
{
	if (symbol->shndx == SHN_UNDEF || symbol->shndx >= SHN_LORESERVE) {
		if (symbol->shndx == SHN_XINDEX)
			give_up("%s: too many sections", object->path);
		return;
	}
	if (symbol->shndx >= object->nr_sections)
		give_up("%s: symbol '%s' is in no section", object->path, symbol->name);
	symbol->section = &object->sections[symbol->shndx];
	if (symbol->value > symbol->section->size ||
	    symbol->size > symbol->section->size - symbol->value)
		give_up("%s: symbol '%s' leaves its section", object->path, symbol->name);
}

static void read_symbols(struct object *object, Elf_Scn *scn, Elf *elf)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t i, entry = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	GElf_Shdr shdr;
	GElf_Sym sym;

	if (object->symbols)
		give_up("%s: two symbol tables", object->path);
	if (!data || !data->d_buf || !gelf_getshdr(scn, &shdr) || shdr.sh_entsize != entry)
		give_up("%s: its symbol table cannot be read", object->path);
	object->nr_symbols = data->d_size / entry;
	object->symbols = memory_get(object->nr_symbols, sizeof(*object->symbols));
	for (i = 0; i < object->nr_symbols; i++) {
		struct symbol *symbol = &object->symbols[i];

		if (!gelf_getsym(data, i, &sym))
			give_up("%s: a symbol cannot be read", object->path);
		symbol->name = read_symbol_name(object, elf, shdr.sh_link, &sym);
		symbol->type = GELF_ST_TYPE(sym.st_info);
		symbol->bind = GELF_ST_BIND(sym.st_info);
		symbol->other = sym.st_other;
		symbol->shndx = sym.st_shndx;
		symbol->value = sym.st_value;
		symbol->size = sym.st_size;
		if (symbol->type != STT_FILE)
			place_symbol(object, symbol);
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct reloc *first = a, *second = b;

	if (first->offset != second->offset)
		return first->offset < second->offset ? -1 : 1;
	/* Several of one place follow one another as the file has them. */
	return first->symbol < second->symbol ? -1 : first->symbol > second->symbol;
}

static void read_reloc(struct object *object, struct section *section, struct reloc *reloc,
		       const GElf_Rela *rela)
{
	size_t symbol = GELF_R_SYM(rela->r_info);

	if (symbol >= object->nr_symbols)
		give_up("%s: a relocation of '%s' has no symbol", object->path, section->name);
	if (rela->r_offset >= section->size)
		give_up("%s: a relocation leaves section '%s'", object->path, section->name);
	/* So much that sums of a few stay numbers. */
	if (rela->r_addend > INT64_MAX / 4 || rela->r_addend < INT64_MIN / 4)
		give_up("%s: a relocation of '%s' has a bad addend", object->path, section->name);
	reloc->offset = rela->r_offset;
	reloc->type = GELF_R_TYPE(rela->r_info);
	reloc->addend = rela->r_addend;
	reloc->symbol = &object->symbols[symbol];
}

static void read_relocs(struct object *object, Elf *elf, Elf_Scn *scn)
{
	size_t i, entry = gelf_fsize(elf, ELF_T_RELA, 1, EV_CURRENT);
	struct section *section;
	Elf_Data *data;
	GElf_Shdr shdr;
	GElf_Rela rela;

	if (!gelf_getshdr(scn, &shdr) || !shdr.sh_info || shdr.sh_info >= object->nr_sections)
		give_up("%s: relocations of no section", object->path);
	section = &object->sections[shdr.sh_info];
	if (section->kind == SECTION_IGNORED)
		return;
	data = elf_getdata(scn, NULL);
	if (!data || !data->d_buf || shdr.sh_entsize != entry || section->relocs || !section->bytes)
		give_up("%s: the relocations of '%s' cannot be read", object->path, section->name);
	section->nr_relocs = data->d_size / entry;
	section->relocs = memory_get(section->nr_relocs, sizeof(*section->relocs));
	for (i = 0; i < section->nr_relocs; i++) {
		if (!gelf_getrela(data, i, &rela))
			give_up("%s: a relocation of '%s' cannot be read", object->path,
				section->name);
		read_reloc(object, section, &section->relocs[i], &rela);
	}
	sort(section->relocs, section->nr_relocs, sizeof(*section->relocs), by_offset);
}

static void read_kinds(struct object *object, Elf *elf, uint32_t type)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != type)
			continue;
		if (type == SHT_SYMTAB)
			read_symbols(object, scn, elf);
		else if (type == SHT_RELA)
			read_relocs(object, elf, scn);
		else
			give_up("%s: relocations without addends: of an architecture that is not supported: use an object of %s",
				object->path, machine_names());
	}
}

static void read_elf(struct object *object, Elf *elf)
{
	Elf_Scn *scn = NULL;
	size_t strings;
	GElf_Ehdr ehdr;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &ehdr) || ehdr.e_type != ET_REL)
		give_up("%s: no object file: give it what the compiler makes with -c",
			object->path);
	object->machine = machine_find(ehdr.e_machine);
	object->class = gelf_getclass(elf);
	object->order = ehdr.e_ident[EI_DATA];
	object->flags = ehdr.e_flags;
	if (!object->machine || object->class != ELFCLASS64)
		give_up("%s: of an architecture that is not supported: use an object of %s",
			object->path, machine_names());
	if (elf_getshdrnum(elf, &object->nr_sections) || elf_getshdrstrndx(elf, &strings) ||
	    !object->nr_sections)
		give_up("%s: no sections", object->path);
	object->sections = memory_get(object->nr_sections, sizeof(*object->sections));
	object->sections[0].name = "";
	while ((scn = elf_nextscn(elf, scn)))
		read_section(object, elf, scn, strings);
	read_kinds(object, elf, SHT_SYMTAB);
	if (!object->symbols)
		give_up("%s: no symbols", object->path);
	read_kinds(object, elf, SHT_RELA);
	read_kinds(object, elf, SHT_REL);
}

struct object *object_read(const char *path, void *image, size_t size)
{
	struct object *object = memory_get(1, sizeof(*object));
	jmp_buf outer;
	Elf *elf;

	object->path = path;
	elf_version(EV_CURRENT);
	elf = elf_memory(image, size);
	if (!elf)
		give_up("%s: no object file: %s", path, elf_errmsg(-1));
	memcpy(outer, memory_way_out, sizeof(outer));
	if (setjmp(memory_way_out)) {
		elf_end(elf);
		longjmp(outer, 1);
	}
	read_elf(object, elf);
	memcpy(memory_way_out, outer, sizeof(outer));
	elf_end(elf);
	return object;
}
