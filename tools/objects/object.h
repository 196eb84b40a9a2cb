/* SPDX-License-Identifier: GPL-2.0 */
/*
 * object.h - an object file, cut into pieces
 *
 * A piece is what has a meaning of its own: a function, a variable, a string, a constant,
 * an entry of .toc, or what is left of a section between those. Relocations refer to an
 * offset in a piece, never to a section or to a label of the compiler.
 */
#ifndef _XLP_TOOLS_OBJECT_H
#define _XLP_TOOLS_OBJECT_H

#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>
#include "memory.h"

struct entry;
struct machine;
struct object;
struct piece;
struct section;

/**
 * enum section_kind - what a section is for
 * @SECTION_IGNORED:	nothing that runs depends on it
 * @SECTION_TEXT:	functions
 * @SECTION_INIT_TEXT:	functions that are gone after boot, or after the init of a module
 * @SECTION_REPLACEMENT: instructions that take the place of others at boot
 * @SECTION_DATA:	variables
 * @SECTION_INIT_DATA:	variables that are gone after boot
 * @SECTION_CONST:	constants
 * @SECTION_STRINGS:	strings, which may be merged
 * @SECTION_TABLE:	entries that each belong to a place in a function
 * @SECTION_FIXED:	has been read when the object was loaded, so may not change
 */
enum section_kind {
	SECTION_IGNORED,
	SECTION_TEXT,
	SECTION_INIT_TEXT,
	SECTION_REPLACEMENT,
	SECTION_DATA,
	SECTION_INIT_DATA,
	SECTION_CONST,
	SECTION_STRINGS,
	SECTION_TABLE,
	SECTION_FIXED,
};

/**
 * enum target_kind - what a relocation refers to
 * @TARGET_NONE:	nothing
 * @TARGET_OUTSIDE:	a symbol that this object does not define
 * @TARGET_ABSOLUTE:	a number
 * @TARGET_PIECE:	a place in a piece
 * @TARGET_ENTRY:	an entry of a table, which code hands to the kernel
 */
enum target_kind {
	TARGET_NONE,
	TARGET_OUTSIDE,
	TARGET_ABSOLUTE,
	TARGET_PIECE,
	TARGET_ENTRY,
};

struct symbol {
	const char *name;
	unsigned char type;
	unsigned char bind;
	unsigned char other;
	size_t shndx;
	struct section *section;	/* NULL: undefined, absolute or common */
	uint64_t value;
	uint64_t size;
	struct piece *piece;
};

/**
 * struct reloc - one relocation
 * @offset:	where in its section
 * @type:	as in the file
 * @addend:	as in the file
 * @symbol:	that it names
 * @kind:	what it refers to
 * @piece:	which, if it is a piece
 * @entry:	which, if it is an entry of a table
 * @bias:	what has to be added to it to get the offset that is meant
 * @offset_to:	that offset: from the entry of @piece, or from the symbol that is outside
 * @unsure:	it may be in one piece or in another
 */
struct reloc {
	uint64_t offset;
	uint32_t type;
	int64_t addend;
	struct symbol *symbol;
	enum target_kind kind;
	struct piece *piece;
	struct entry *entry;
	int64_t bias;
	int64_t offset_to;
	bool unsure;
};

struct section {
	struct object *object;
	const char *name;
	enum section_kind kind;
	uint32_t type;
	uint64_t flags;
	uint64_t size;
	uint64_t align;
	uint64_t entsize;
	uint64_t entry_size;		/* of a table */
	struct entry **entries;		/* by start; NULL: it is nobody's */
	uint8_t *bytes;			/* NULL: all zero */
	struct reloc *relocs;		/* by offset */
	size_t nr_relocs;
	struct piece **pieces;		/* by start */
	size_t nr_pieces;
};

/**
 * struct entry - an entry of a table, which belongs to the function it refers to first
 * @section:	the table
 * @start:	where in it
 * @relocs:	the first of those in it
 * @nr_relocs:	how many these are
 * @owner:	that function
 * @nth:	which of its entries it is
 * @out:	the symbol of the section of the patch that it is in
 * @at:		and where in it
 */
struct entry {
	struct section *section;
	uint64_t start;
	struct reloc *relocs;
	size_t nr_relocs;
	struct piece *owner;
	size_t nth;
	void *out;
	uint64_t at;
};

/**
 * struct piece - what has a meaning of its own
 * @section:	that it is a part of
 * @symbol:	its name, or NULL
 * @start:	where in @section; of a function with what stands before its entry
 * @end:	and where it ends
 * @lead:	how much stands before the entry
 * @relocs:	the first of those in it
 * @nr_relocs:	how many these are
 * @twin:	the piece of the other object that it is a version of
 * @parent:	of the cold part of a function: the function
 * @entries:	of tables, which belong to this function
 * @users:	names of functions and variables that refer to it
 * @refused:	why no patch can change it, or NULL
 * @site:	ftrace can catch it
 * @changed:	it differs from its twin
 * @judged:	whether that is known
 * @chosen:	it is to be in the patch
 * @bound:	the patch uses the one of the kernel
 * @out:	the section of the patch that it is in, by number
 * @at:		and where in it
 */
struct piece {
	struct section *section;
	struct symbol *symbol;
	uint64_t start;
	uint64_t end;
	uint64_t lead;
	struct reloc *relocs;
	size_t nr_relocs;
	struct piece *twin;
	struct piece *parent;
	struct list entries;
	struct list users;
	const char *refused;
	bool site;
	bool changed;
	bool judged;
	bool chosen;
	bool bound;
	size_t out;
	uint64_t at;
};

struct object {
	const char *path;
	const struct machine *machine;
	int class;
	int order;
	uint32_t flags;
	struct section *sections;
	size_t nr_sections;
	struct symbol *symbols;
	size_t nr_symbols;
	struct list pieces;
	bool has_sites;
};

#define for_each_section(object, section)				\
	for ((section) = (object)->sections;				\
	     (section) < (object)->sections + (object)->nr_sections; (section)++)

#define for_each_symbol(object, symbol)					\
	for ((symbol) = (object)->symbols;				\
	     (symbol) < (object)->symbols + (object)->nr_symbols; (symbol)++)

#define for_each_reloc(of, reloc) \
	for ((reloc) = (of)->relocs; (reloc) < (of)->relocs + (of)->nr_relocs; (reloc)++)

#define for_each_piece(object, i, piece) \
	for ((i) = 0; (i) < (object)->pieces.nr && ((piece) = (object)->pieces.at[i]); (i)++)

/**
 * object_read() - an object file that is in memory
 * @path:	for messages
 * @image:	its bytes
 * @size:	how many
 *
 * Return: the object, its sections and symbols checked; bad input gives up.
 */
struct object *object_read(const char *path, void *image, size_t size);

/* object_cut() - make its pieces, and find what relocations refer to */
void object_cut(struct object *object);

/* object_cut_constants() - the same of what is read only, and nothing else */
void object_cut_constants(struct object *object);

/* object_tables() - give the entries of tables to the functions they belong to */
void object_tables(struct object *object);

/* Sizes of entries that the caller knows of: "SECTION=SIZE". */
extern struct list object_entry_sizes;

struct piece *section_piece(const struct section *section, uint64_t offset);
const char *piece_name(const struct piece *piece);
uint64_t piece_size(const struct piece *piece);
bool piece_is_text(const struct piece *piece);
bool piece_is_data(const struct piece *piece);

/* Does a name begin so? */
bool starts(const char *name, const char *with);

/* e_machine */
unsigned int object_machine(const struct object *object);

#endif /* _XLP_TOOLS_OBJECT_H */
