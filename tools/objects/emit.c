// SPDX-License-Identifier: GPL-2.0
/*
 * emit.c - the object file of a patch
 *
 * Each piece has a section of its own, so that a linker may put it anywhere; entries of
 * tables are joined by table.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "emit.h"

/**
 * struct part - a section of the patch
 * @name:	as in the file, like the next four
 * @type:	SHT_...
 * @flags:	SHF_...
 * @align:	in bytes
 * @entsize:	in bytes; 0: it has no entries
 * @size:	in bytes
 * @bytes:	what it has; NULL: all zero
 * @relocs:	where it refers to something
 * @symbol:	of a table: what stands for it
 * @owner:	of a part of a table whose entries are in the order of the code: that code
 * @index:	its number in the file
 */
struct part {
	const char *name;
	uint32_t type;
	uint64_t flags;
	uint64_t align;
	uint64_t entsize;
	uint64_t size;
	uint8_t *bytes;
	struct list relocs;
	struct out_symbol *symbol;
	struct part *owner;
	size_t index;
};

struct out_symbol {
	const char *name;
	GElf_Sym sym;
	struct part *part;
	size_t index;
};

struct out {
	const struct choice *choice;
	struct list parts;
	struct list locals;
	struct list globals;
	Elf *elf;
	uint8_t *names; /* of sections and symbols */
	size_t names_size;
	size_t names_room;
	size_t next_section;
	size_t strings;
};

struct out_reloc {
	uint64_t offset;
	uint32_t type;
	int64_t addend;
	struct out_symbol *symbol;
};

/* ---- symbols ---- */

static struct out_symbol *add_symbol(struct list *to, const char *name, unsigned int bind,
				     unsigned int type)
{
	struct out_symbol *symbol = memory_get(1, sizeof(*symbol));

	symbol->name = name;
	symbol->sym.st_info = GELF_ST_INFO(bind, type);
	list_add(to, symbol);
	return symbol;
}

static struct out_symbol *find_symbol(const struct list *in, const char *name)
{
	size_t i;

	for (i = 0; i < in->nr; i++)
		if (!strcmp(((struct out_symbol *)in->at[i])->name, name))
			return in->at[i];
	return NULL;
}

/*
 * modpost looks for weak names in no list of exports. xlp.ko refuses a module in which one of
 * its own has been left open.
 */
static struct out_symbol *undefined(struct out *out, const char *name)
{
	return find_symbol(&out->globals, name) ?:
		       add_symbol(&out->globals, name,
				  starts(name, "xlp_sym.") ? STB_WEAK : STB_GLOBAL, STT_NOTYPE);
}

/*
 * struct piece_symbols - by what relocations may refer to a piece
 * @section:	its section: as the compiler does it, and as objtool wants it in its tables
 * @own:	its name; if it has none the same
 */
struct piece_symbols {
	struct out_symbol *section;
	struct out_symbol *own;
};

/* What is new is named by other files of the patch. */
static bool is_seen(const struct piece *piece)
{
	return !piece->twin && !piece->parent && piece->symbol->bind != STB_LOCAL;
}

static struct out_symbol *name_piece(struct out *out, const struct piece *piece, struct part *part,
				     const char *name, bool seen)
{
	struct out_symbol *symbol;

	symbol = add_symbol(seen ? &out->globals : &out->locals, name,
			    seen ? STB_GLOBAL : STB_LOCAL,
			    piece_is_text(piece) ? STT_FUNC : STT_OBJECT);
	symbol->part = part;
	symbol->sym.st_value = piece->lead;
	symbol->sym.st_size = piece_size(piece) - piece->lead;
	symbol->sym.st_other = piece->symbol->other;
	return symbol;
}

const char *emit_new_name(const struct choice *choice, size_t changed)
{
	return memory_print("xlp_new_%zu_%zu", choice->number, changed);
}

/*
 * Several files may have static functions of one name. So what takes a place has a second one
 * for the description; traces show the first, as it comes first.
 */
static struct out_symbol *own_symbol(struct out *out, const struct piece *piece, struct part *part)
{
	const struct list *changed = &out->choice->changed;
	size_t i;

	for (i = 0; i < changed->nr; i++)
		if (changed->at[i] == piece)
			name_piece(out, piece, part, emit_new_name(out->choice, i), true);
	return name_piece(out, piece, part, piece_name(piece), is_seen(piece));
}

static struct piece_symbols piece_symbols(struct out *out, const struct piece *piece,
					  struct part *part)
{
	struct piece_symbols symbols;

	symbols.section = add_symbol(&out->locals, "", STB_LOCAL, STT_SECTION);
	symbols.section->part = part;
	symbols.own = piece->symbol ? own_symbol(out, piece, part) : symbols.section;
	return symbols;
}

