// SPDX-License-Identifier: GPL-2.0
/*
 * match.c - which pieces of two objects are versions of each other
 *
 * Names say so, but for static variables of functions: the compiler numbers those in the
 * order in which it meets them. They are known by the functions that use them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "compare.h"

/* Where ".123" at the end of a name begins, or its end. */
static size_t number_start(const char *name)
{
	size_t end = strlen(name), at = end;

	while (at && isdigit((unsigned char)name[at - 1]))
		at--;
	return at && at < end && name[at - 1] == '.' ? at - 1 : end;
}

const char *name_without_number(const char *name)
{
	size_t length = number_start(name);
	char *base = memory_copy(name, strlen(name) + 1);

	base[length] = 0;
	/* The kernel numbers these itself, by the count of them in the file. */
	if (starts(base, "__UNIQUE_ID_"))
		while (length &&
		       (isdigit((unsigned char)base[length - 1]) || base[length - 1] == '_'))
			base[--length] = 0;
	return base;
}

static bool is_numbered(const struct piece *piece)
{
	const char *name = piece_name(piece);

	if (piece_is_text(piece))
		return false;
	return name[number_start(name)] || starts(name, "__UNIQUE_ID_");
}

/* ---- by name ---- */

static bool same_sort(const struct piece *a, const struct piece *b)
{
	return piece_is_text(a) == piece_is_text(b) &&
	       (a->section->kind == SECTION_FIXED) == (b->section->kind == SECTION_FIXED);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(piece_name(*(const struct piece **)a), piece_name(*(const struct piece **)b));
}

/* Those that are known by their names, in the order of these. */
static struct list named(const struct object *object, bool numbered)
{
	struct list list = {};
	struct piece *piece;
	size_t i;

	for_each_piece(object, i, piece)
		if (piece->symbol && is_numbered(piece) == numbered)
			list_add(&list, piece);
	sort(list.at, list.nr, sizeof(*list.at), by_name);
	return list;
}

static size_t run_of(const struct list *list, size_t at)
{
	size_t end = at + 1;

	while (end < list->nr && !by_name(&list->at[at], &list->at[end]))
		end++;
	return end - at;
}

static void pair(struct piece *a, struct piece *b)
{
	if (!same_sort(a, b))
		return;
	a->twin = b;
	b->twin = a;
}

static void not_told(struct piece *piece, const char *why)
{
	piece->refused = why;
}

static void match_by_name(struct object *before, struct object *after)
{
	struct list a = named(before, false), b = named(after, false);
	size_t i = 0, j = 0, in_a, in_b;
	int order;

	while (i < a.nr && j < b.nr) {
		in_a = run_of(&a, i);
		in_b = run_of(&b, j);
		order = by_name(&a.at[i], &b.at[j]);
		if (!order && in_a == 1 && in_b == 1)
			pair(a.at[i], b.at[j]);
		else if (!order)
			not_told(b.at[j],
				 "there are several of that name in the file: give them names of their own");
		i += order <= 0 ? in_a : 0;
		j += order >= 0 ? in_b : 0;
	}
}

/* ---- by other names ---- */

static int by_symbol_name(const void *a, const void *b)
{
	return strcmp((*(const struct symbol **)a)->name, (*(const struct symbol **)b)->name);
}

/* Of pieces that are known by their names: all that they have. */
static struct list named_symbols(const struct object *object)
{
	struct list list = {};
	struct symbol *symbol;

	for_each_symbol(object, symbol)
		if (symbol->piece && symbol->piece->symbol && !is_numbered(symbol->piece))
			list_add(&list, symbol);
	sort(list.at, list.nr, sizeof(*list.at), by_symbol_name);
	return list;
}

static size_t symbol_run(const struct list *list, size_t at)
{
	size_t end = at + 1;

	while (end < list->nr && !by_symbol_name(&list->at[at], &list->at[end]))
		end++;
	return end - at;
}

void match_names(const struct object *before, const struct object *after,
		 void (*visit)(void *data, struct symbol *before, struct symbol *after),
		 void *data)
{
	struct list a = named_symbols(before), b = named_symbols(after);
	size_t i = 0, j = 0, in_a, in_b;
	int order;

	while (i < a.nr && j < b.nr) {
		in_a = symbol_run(&a, i);
		in_b = symbol_run(&b, j);
		order = by_symbol_name(&a.at[i], &b.at[j]);
		if (!order && in_a == 1 && in_b == 1)
			visit(data, a.at[i], b.at[j]);
		i += order <= 0 ? in_a : 0;
		j += order >= 0 ? in_b : 0;
	}
}

/* The first of its names may be a new one. */
static void pair_by_other_name(void *unused, struct symbol *before, struct symbol *after)
{
	if (!before->piece->twin && !after->piece->twin && !after->piece->refused)
		pair(before->piece, after->piece);
}

/* ---- by use ---- */

