// SPDX-License-Identifier: GPL-2.0
/*
 * choose.c - what goes into a patch
 *
 * Functions that have changed, and what they need: what the kernel has is bound to the
 * kernel's own, what it has not comes along.
 */
#include <stdlib.h>
#include <string.h>
#include "choose.h"
#include "compare.h"
#include "machine.h"
#include "refuse.h"

static bool is_own(const struct piece *piece)
{
	return !piece->twin || piece->changed;
}

/* A function whose code the patch brings, and that the kernel has under the same name. */
static bool takes_a_place(const struct piece *piece)
{
	return piece_is_text(piece) && piece->twin && piece->changed && !piece->parent;
}

bool reloc_stays_outside(const struct choice *choice, const struct reloc *reloc,
			 const struct section *section)
{
	const struct piece *piece = reloc->piece;

	if (reloc->kind != TARGET_PIECE)
		return false;
	if (piece->bound)
		return true;
	/* Within a function its own places are meant: a table of a switch, an entry of a table. */
	if (!takes_a_place(piece) || reloc->offset_to || section->kind == SECTION_TABLE)
		return false;
	return !choice->after->machine->calls(section, reloc);
}

/* ---- names ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What compiler and linker make themselves, and the loader knows in every module. */
static bool is_made_by_linker(const char *name)
{
	return !strcmp(name, ".TOC.") || !strcmp(name, "_GLOBAL_OFFSET_TABLE_");
}

static bool is_brought(const struct choice *choice, const char *name)
{
	size_t i;

	for (i = 0; choice->brought && i < choice->brought->nr; i++)
		if (!strcmp(choice->brought->at[i], name))
			return true;
	return false;
}

const char *outside_name(const struct choice *choice, const char *name)
{
	if (!choice->exports || is_made_by_linker(name) || is_brought(choice, name))
		return name;
	if (choice->exports->nr &&
	    bsearch(&name, choice->exports->at, choice->exports->nr, sizeof(name), by_text))
		return name;
	return memory_print("xlp_sym.%s.%s.0", choice->object, name);
}

static void note_outside(struct choice *choice, const struct symbol *symbol)
{
	const char *name = outside_name(choice, symbol->name);
	size_t i;

	if (is_made_by_linker(name) || is_brought(choice, name))
		return;
	for (i = 0; i < choice->outside.nr; i++)
		if (!strcmp(choice->outside.at[i], name))
			return;
	list_add(&choice->outside, (void *)name);
}

/* ---- what is needed ---- */

static void bind_piece(struct choice *choice, struct piece *piece)
{
	if (piece->bound)
		return;
	piece->bound = true;
	if (piece->section->kind == SECTION_INIT_TEXT || piece->section->kind == SECTION_INIT_DATA)
		refuse(choice, "'%s' is used, and gone after init: do without it",
		       piece_name(piece));
	/* A variable that changes is refused as such. */
	else if (!piece->changed || piece_is_text(piece))
		list_add(&choice->bound, piece);
}

static void take_piece(struct choice *choice, struct piece *piece, struct list *left)
{
	if (piece->chosen)
		return;
	piece->chosen = true;
	list_add(left, piece);
	if (piece_is_text(piece)) {
		if (!piece->twin && !piece->parent)
			list_add(&choice->added, piece);
		refuse_function(choice, piece);
	} else if (piece->symbol && piece_may_be_copied(piece)) {
		list_add(&choice->copied, piece);
	} else if (piece->symbol && piece_is_data(piece)) {
		list_add(&choice->data, piece);
	}
}

/* Does the patch bring this, or use what the kernel has? */
static bool comes_along(const struct piece *piece)
{
	if (piece_is_text(piece))
		return is_own(piece) || (piece->parent && piece->parent->chosen);
	if (!piece->twin || piece->section->kind == SECTION_REPLACEMENT)
		return true;
	/* Under a number of the compiler's there may be many in the kernel, of all files. */
	if (piece_may_be_copied(piece))
		return piece->changed || strchr(piece_name(piece), '.');
	return false;
}

static void follow(struct choice *choice, const struct reloc *reloc, const struct section *section,
		   struct list *left)
{
	struct piece *piece = reloc->piece;

	if (reloc->kind == TARGET_OUTSIDE) {
		note_outside(choice, reloc->symbol);
		return;
	}
	if (reloc->kind == TARGET_ENTRY && !reloc->entry->owner->chosen)
		refuse(choice, "an entry of %s of another function is used: '%s'",
		       reloc->entry->section->name, piece_name(reloc->entry->owner));
	if (reloc->kind != TARGET_PIECE)
		return;
	if (reloc->unsure || !piece) {
		/* A place in code of which only objtool is told. */
		if (section->kind != SECTION_TABLE || !starts(section->name, ".discard."))
			refuse(choice,
			       "what is meant at %#llx of %s cannot be seen: several variables share section %s",
			       (unsigned long long)reloc->offset, section->name,
			       reloc->symbol->section ? reloc->symbol->section->name : "");
		return;
	}
	if (piece->refused) {
		refuse(choice, "'%s': %s", piece_name(piece), piece->refused);
		return;
	}
	if (comes_along(piece)) {
		take_piece(choice, piece, left);
		if (piece_is_text(piece) && !piece->twin && !piece->parent &&
		    section->kind != SECTION_TABLE && !reloc->offset_to &&
		    !choice->after->machine->calls(section, reloc))
			note(choice,
			     "the address of the new function '%s' is taken: it must be used by nobody when the patch goes",
			     piece_name(piece));
		return;
	}
	if (!piece->symbol)
		refuse(choice, "section %s has what is changed and has no name",
		       piece->section->name);
	else
		bind_piece(choice, piece);
}