/* ---- sections ---- */

#define FLAGS_LEFT_OUT (SHF_MERGE | SHF_STRINGS | SHF_GROUP | SHF_INFO_LINK)

static struct part *add_part(struct out *out, const struct section *section)
{
	struct part *part = memory_get(1, sizeof(*part));

	part->name = section->name;
	part->type = section->bytes ? SHT_PROGBITS : section->type;
	part->flags = section->flags & ~(uint64_t)FLAGS_LEFT_OUT;
	if (section->kind != SECTION_TABLE)
		part->flags &= ~(uint64_t)SHF_LINK_ORDER;
	part->align = section->align ?: 1;
	part->entsize = section->kind == SECTION_TABLE ? section->entsize : 0;
	list_add(&out->parts, part);
	return part;
}

/*
 * Of one name there is one table, but where entries are in the order of the code: there the
 * linker wants to know whose each part is, and takes no part that is nobody's.
 */
static struct part *table_part(struct out *out, const struct section *section, struct part *owner)
{
	struct part *part;
	size_t i;

	if (!(section->flags & SHF_LINK_ORDER))
		owner = NULL;
	for (i = 0; i < out->parts.nr; i++) {
		part = out->parts.at[i];
		if (!strcmp(part->name, section->name) && part->owner == owner)
			return part;
	}
	part = add_part(out, section);
	part->owner = owner;
	part->symbol = add_symbol(&out->locals, "", STB_LOCAL, STT_SECTION);
	part->symbol->part = part;
	return part;
}

static void add_bytes(struct part *part, const struct section *section, uint64_t start,
		      uint64_t size)
{
	uint8_t *bytes = section->bytes ? memory_get(part->size + size, 1) : NULL;

	if (bytes) {
		if (part->size)
			memcpy(bytes, part->bytes, part->size);
		memcpy(bytes + part->size, section->bytes + start, size);
	}
	part->bytes = bytes;
	part->size += size;
}

/* ---- relocations ---- */

/* A name of the kernel's: as it was before the change, which is what runs. */
static const char *kernel_name(const struct out *out, const struct piece *piece)
{
	return outside_name(out->choice, piece_name(piece->twin ?: piece));
}

static bool is_by_section(const struct reloc *reloc)
{
	return !reloc->piece->symbol || reloc->symbol->type == STT_SECTION;
}

static struct out_symbol *reloc_symbol(struct out *out, const struct reloc *reloc,
				       const struct section *section,
				       const struct piece_symbols *of_pieces)
{
	switch (reloc->kind) {
	case TARGET_NONE:
	case TARGET_ABSOLUTE:
		return NULL;
	case TARGET_OUTSIDE:
		return undefined(out, outside_name(out->choice, reloc->symbol->name));
	case TARGET_ENTRY:
		return reloc->entry->out;
	case TARGET_PIECE:
		break;
	}
	if (!reloc->piece || reloc->unsure)
		return NULL;
	if (reloc_stays_outside(out->choice, reloc, section))
		return undefined(out, kernel_name(out, reloc->piece));
	if (!reloc->piece->chosen)
		return NULL;
	return is_by_section(reloc) ? of_pieces[reloc->piece->out].section :
				      of_pieces[reloc->piece->out].own;
}

static void add_reloc(struct out *out, struct part *part, const struct reloc *reloc,
		      const struct section *section, uint64_t offset,
		      const struct piece_symbols *of_pieces)
{
	struct out_symbol *symbol = reloc_symbol(out, reloc, section, of_pieces);
	struct out_reloc *made;

	/* What objtool alone is told of a place that does not come along. */
	if (!symbol && (reloc->kind == TARGET_PIECE || reloc->kind == TARGET_ENTRY))
		return;
	made = memory_get(1, sizeof(*made));
	made->offset = offset;
	made->type = reloc->type;
	made->symbol = symbol;
	made->addend = reloc->offset_to - reloc->bias;
	if (reloc->kind == TARGET_ENTRY)
		made->addend += (int64_t)reloc->entry->at;
	else if (symbol && GELF_ST_TYPE(symbol->sym.st_info) == STT_SECTION)
		made->addend += (int64_t)reloc->piece->lead;
	if (reloc->kind == TARGET_ABSOLUTE)
		made->addend += (int64_t)reloc->symbol->value;
	list_add(&part->relocs, made);
}

static void add_piece_parts(struct out *out, const struct list *chosen,
			    struct piece_symbols *of_pieces)
{
	struct piece *piece;
	struct part *part;
	size_t i;

