// SPDX-License-Identifier: GPL-2.0
/*
 * tables.c - entries of tables, and the functions they belong to
 *
 * The kernel keeps facts about places in its code in tables: where a warning is, where a
 * fault is mended, which instruction a static key switches. An entry goes with the function
 * that it refers to first.
 */
#include <stdlib.h>
#include <string.h>
#include "object.h"

struct list object_entry_sizes;

/* Tables in whose entries nothing but relocations is, so that they do not show their size. */
static const struct {
	const char *name;
	unsigned int machine; /* 0: any */
	uint64_t size;
} known[] = {
	{ ".static_call_sites", 0, 8 },
	{ "__jump_table", 0, 16 },
	{ "__ex_table", EM_PPC64, 8 },
	{ "__mcount_loc", 0, 8 },
	{ "__patchable_function_entries", 0, 8 },
};

static uint64_t said_size(const char *name)
{
	size_t i, length = strlen(name);

	for (i = 0; i < object_entry_sizes.nr; i++) {
		const char *said = object_entry_sizes.at[i];

		if (starts(said, name) && said[length] == '=')
			return strtoull(said + length + 1, NULL, 10);
	}
	return 0;
}

static uint64_t known_size(const struct section *section, unsigned int machine)
{
	uint64_t size = said_size(section->name);
	size_t i;

	if (size)
		return size;
	if (section->entsize > 1 && !(section->flags & SHF_MERGE))
		return section->entsize;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].name, section->name) &&
		    (!known[i].machine || known[i].machine == machine))
			return known[i].size;
	return 0;
}

/* Does each part of this size have the same relocations at the same places? */
static bool repeats(const struct section *section, uint64_t size)
{
	size_t i, each = section->nr_relocs / (section->size / size);

	if (!each || section->nr_relocs % (section->size / size))
		return false;
	for (i = 0; i < section->nr_relocs; i++) {
		const struct reloc *reloc = &section->relocs[i],
				   *first = &section->relocs[i % each];

		if (reloc->offset / size != i / each || reloc->offset % size != first->offset ||
		    reloc->type != first->type)
			return false;
	}
	return true;
}

/* Return: the smallest size that fits, or 0. */
static uint64_t entry_size(const struct section *section)
{
	uint64_t size = known_size(section, object_machine(section->object)), most;

	if (size)
		return section->size % size ? 0 : size;
	most = section->nr_relocs ? section->size / section->nr_relocs : 0;
	/* Entries have a relocation each at least, and none has more than a few. */
	for (size = 4; size <= section->size && size <= (most + 1) * 8; size++)
		if (!(section->size % size) && repeats(section, size))
			return size;
	return 0;
}

static struct piece *entry_owner(const struct entry *entry)
{
	const struct reloc *reloc;

	for_each_reloc(entry, reloc)
		if (reloc->kind == TARGET_PIECE && reloc->piece && piece_is_text(reloc->piece))
			return reloc->piece;
	return NULL;
}

/* The place that ftrace takes a function by. */
static bool is_site(const struct section *section)
{
	return !strcmp(section->name, "__patchable_function_entries") ||
	       !strcmp(section->name, "__mcount_loc");
}

static void add_entry(struct section *section, uint64_t start, size_t first, size_t end)
{
	struct entry *entry = memory_get(1, sizeof(*entry));
	struct piece *owner;

	entry->section = section;
	entry->start = start;
	entry->relocs = section->relocs + first;
	entry->nr_relocs = end - first;
	owner = entry_owner(entry);
	if (!owner)
		return;
	entry->owner = owner;
	entry->nth = owner->entries.nr;
	section->entries[start / section->entry_size] = entry;
	list_add(&owner->entries, entry);
	if (is_site(section)) {
		owner->site = true;
		section->object->has_sites = true;
	}
}

static void split_table(struct section *section)
{
	size_t first = 0, end;
	uint64_t start;

	if (!section->bytes)
		return;
	section->entry_size = entry_size(section);
	if (!section->entry_size)
		give_up("%s: the size of an entry of %s cannot be seen: say it with --entry-size %s=BYTES",
			section->object->path, section->name, section->name);
	section->entries = memory_get(section->size / section->entry_size, sizeof(struct entry *));
	for (start = 0; start < section->size; start += section->entry_size) {
		while (first < section->nr_relocs && section->relocs[first].offset < start)
			first++;
		end = first;
		while (end < section->nr_relocs &&
		       section->relocs[end].offset < start + section->entry_size)
			end++;
		if (end > first)
			add_entry(section, start, first, end);
		first = end;
	}
}

/* Where the compiler keeps no table of them, the call at the entry is what ftrace takes. */
static void find_calls_of_entry(struct object *object)
{
	const struct reloc *reloc;
	struct piece *piece;
	size_t i;

	for_each_piece(object, i, piece) {
		if (!piece_is_text(piece))
			continue;
		for_each_reloc(piece, reloc) {
			const char *name = reloc->symbol->name;

			if (reloc->kind != TARGET_OUTSIDE)
				continue;
			if (strcmp(name, "__fentry__") && strcmp(name, "_mcount") &&
			    strcmp(name, "mcount"))
				continue;
			piece->site = true;
			object->has_sites = true;
		}
	}
}

/* From 7.0 on x86 a warning hands its entry to whoever prints it. */
static void find_entry(struct reloc *reloc)
{
	const struct section *table = reloc->symbol->section;
	int64_t at = (int64_t)reloc->symbol->value + reloc->addend + reloc->bias;

	if (at < 0 || (uint64_t)at >= table->size || (uint64_t)at % table->entry_size)
		return;
	reloc->entry = table->entries[(uint64_t)at / table->entry_size];
	if (!reloc->entry)
		return;
	reloc->kind = TARGET_ENTRY;
	reloc->offset_to = 0;
	reloc->unsure = false;
}

static void find_uses_of_entries(struct object *object)
{
	struct section *section;
	struct reloc *reloc;

	for_each_section(object, section) {
		if (section->kind == SECTION_TABLE)
			continue;
		for_each_reloc(section, reloc)
			if (reloc->symbol->section && reloc->symbol->section->entries)
				find_entry(reloc);
	}
}

void object_tables(struct object *object)
{
	struct section *section;

	for_each_section(object, section)
		if (section->kind == SECTION_TABLE)
			split_table(section);
	find_uses_of_entries(object);
	find_calls_of_entry(object);
}
