// SPDX-License-Identifier: GPL-2.0
/*
 * compare.c - which pieces of two objects differ
 *
 * Bytes are compared as they are, relocations by what they mean: a function is the same
 * function whether it has been changed or not, a string is what it says. What the tables
 * of the kernel have of a function is part of it.
 */
#include <string.h>
#include "compare.h"

/* What no compiler makes: constants that refer to constants for ever. */
#define DEEPEST 32
#define MOST_STEPS 20000000

static unsigned int depth;
static unsigned long steps;

/* Or not too often: what macros of the kernel that limit messages call _rs. */
static bool piece_says_once(const struct piece *piece)
{
	const char *name = piece_name(piece);

	return starts(piece->section->name, ".data.once") ||
	       starts(piece->section->name, ".data..once") || starts(name, "__already_done.") ||
	       starts(name, "__warned.") || starts(name, "_rs.");
}

/* Descriptors of messages that can be switched on, and lockdep's keys, are made for each user. */
static bool piece_describes(const struct piece *piece)
{
	return !strcmp(piece->section->name, "__dyndbg") || starts(piece_name(piece), "__key.");
}

bool piece_may_be_copied(const struct piece *piece)
{
	enum section_kind kind = piece->section->kind;

	if (kind == SECTION_STRINGS || kind == SECTION_REPLACEMENT)
		return true;
	if (kind == SECTION_DATA)
		return piece_says_once(piece) || piece_describes(piece);
	return kind == SECTION_CONST &&
	       (!piece->symbol || (piece->symbol->bind == STB_LOCAL && !piece->nr_relocs));
}

/* Known by what is in it, not by its name. */
static bool known_by_content(const struct piece *piece)
{
	enum section_kind kind = piece->section->kind;

	if (kind == SECTION_STRINGS || kind == SECTION_REPLACEMENT || !piece->symbol)
		return !piece_is_text(piece);
	return kind == SECTION_CONST && piece->symbol->bind == STB_LOCAL && !piece->nr_relocs;
}

static bool targets_equal(const struct reloc *before, const struct reloc *after)
{
	if (before->kind != after->kind || before->offset_to != after->offset_to)
		return false;
	switch (before->kind) {
	case TARGET_NONE:
		return true;
	case TARGET_OUTSIDE:
		return !strcmp(before->symbol->name, after->symbol->name);
	case TARGET_ABSOLUTE:
		return before->symbol->value == after->symbol->value;
	case TARGET_ENTRY:
		/* What is in it is compared with its function. */
		return before->entry->owner == after->entry->owner->twin &&
		       before->entry->nth == after->entry->nth;
	case TARGET_PIECE:
		break;
	}
	if (!before->piece || !after->piece)
		return before->symbol->section->kind == after->symbol->section->kind &&
		       !strcmp(before->symbol->section->name, after->symbol->section->name);
	if (known_by_content(after->piece) && known_by_content(before->piece))
		return pieces_equal(before->piece, after->piece);
	/* The same flag, or one that is as good. */
	if (!after->piece->twin && !before->piece->twin && piece_may_be_copied(after->piece) &&
	    piece_may_be_copied(before->piece))
		return pieces_equal(before->piece, after->piece);
	return after->piece->twin == before->piece;
}

/* @from: where in each the relocations' offsets are counted from */
static bool relocs_equal(const struct reloc *before, uint64_t from_before,
			 const struct reloc *after, uint64_t from_after, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (++steps > MOST_STEPS)
			give_up("these objects are too entangled to be compared");
		if (before[i].offset - from_before != after[i].offset - from_after ||
		    before[i].type != after[i].type || !targets_equal(&before[i], &after[i]))
			return false;
	}
	return true;
}

/* What has no bytes is zero. */
static bool bytes_equal(const struct section *a, uint64_t at_a, const struct section *b,
			uint64_t at_b, uint64_t size)
{
	uint64_t i;

	if (a->bytes && b->bytes)
		return !memcmp(a->bytes + at_a, b->bytes + at_b, size);
	if (!a->bytes && !b->bytes)
		return true;
	if (b->bytes)
		return bytes_equal(b, at_b, a, at_a, size);
	for (i = 0; i < size; i++)
		if (a->bytes[at_a + i])
			return false;
	return true;
}

static bool entries_equal(const struct entry *before, const struct entry *after)
{
	return !strcmp(before->section->name, after->section->name) &&
	       before->section->entry_size == after->section->entry_size &&
	       before->nr_relocs == after->nr_relocs &&
	       bytes_equal(before->section, before->start, after->section, after->start,
			   after->section->entry_size) &&
	       relocs_equal(before->relocs, before->start, after->relocs, after->start,
			    after->nr_relocs);
}

static bool all_entries_equal(const struct piece *before, const struct piece *after)
{
	size_t i;

	if (before->entries.nr != after->entries.nr)
		return false;
	for (i = 0; i < after->entries.nr; i++)
		if (!entries_equal(before->entries.at[i], after->entries.at[i]))
			return false;
	return true;
}

/* Padding before the entry is of no concern where a section has several functions. */
static bool leads_equal(const struct piece *before, const struct piece *after)
{
	if (before->section->nr_pieces > 1 || after->section->nr_pieces > 1)
		return true;
	return before->lead == after->lead;
}

static bool contents_equal(const struct piece *before, const struct piece *after)
{
	uint64_t from = before->start + before->lead, to = after->start + after->lead;

	return before->end - from == after->end - to && leads_equal(before, after) &&
	       before->nr_relocs == after->nr_relocs &&
	       bytes_equal(before->section, from, after->section, to, after->end - to) &&
	       relocs_equal(before->relocs, from, after->relocs, to, after->nr_relocs) &&
	       all_entries_equal(before, after);
}

bool pieces_equal(struct piece *before, struct piece *after)
{
	bool equal;

	if (depth == DEEPEST)
		return false;
	depth++;
	equal = contents_equal(before, after);
	depth--;
	return equal;
}

/* A function and its cold part are one. */
static void join_parents(struct object *after)
{
	struct piece *piece;
	size_t i;

	for_each_piece(after, i, piece)
		if (piece->parent && piece->changed && piece->parent->twin)
			piece->parent->changed = true;
}

void compare_pieces(struct object *before, struct object *after)
{
	struct piece *piece;
	size_t i;

	steps = 0;
	depth = 0;
	for_each_piece(after, i, piece)
		if (piece->twin)
			piece->changed = !pieces_equal(piece->twin, piece);
	join_parents(after);
}
