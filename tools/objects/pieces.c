// SPDX-License-Identifier: GPL-2.0
/*
 * pieces.c - cut an object into pieces, and find what relocations refer to
 */
#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include "object.h"

const char *piece_name(const struct piece *piece)
{
	return piece->symbol ? piece->symbol->name : "";
}

uint64_t piece_size(const struct piece *piece)
{
	return piece->end - piece->start;
}

bool piece_is_text(const struct piece *piece)
{
	return piece->section->kind == SECTION_TEXT || piece->section->kind == SECTION_INIT_TEXT;
}

bool piece_is_data(const struct piece *piece)
{
	return piece->section->kind == SECTION_DATA || piece->section->kind == SECTION_CONST;
}

/* ---- where pieces begin ---- */

/* Labels of the compiler and marks of the assembler have no meaning of their own. */
static bool has_meaning(const struct symbol *symbol)
{
	if (!symbol->section || !*symbol->name || *symbol->name == '$' ||
	    starts(symbol->name, ".L"))
		return false;
	if (symbol->section->kind == SECTION_TEXT || symbol->section->kind == SECTION_INIT_TEXT)
		return symbol->type == STT_FUNC;
	return symbol->type == STT_OBJECT || symbol->type == STT_NOTYPE;
}

/* Of several names of one place: what others see, then the first. */
static int by_place(const void *a, const void *b)
{
	const struct symbol *first = *(const struct symbol **)a,
			    *second = *(const struct symbol **)b;

	if (first->value != second->value)
		return first->value < second->value ? -1 : 1;
	if (first->bind != second->bind)
		return first->bind == STB_GLOBAL ? -1 : second->bind == STB_GLOBAL ? 1 : 0;
	return first < second ? -1 : first > second;
}

static struct piece *add_piece(struct list *pieces, struct section *section, uint64_t start,
			       uint64_t end)
{
	struct piece *piece = memory_get(1, sizeof(*piece));

	piece->section = section;
	piece->start = start;
	piece->end = end;
	list_add(pieces, piece);
	return piece;
}

/* Within strings each ends with a zero of their width. */
static uint64_t string_end(const struct section *section, uint64_t at, uint64_t width)
{
	static const uint8_t zero[8];

	while (section->size - at >= width && memcmp(section->bytes + at, zero, width))
		at += width;
	return section->size - at >= width ? at + width : section->size;
}

static void cut_strings(struct section *section, struct list *pieces)
{
	uint64_t at = 0, end, width = section->entsize;

	if (width < 1 || width > 8)
		width = 1;
	for (; section->bytes && at < section->size; at = end) {
		end = string_end(section, at, width);
		add_piece(pieces, section, at, end);
	}
}

/* Constants that may be merged, and what powerpc reaches through r2. */
static uint64_t even_size(const struct section *section)
{
	if (!strcmp(section->name, ".toc"))
		return 8;
	return section->flags & SHF_MERGE ? section->entsize : 0;
}

static void cut_even(struct section *section, struct list *pieces, uint64_t size)
{
	uint64_t at, end;

	for (at = 0; section->bytes && at < section->size; at = end) {
		end = section->size - at > size ? at + size : section->size;
		add_piece(pieces, section, at, end);
	}
}

