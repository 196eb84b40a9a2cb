// SPDX-License-Identifier: GPL-2.0
/*
 * refuse.c - what no patch can do, and what to do in its place
 */
#include <stdlib.h>
#include <string.h>
#include "compare.h"
#include "refuse.h"

static void add_text(struct list *texts, const char *text)
{
	size_t i;

	for (i = 0; i < texts->nr; i++)
		if (!strcmp(texts->at[i], text))
			return;
	list_add(texts, (void *)text);
}

void refuse(struct choice *choice, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_text(&choice->refusals, memory_vprint(fmt, args));
	va_end(args);
}

void note(struct choice *choice, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_text(&choice->notes, memory_vprint(fmt, args));
	va_end(args);
}

/* ---- functions ---- */

static void refuse_changed(struct choice *choice, const struct piece *piece)
{
	const char *name = piece_name(piece);

	if (!choice->before->has_sites)
		refuse(choice,
		       "function '%s': nothing in its file can be hooked by ftrace: compile it with the flags of the kernel; if those were used, change its callers",
		       name);
	else if (!piece->twin->site)
		refuse(choice,
		       "function '%s' cannot be hooked by ftrace (notrace, noinstr or __kprobes): change its callers",
		       name);
}

void refuse_function(struct choice *choice, const struct piece *piece)
{
	const char *name = piece_name(piece);

	if (piece->section->kind == SECTION_INIT_TEXT) {
		refuse(choice,
		       "function '%s' is in %s: it runs once only, so no patch can change what it has done: do it in a callback",
		       name, piece->section->name);
		return;
	}
	/* Calls between functions of one section need no relocation, so they cannot be seen. */
	if (piece->section->nr_pieces > 1)
		refuse(choice,
		       "function '%s' shares section %s with others: compile with -ffunction-sections; if it was, the source puts it there, so change its callers",
		       name, piece->section->name);
	if (piece->twin && piece->changed && !piece->parent)
		refuse_changed(choice, piece);
}

/* ---- data ---- */

static void refuse_variable(struct choice *choice, const struct piece *piece)
{
	const struct piece *twin = piece->twin;
	const char *name = piece_name(piece);

	if (piece->section->kind == SECTION_INIT_DATA)
		refuse(choice, "variable '%s' is in %s: it is used up: do it in a callback", name,
		       piece->section->name);
	else if (piece_size(piece) != piece_size(twin))
		refuse(choice,
		       "variable '%s' changes its size from %llu to %llu bytes, and the kernel's has the old one: put what is new into a shadow variable, or into a variable of its own",
		       name, (unsigned long long)piece_size(twin),
		       (unsigned long long)piece_size(piece));
	else if (piece->section->kind == SECTION_CONST)
		refuse(choice,
		       "constant '%s' changes, and whoever has its address keeps the old one: change the functions that use it",
		       name);
	else
		refuse(choice,
		       "variable '%s' changes its initial value, and the kernel's is in use: set it in a callback of the patch",
		       name);
}

/* The kernel's variable lies where it lies, and code may count on where the new one would. */
static bool is_aligned_less(const struct piece *piece)
{
	return piece->bound && piece->twin && piece_is_data(piece) &&
	       piece->section->nr_pieces == 1 && piece->twin->section->nr_pieces == 1 &&
	       piece->twin->section->align < piece->section->align;
}

static void refuse_alignments(struct choice *choice)
{
	struct piece *piece;
	size_t i;

	for_each_piece(choice->after, i, piece)
		if (is_aligned_less(piece))
			refuse(choice,
			       "variable '%s' changes its alignment from %llu to %llu bytes, and the kernel's has the old one: use a variable of its own",
			       piece_name(piece), (unsigned long long)piece->twin->section->align,
			       (unsigned long long)piece->section->align);
}

/*
 * A function or a variable may have several names. One that becomes another's would have to
 * change its meaning for whoever uses it, in the kernel, too.
 */
static void refuse_name(void *choice, struct symbol *before, struct symbol *after)
{
	if (after->piece->twin == before->piece || after->piece->refused)
		return;
	refuse(choice, "'%s' is a name of '%s' no more: change those that use it", after->name,
	       strcmp(piece_name(before->piece), after->name) ? piece_name(before->piece) :
								"what it was");
}

static bool is_kept(const struct piece *piece)
{
	return piece_is_data(piece) || piece->section->kind == SECTION_INIT_DATA;
}