	for (i = 0; i < chosen->nr; i++) {
		piece = chosen->at[i];
		part = add_part(out, piece->section);
		add_bytes(part, piece->section, piece->start, piece_size(piece));
		piece->out = i;
		of_pieces[i] = piece_symbols(out, piece, part);
	}
}

/* Run twice: relocations may refer to entries that come later. */
static void add_entries(struct out *out, const struct list *chosen,
			const struct piece_symbols *of_pieces, bool relocs)
{
	const struct reloc *reloc;
	struct entry *entry;
	struct piece *piece;
	struct part *part;
	size_t i, j;

	for (i = 0; i < chosen->nr; i++) {
		piece = chosen->at[i];
		for (j = 0; j < piece->entries.nr; j++) {
			entry = piece->entries.at[j];
			part = table_part(out, entry->section, out->parts.at[i]);
			if (!relocs) {
				entry->out = part->symbol;
				entry->at = part->size;
				add_bytes(part, entry->section, entry->start,
					  entry->section->entry_size);
				continue;
			}
			for_each_reloc(entry, reloc)
				add_reloc(out, part, reloc, entry->section,
					  entry->at + reloc->offset - entry->start, of_pieces);
		}
	}
}

static void add_pieces(struct out *out)
{
	struct piece_symbols *of_pieces;
	const struct reloc *reloc;
	struct list chosen = {};
	struct piece *piece;
	size_t i;

	for_each_piece(out->choice->after, i, piece)
		if (piece->chosen)
			list_add(&chosen, piece);
	of_pieces = memory_get(chosen.nr, sizeof(*of_pieces));
	add_piece_parts(out, &chosen, of_pieces);
	add_entries(out, &chosen, of_pieces, false);
	for (i = 0; i < chosen.nr; i++) {
		piece = chosen.at[i];
		for_each_reloc(piece, reloc)
			add_reloc(out, out->parts.at[i], reloc, piece->section,
				  reloc->offset - piece->start, of_pieces);
	}
	add_entries(out, &chosen, of_pieces, true);
}

/* ---- the file ---- */

static void failed(const char *what)
{
	give_up("the object of the patch cannot be written: %s: %s", what, elf_errmsg(-1));
}

static size_t add_name(struct out *out, const char *name)
{
	size_t at = out->names_size, length = strlen(name) + 1;
	uint8_t *names;

	if (!length || at + length > out->names_room) {
		out->names_room = (at + length) * 2;
		names = memory_get(out->names_room, 1);
		if (at)
			memcpy(names, out->names, at);
		out->names = names;
	}
	memcpy(out->names + at, name, length);
	out->names_size += length;
	return at;
}