static int by_number(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

/* Instructions of alternatives begin where the table says so. */
static void cut_replacements(struct section *section, struct list *pieces)
{
	const struct section *table;
	const struct reloc *reloc;
	size_t i, nr = 1, room = 1;
	uint64_t *starts_at, end;

	for_each_section(section->object, table)
		room += table->kind == SECTION_TABLE ? table->nr_relocs : 0;
	starts_at = memory_get(room, sizeof(*starts_at));
	for_each_section(section->object, table) {
		if (table->kind != SECTION_TABLE)
			continue;
		for_each_reloc(table, reloc)
			if (reloc->symbol->section == section)
				starts_at[nr++] = reloc->symbol->value + reloc->addend;
	}
	sort(starts_at, nr, sizeof(*starts_at), by_number);
	for (i = 0; i < nr && starts_at[i] < section->size; i++) {
		end = i + 1 < nr && starts_at[i + 1] < section->size ? starts_at[i + 1] :
								       section->size;
		if (end > starts_at[i])
			add_piece(pieces, section, starts_at[i], end);
	}
}

/* How far the symbols of a place reach: as the largest says; if none does, to the next place. */
static uint64_t piece_end(struct symbol **symbols, size_t nr, size_t i,
			  const struct section *section)
{
	uint64_t value = symbols[i]->value, size = 0;
	bool sized = symbols[i]->type == STT_OBJECT;

	for (; i < nr && symbols[i]->value == value; i++)
		if (symbols[i]->size > size)
			size = symbols[i]->size;
	if (size || sized)
		return value + size;
	return i < nr ? symbols[i]->value : section->size;
}

/*
 * What begins within a piece is a place in it: a cold part that stayed with its function.
 * Return: the first symbol behind.
 */
static size_t give_symbols(struct piece *piece, struct symbol **symbols, size_t nr, size_t i)
{
	uint64_t value = symbols[i]->value;

	for (; i < nr && (symbols[i]->value == value || symbols[i]->value < piece->end); i++) {
		if (symbols[i]->value + symbols[i]->size > piece->end)
			give_up("%s: symbols '%s' and '%s' overlap", piece->section->object->path,
				piece_name(piece), symbols[i]->name);
		symbols[i]->piece = piece;
	}
	return i;
}

/*
 * What stands before the entry of a function belongs to it: room that the compiler was told
 * to leave there.
 */
static void cut_at_symbols(struct section *section, struct list *pieces, struct symbol **symbols,
			   size_t nr)
{
	bool text = section->kind == SECTION_TEXT || section->kind == SECTION_INIT_TEXT;
	struct piece *piece;
	uint64_t at = 0, end;
	size_t i = 0;

	while (i < nr) {
		end = piece_end(symbols, nr, i, section);
		if (!text && symbols[i]->value > at)
			add_piece(pieces, section, at, symbols[i]->value);
		piece = add_piece(pieces, section, text ? at : symbols[i]->value, end);
		piece->lead = symbols[i]->value - piece->start;
		piece->symbol = symbols[i];
		i = give_symbols(piece, symbols, nr, i);
		at = end;
	}
	if (at < section->size && !(text && nr))
		add_piece(pieces, section, at, section->size);
}

static void cut_section(struct section *section, struct symbol **symbols, size_t nr)
{
	struct list pieces = {};
	uint64_t even = even_size(section);

	if (section->kind == SECTION_IGNORED || section->kind == SECTION_TABLE)
		return;
	sort(symbols, nr, sizeof(*symbols), by_place);
	if (section->kind == SECTION_REPLACEMENT)
		cut_replacements(section, &pieces);
	else if (nr)
		cut_at_symbols(section, &pieces, symbols, nr);
	else if (section->kind == SECTION_STRINGS)
		cut_strings(section, &pieces);
	else if (even)
		cut_even(section, &pieces, even);
	else if (section->size)
		add_piece(&pieces, section, 0, section->size);
	section->pieces = (struct piece **)pieces.at;
	section->nr_pieces = pieces.nr;
}

/* ---- which relocations a piece has ---- */

static void give_relocs(struct section *section)
{
	struct reloc *reloc = section->relocs, *end = section->relocs + section->nr_relocs;
	size_t i;

	for (i = 0; i < section->nr_pieces; i++) {
		struct piece *piece = section->pieces[i];

		while (reloc < end && reloc->offset < piece->start)
			reloc++;
		piece->relocs = reloc;
		while (reloc < end && reloc->offset < piece->end)
			reloc++;
		piece->nr_relocs = reloc - piece->relocs;
	}
}

/* ---- what a relocation refers to ---- */

/* Return: the piece that has this offset; of what is behind the last, the last one. */
struct piece *section_piece(const struct section *section, uint64_t offset)
{
	size_t low = 0, high = section->nr_pieces, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (section->pieces[mid]->start <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? section->pieces[low - 1] : NULL;
}

static struct piece *reloc_piece(const struct reloc *reloc, int64_t bias)
{
	int64_t at = (int64_t)reloc->symbol->value + reloc->addend + bias;

	/* The name says which, wherever in it or outside of it the place is. */
	if (reloc->symbol->piece)
		return reloc->symbol->piece;
	return at < 0 ? NULL : section_piece(reloc->symbol->section, at);
}

static void resolve(struct section *section, struct reloc *reloc)
{
	int64_t biases[MACHINE_BIASES];
	struct symbol *symbol = reloc->symbol;
	unsigned int i, nr;

	nr = section->object->machine->biases(section, reloc, biases);
	reloc->bias = biases[0];
	reloc->offset_to = reloc->addend + reloc->bias;
	if (!symbol->section) {
		reloc->kind = symbol->shndx == SHN_ABS ? TARGET_ABSOLUTE : TARGET_OUTSIDE;
		if (symbol == section->object->symbols)
			reloc->kind = TARGET_NONE;
		return;
	}
	reloc->kind = TARGET_PIECE;
	reloc->piece = reloc_piece(reloc, biases[0]);
	for (i = 1; i < nr; i++)
		if (reloc_piece(reloc, biases[i]) != reloc->piece)
			reloc->unsure = true;
	if (reloc->piece)
		reloc->offset_to += (int64_t)symbol->value -
				    (int64_t)(reloc->piece->start + reloc->piece->lead);
	else
		reloc->unsure = true;
}

/* ---- cold parts of functions ---- */

static void find_parents(struct object *object)
{
	struct piece *piece, *parent;
	size_t i, j, length;
	const char *cold;

	for_each_piece(object, i, piece) {
		cold = strstr(piece_name(piece), ".cold");
		if (!cold || !piece_is_text(piece) || piece->symbol->bind != STB_LOCAL)
			continue;
		length = cold - piece_name(piece);
		for_each_piece(object, j, parent)
			if (piece_is_text(parent) && strlen(piece_name(parent)) == length &&
			    !strncmp(piece_name(parent), piece_name(piece), length))
				piece->parent = parent;
	}
}

static bool is_constant(const struct section *section)
{
	return section->kind == SECTION_CONST || section->kind == SECTION_STRINGS;
}

static void cut(struct object *object, bool constants)
{
	struct section *section;
	struct symbol *symbol, **symbols;
	struct reloc *reloc;
	struct list *of;
	size_t i;

	of = memory_get(object->nr_sections, sizeof(*of));
	for_each_symbol(object, symbol)
		if (has_meaning(symbol))
			list_add(&of[symbol->section - object->sections], symbol);
	for_each_section(object, section) {
		symbols = (struct symbol **)of[section - object->sections].at;
		if (!constants || is_constant(section))
			cut_section(section, symbols, of[section - object->sections].nr);
		give_relocs(section);
		for (i = 0; i < section->nr_pieces; i++)
			list_add(&object->pieces, section->pieces[i]);
	}
	for_each_section(object, section)
		for_each_reloc(section, reloc)
			resolve(section, reloc);
}

void object_cut(struct object *object)
{
	cut(object, false);
	find_parents(object);
}

void object_cut_constants(struct object *object)
{
	cut(object, true);
}