static void refuse_variables(struct choice *choice)
{
	struct piece *piece;
	size_t i;

	for_each_piece(choice->after, i, piece)
		if (piece->symbol && piece->twin && piece->changed && is_kept(piece) &&
		    !piece_may_be_copied(piece))
			refuse_variable(choice, piece);
}

/* ---- what was read when the object was loaded ---- */

/* Return: of what is exported, by the name of what stands for it; or NULL. */
static const char *exported(const struct symbol *symbol)
{
	static const char *const prefixes[] = { "__ksymtab_", "__export_symbol_" };
	size_t i;

	if (!symbol->section)
		return NULL;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (starts(symbol->name, prefixes[i]))
			return symbol->name + strlen(prefixes[i]);
	return NULL;
}

static bool exports(const struct object *object, const char *name)
{
	const struct symbol *symbol;
	const char *other;

	for_each_symbol(object, symbol) {
		other = exported(symbol);
		if (other && !strcmp(other, name))
			return true;
	}
	return false;
}

static void refuse_exports(struct choice *choice)
{
	const struct symbol *symbol;
	const char *name;

	for_each_symbol(choice->after, symbol) {
		name = exported(symbol);
		if (name && !exports(choice->before, name))
			refuse(choice, "'%s' becomes exported: export it from a module of its own",
			       name);
	}
	for_each_symbol(choice->before, symbol) {
		name = exported(symbol);
		if (name && !exports(choice->after, name))
			refuse(choice,
			       "'%s' is exported no more: leave its export, as modules have it",
			       name);
	}
}

static bool is_about_exports(const char *name)
{
	return strstr(name, "ksymtab") || strstr(name, "kcrctab") || starts(name, ".export_symbol");
}

/* All pieces of the sections of a name, in their order. */
static struct list pieces_of(const struct object *object, const char *name)
{
	struct list list = {};
	struct piece *piece;
	size_t i;

	for_each_piece(object, i, piece)
		if (!strcmp(piece->section->name, name))
			list_add(&list, piece);
	return list;
}

static bool section_differs(const struct choice *choice, const char *name)
{
	struct list before = pieces_of(choice->before, name),
		    after = pieces_of(choice->after, name);
	size_t i;

	if (before.nr != after.nr)
		return true;
	for (i = 0; i < after.nr; i++)
		if (!pieces_equal(before.at[i], after.at[i]))
			return true;
	return false;
}

static void refuse_fixed_of(struct choice *choice, const struct object *object)
{
	const struct section *section;

	for_each_section(object, section)
		if (section->kind == SECTION_FIXED && !is_about_exports(section->name) &&
		    section_differs(choice, section->name))
			refuse(choice,
			       "section %s changes (initcalls, parameters, module information): it is read once, at boot or when the module is loaded: do it in a callback",
			       section->name);
}

/* ---- code that no compiler of C has made ---- */

static void refuse_assembly_of(struct choice *choice, const struct object *object)
{
	const struct section *section;

	for_each_section(object, section)
		if (section->kind == SECTION_TEXT && section->nr_pieces &&
		    !section->pieces[0]->symbol && section_differs(choice, section->name))
			refuse(choice,
			       "code in %s changes that is in no function: assembly cannot be patched: change its callers",
			       section->name);
}

static void refuse_common(struct choice *choice)
{
	const struct symbol *symbol;

	for_each_symbol(choice->after, symbol)
		if (symbol->shndx == SHN_COMMON && symbol->type != STT_FILE)
			refuse(choice, "variable '%s' has no section: compile with -fno-common",
			       symbol->name);
}

void refuse_object(struct choice *choice)
{
	refuse_variables(choice);
	refuse_alignments(choice);
	match_names(choice->before, choice->after, refuse_name, choice);
	refuse_exports(choice);
	refuse_fixed_of(choice, choice->before);
	refuse_fixed_of(choice, choice->after);
	refuse_assembly_of(choice, choice->before);
	refuse_assembly_of(choice, choice->after);
	refuse_common(choice);
}

void refuse_nothing(struct choice *choices, size_t nr)
{
	bool added = false;
	size_t i;

	for (i = 0; i < nr; i++)
		added |= choices[i].added.nr;
	refuse(&choices[0], added ?
			"no function of the kernel changes: nobody would call the new ones" :
			"no functional change: these objects do the same");
}