static Elf_Scn *new_section(struct out *out, const char *name, GElf_Shdr *shdr, void *bytes,
			    uint64_t size, Elf_Type type)
{
	Elf_Scn *scn = elf_newscn(out->elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	GElf_Shdr now;

	if (!data || !gelf_getshdr(scn, &now))
		failed("section");
	data->d_type = type;
	data->d_buf = bytes;
	data->d_size = size;
	data->d_align = shdr->sh_addralign ?: 1;
	shdr->sh_name = add_name(out, name);
	shdr->sh_size = size;
	if (!gelf_update_shdr(scn, shdr))
		failed("section");
	return scn;
}

static void write_parts(struct out *out)
{
	Elf_Scn *scn;
	size_t i;

	for (i = 0; i < out->parts.nr; i++) {
		struct part *part = out->parts.at[i];
		GElf_Shdr shdr = {
			.sh_type = part->type,
			.sh_flags = part->flags,
			.sh_addralign = part->align,
			.sh_entsize = part->entsize,
			/* Code comes before tables. */
			.sh_link = part->owner ? part->owner->index : 0,
		};

		scn = new_section(out, part->name, &shdr, part->bytes, part->size, ELF_T_BYTE);
		part->index = elf_ndxscn(scn);
	}
}

static void write_symbol(Elf_Data *data, struct out *out, struct out_symbol *symbol, size_t index)
{
	symbol->index = index;
	symbol->sym.st_name =
		GELF_ST_TYPE(symbol->sym.st_info) == STT_SECTION ? 0 : add_name(out, symbol->name);
	symbol->sym.st_shndx = symbol->part ? symbol->part->index : SHN_UNDEF;
	if (!gelf_update_sym(data, index, &symbol->sym))
		failed("symbol");
}

static size_t write_symbols(struct out *out)
{
	size_t i, nr = 1 + out->locals.nr + out->globals.nr,
		  each = gelf_fsize(out->elf, ELF_T_SYM, 1, EV_CURRENT);
	GElf_Shdr shdr = { .sh_type = SHT_SYMTAB, .sh_addralign = 8, .sh_entsize = each };
	Elf_Scn *scn;
	Elf_Data *data;

	scn = new_section(out, ".symtab", &shdr, memory_get(nr, each), nr * each, ELF_T_SYM);
	data = elf_getdata(scn, NULL);
	for (i = 0; i < out->locals.nr; i++)
		write_symbol(data, out, out->locals.at[i], 1 + i);
	for (i = 0; i < out->globals.nr; i++)
		write_symbol(data, out, out->globals.at[i], 1 + out->locals.nr + i);
	return elf_ndxscn(scn);
}

static void write_relocs(struct out *out, const struct part *part, size_t symbols)
{
	size_t i, each = gelf_fsize(out->elf, ELF_T_RELA, 1, EV_CURRENT);
	GElf_Shdr shdr = {
		.sh_type = SHT_RELA,
		.sh_flags = SHF_INFO_LINK,
		.sh_addralign = 8,
		.sh_entsize = each,
		.sh_link = symbols,
		.sh_info = part->index,
	};
	Elf_Scn *scn;
	Elf_Data *data;

	if (!part->relocs.nr)
		return;
	scn = new_section(out, memory_print(".rela%s", part->name), &shdr,
			  memory_get(part->relocs.nr, each), part->relocs.nr * each, ELF_T_RELA);
	data = elf_getdata(scn, NULL);
	for (i = 0; i < part->relocs.nr; i++) {
		const struct out_reloc *reloc = part->relocs.at[i];
		GElf_Rela rela = {
			.r_offset = reloc->offset,
			.r_addend = reloc->addend,
			.r_info =
				GELF_R_INFO(reloc->symbol ? reloc->symbol->index : 0, reloc->type),
		};

		if (!gelf_update_rela(data, i, &rela))
			failed("relocation");
	}
}

/* Names of sections and symbols are in one table, which is last as all others add to it. */
static void write_names(struct out *out, size_t symbols)
{
	GElf_Shdr shdr = { .sh_type = SHT_STRTAB, .sh_addralign = 1 }, linked;
	Elf_Scn *scn, *of_symbols = elf_getscn(out->elf, symbols);
	GElf_Ehdr ehdr;

	add_name(out, ".strtab");
	scn = new_section(out, ".strtab", &shdr, NULL, 0, ELF_T_BYTE);
	elf_getdata(scn, NULL)->d_buf = out->names;
	elf_getdata(scn, NULL)->d_size = out->names_size;
	if (!gelf_getshdr(of_symbols, &linked) || !gelf_getehdr(out->elf, &ehdr))
		failed("names");
	linked.sh_link = elf_ndxscn(scn);
	linked.sh_info = 1 + out->locals.nr;
	ehdr.e_shstrndx = elf_ndxscn(scn);
	if (!gelf_update_shdr(of_symbols, &linked) || !gelf_update_ehdr(out->elf, &ehdr))
		failed("names");
}

static void write_elf(struct out *out)
{
	const struct object *object = out->choice->after;
	GElf_Shdr stack = { .sh_type = SHT_PROGBITS, .sh_addralign = 1 };
	GElf_Ehdr ehdr;
	size_t i, symbols;

	if (!gelf_newehdr(out->elf, object->class) || !gelf_getehdr(out->elf, &ehdr))
		failed("header");
	ehdr.e_ident[EI_DATA] = object->order;
	ehdr.e_type = ET_REL;
	ehdr.e_machine = object_machine(object);
	ehdr.e_flags = object->flags;
	ehdr.e_version = EV_CURRENT;
	if (!gelf_update_ehdr(out->elf, &ehdr))
		failed("header");
	add_name(out, "");
	write_parts(out);
	new_section(out, ".note.GNU-stack", &stack, NULL, 0, ELF_T_BYTE);
	symbols = write_symbols(out);
	for (i = 0; i < out->parts.nr; i++)
		write_relocs(out, out->parts.at[i], symbols);
	write_names(out, symbols);
	if (elf_update(out->elf, ELF_C_WRITE) < 0)
		failed("file");
}

void emit_object(const struct choice *choice, int fd)
{
	struct out out = { .choice = choice };
	jmp_buf outer;

	add_pieces(&out);
	elf_version(EV_CURRENT);
	out.elf = elf_begin(fd, ELF_C_WRITE, NULL);
	if (!out.elf)
		failed("file");
	memcpy(outer, memory_way_out, sizeof(outer));
	if (setjmp(memory_way_out)) {
		elf_end(out.elf);
		longjmp(outer, 1);
	}
	write_elf(&out);
	memcpy(memory_way_out, outer, sizeof(outer));
	elf_end(out.elf);
}