/* By which name a user is known: a function by its own, whatever the compiler has made of it. */
static const char *user_name(const struct piece *piece)
{
	const char *name = piece_name(piece), *dot = strchr(name, '.');
	char *base;

	if (!piece_is_text(piece) || !dot)
		return name_without_number(name);
	base = memory_copy(name, strlen(name) + 1);
	base[dot - name] = 0;
	return base;
}

static bool uses(const struct list *users, const char *name)
{
	size_t i;

	for (i = 0; i < users->nr; i++)
		if (!strcmp(users->at[i], name))
			return true;
	return false;
}

static void note_users(struct object *object)
{
	const struct reloc *reloc;
	struct piece *piece;
	const char *name;
	size_t i;

	for_each_piece(object, i, piece) {
		if (!piece->symbol)
			continue;
		name = user_name(piece);
		for_each_reloc(piece, reloc)
			if (reloc->kind == TARGET_PIECE && reloc->piece && reloc->piece->symbol &&
			    is_numbered(reloc->piece) && !uses(&reloc->piece->users, name))
				list_add(&reloc->piece->users, (void *)name);
	}
}

static bool share_users(const struct piece *a, const struct piece *b)
{
	size_t i;

	for (i = 0; i < a->users.nr; i++)
		if (uses(&b->users, a->users.at[i]))
			return true;
	return false;
}

static size_t count_sharing(const struct list *list, size_t from, size_t end,
			    const struct piece *with)
{
	size_t i, nr = 0;

	for (i = from; i < end; i++)
		nr += same_sort(list->at[i], with) && share_users(list->at[i], with);
	return nr;
}

/* A run of pieces whose names are equal but for the number, in the order of that. */
struct group {
	struct list *list;
	size_t from;
	size_t end;
};

/* The place of one among those of its group that share users with @with. */
static struct piece *nth_sharing(const struct group *group, const struct piece *with, size_t nth)
{
	size_t i;

	for (i = group->from; i < group->end; i++)
		if (same_sort(group->list->at[i], with) && share_users(group->list->at[i], with) &&
		    !nth--)
			return group->list->at[i];
	return NULL;
}

static size_t place_among(const struct group *group, const struct piece *with,
			  const struct piece *one)
{
	size_t i, nth = 0;

	for (i = group->from; group->list->at[i] != one; i++)
		nth += same_sort(group->list->at[i], with) && share_users(group->list->at[i], with);
	return nth;
}

/*
 * Several of one function keep their order, if none has come or gone. If one has, nothing
 * says which.
 */
static void match_group(struct group *a, struct group *b)
{
	size_t i, in_a, in_b;

	for (i = b->from; i < b->end; i++) {
		struct piece *after = b->list->at[i], *before;

		in_a = count_sharing(a->list, a->from, a->end, after);
		if (!in_a)
			continue;
		before = nth_sharing(a, after, 0);
		in_b = count_sharing(b->list, b->from, b->end, before);
		if (in_a == in_b)
			before = nth_sharing(a, after, place_among(b, before, after));
		if (in_a == in_b && before && !before->twin && share_users(before, after))
			pair(before, after);
		else if (!piece_may_be_copied(after))
			not_told(after,
				 "its function has several of that name, and nothing says which was which: rename the new one");
	}
}

static int by_base(const void *a, const void *b)
{
	const struct piece *first = *(const struct piece **)a, *second = *(const struct piece **)b;
	int order = strcmp(name_without_number(piece_name(first)),
			   name_without_number(piece_name(second)));

	if (order)
		return order;
	order = strverscmp(piece_name(first), piece_name(second));
	return order ? order : first < second ? -1 : first > second;
}

static size_t base_run(const struct list *list, size_t at)
{
	const char *base = name_without_number(piece_name(list->at[at]));
	size_t end = at + 1;

	while (end < list->nr && !strcmp(base, name_without_number(piece_name(list->at[end]))))
		end++;
	return end;
}

static void match_by_use(struct object *before, struct object *after)
{
	struct list a = named(before, true), b = named(after, true);
	struct group in_a = { .list = &a }, in_b = { .list = &b };
	int order;

	note_users(before);
	note_users(after);
	sort(a.at, a.nr, sizeof(*a.at), by_base);
	sort(b.at, b.nr, sizeof(*b.at), by_base);
	while (in_a.from < a.nr && in_b.from < b.nr) {
		in_a.end = base_run(&a, in_a.from);
		in_b.end = base_run(&b, in_b.from);
		order = strcmp(name_without_number(piece_name(a.at[in_a.from])),
			       name_without_number(piece_name(b.at[in_b.from])));
		if (!order)
			match_group(&in_a, &in_b);
		in_a.from = order <= 0 ? in_a.end : in_a.from;
		in_b.from = order >= 0 ? in_b.end : in_b.from;
	}
}

void match_pieces(struct object *before, struct object *after)
{
	match_by_name(before, after);
	match_names(before, after, pair_by_other_name, NULL);
	match_by_use(before, after);
}