static void follow_all(struct choice *choice, struct list *left)
{
	const struct reloc *reloc;
	size_t i, j;

	for (i = 0; i < left->nr; i++) {
		struct piece *piece = left->at[i];

		for_each_reloc(piece, reloc)
			follow(choice, reloc, piece->section, left);
		for (j = 0; j < piece->entries.nr; j++) {
			struct entry *entry = piece->entries.at[j];

			for_each_reloc(entry, reloc)
				follow(choice, reloc, entry->section, left);
		}
	}
}

/* What is new and nobody in this file uses may be for others; a variable if there are others. */
static bool is_for_others(const struct choice *choice, const struct piece *piece)
{
	if (piece->twin || piece->parent || !piece->symbol || piece->symbol->bind != STB_GLOBAL)
		return false;
	return piece->section->kind == SECTION_TEXT || (choice->brought && piece_is_data(piece));
}

static void choose_pieces(struct choice *choice)
{
	struct list left = {};
	struct piece *piece;
	size_t i;

	for_each_piece(choice->after, i, piece) {
		if (!piece->symbol)
			continue;
		if (takes_a_place(piece)) {
			list_add(&choice->changed, piece);
			take_piece(choice, piece, &left);
		} else if (is_for_others(choice, piece)) {
			take_piece(choice, piece, &left);
		}
	}
	follow_all(choice, &left);
	refuse_object(choice);
}

/* ---- several files ---- */

/* Does one of the files define this name for all, as it was? */
static bool was_there(const struct choice *choices, size_t nr, const char *name)
{
	const struct symbol *symbol;
	size_t i;

	for (i = 0; i < nr; i++)
		for_each_symbol(choices[i].before, symbol)
			if (symbol->section && symbol->bind == STB_GLOBAL &&
			    !strcmp(symbol->name, name))
				return true;
	return false;
}

static void bring(struct choice *choices, size_t nr, struct choice *by, struct list *brought)
{
	struct piece *piece;
	const char *name;
	size_t i;

	for_each_piece(by->after, i, piece) {
		if (!is_for_others(by, piece))
			continue;
		name = piece_name(piece);
		if (was_there(choices, nr, name))
			refuse(by,
			       "'%s' comes from another file: leave it there, as others have its address",
			       name);
		else if (is_brought(by, name))
			refuse(by, "'%s' is new in two files: give them two names", name);
		else
			list_add(brought, (void *)name);
	}
}

void choose(struct choice *choices, size_t nr)
{
	struct list *brought = memory_get(1, sizeof(*brought));
	bool functions = false, refused = false;
	size_t i;

	for (i = 0; i < nr; i++) {
		choices[i].number = i;
		choices[i].brought = nr > 1 ? brought : NULL;
	}
	for (i = 0; nr > 1 && i < nr; i++)
		bring(choices, nr, &choices[i], brought);
	for (i = 0; i < nr; i++) {
		choose_pieces(&choices[i]);
		functions |= choices[i].changed.nr;
		refused |= choices[i].refusals.nr;
	}
	if (!functions && !refused)
		refuse_nothing(choices, nr);
}

/* ---- saying it ---- */

/* In the order of names: that of the compiler is of no meaning. */
static void print_texts(FILE *to, const char *what, const struct list *texts)
{
	struct list sorted = {};
	size_t i;

	for (i = 0; i < texts->nr; i++)
		list_add(&sorted, texts->at[i]);
	sort(sorted.at, sorted.nr, sizeof(*sorted.at), by_text);
	for (i = 0; i < sorted.nr; i++)
		fprintf(to, "%s: %s\n", what, (const char *)sorted.at[i]);
}

/* By the names that the kernel has, where it has any. */
static void print_pieces(FILE *to, const char *what, const struct list *pieces)
{
	struct list names = {};
	size_t i;

	for (i = 0; i < pieces->nr; i++) {
		const struct piece *piece = pieces->at[i];

		list_add(&names, (void *)piece_name(piece->twin ?: piece));
	}
	print_texts(to, what, &names);
}

void choice_print(const struct choice *choice, FILE *to)
{
	print_pieces(to, "changed function", &choice->changed);
	print_pieces(to, "new function", &choice->added);
	print_pieces(to, "new variable", &choice->data);
	print_pieces(to, "own copy", &choice->copied);
	print_pieces(to, "bound to the kernel's", &choice->bound);
	print_texts(to, "outside", &choice->outside);
	print_texts(to, "note", &choice->notes);
	print_texts(to, "refused", &choice->refusals);
}
