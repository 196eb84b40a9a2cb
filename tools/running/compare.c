// SPDX-License-Identifier: GPL-2.0
/*
 * compare.c - is the code that runs what the object has, but for what linker and kernel put there?
 *
 * A section of the object lies in the kernel as a whole, so all of its functions say where. That
 * tells which one of several of a name is meant.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "running.h"

/**
 * struct base - where a section may be
 * @address:	where
 * @votes:	how many names have a function at the fitting place
 * @equal:	how many of its functions are equal there
 */
struct base {
	uint64_t address;
	size_t votes;
	size_t equal;
};

enum outcome {
	SAME,
	DIFFERS,
	NOT_COMPARABLE,
};

struct counts {
	size_t equal;
	size_t compared;
};

static bool is_function(const struct symbol *symbol, const struct section *section)
{
	return symbol->section == section && symbol->type == STT_FUNC && *symbol->name;
}

/* ---- one function ---- */

static enum outcome say(const char **text, enum outcome outcome, const char *said)
{
	*text = said;
	return outcome;
}

/* What the linker has filled in is left out, but for whether it says what others say. */
static enum outcome read_fields(const struct section *section, const struct symbol *symbol,
				const uint8_t *runs, uint64_t address, uint8_t *care,
				struct targets *targets, const char **text)
{
	uint64_t at, end = symbol->value + symbol->size;
	unsigned int i, machine = object_machine(section->object);
	const struct reloc *reloc;
	struct field field;
	const char *wrong;

	for_each_reloc(section, reloc) {
		at = reloc->offset - symbol->value;
		if (reloc->offset < symbol->value || reloc->offset >= end || !care[at])
			continue;
		field = field_read(reloc, machine, NULL, 0);
		if (!field.bytes || field.bytes > end - reloc->offset)
			return say(text, NOT_COMPARABLE,
				   memory_print("its relocation at +0x%" PRIx64 " is of type %u",
						at, reloc->type));
		field = field_read(reloc, machine, runs + at, address + at);
		for (i = 0; i < field.bytes; i++)
			care[at + i] &= ~(field.bits >> 8 * i);
		wrong = targets ? targets_use(targets, section->object, reloc, &field) : NULL;
		if (wrong)
			return say(text, DIFFERS, memory_print("+0x%" PRIx64 ": %s", at, wrong));
	}
	return SAME;
}

static enum outcome compare_bytes(const struct section *section, const struct symbol *symbol,
				  const uint8_t *runs, const uint8_t *care, const char **text)
{
	const uint8_t *compiled = section->bytes + symbol->value;
	uint64_t at, left;

	for (at = 0; at < symbol->size; at++) {
		left = symbol->size - at;
		if (!((runs[at] ^ compiled[at]) & care[at]))
			continue;
		if (sites_sealed(section, symbol->value + at, symbol->value + symbol->size,
				 runs + at)) {
			at += ENDBR_SIZE - 1;
			continue;
		}
		return say(text, DIFFERS,
			   memory_print("+0x%" PRIx64 ": %s runs, the source compiles to %s", at,
					running_hexadecimal(runs + at, left),
					running_hexadecimal(compiled + at, left)));
	}
	return SAME;
}

/* Bytes first: who compares other code finds nothing but nonsense in its fields. */
static enum outcome compare_code(const struct running *running, const struct section *section,
				 const struct symbol *symbol, uint64_t address,
				 const uint8_t *of_section, struct targets *targets,
				 const char **text)
{
	const uint8_t *runs = running_bytes(running, address, symbol->size);
	enum outcome outcome;
	uint8_t *care;

	if (!runs)
		return say(text, NOT_COMPARABLE, "it is not in the copy of the code");
	care = memory_copy(of_section + symbol->value, symbol->size);
	outcome = read_fields(section, symbol, runs, address, care, NULL, text);
	if (outcome == SAME)
		outcome = compare_bytes(section, symbol, runs, care, text);
	if (outcome != SAME || !targets)
		return outcome;
	care = memory_copy(of_section + symbol->value, symbol->size);
	return read_fields(section, symbol, runs, address, care, targets, text);
}

/* ---- where a section is ---- */

static void vote(struct list *bases, uint64_t address)
{
	struct base *base;
	size_t i;

	for (i = 0; i < bases->nr; i++) {
		base = bases->at[i];
		if (base->address == address) {
			base->votes++;
			return;
		}
	}
	base = memory_get(1, sizeof(*base));
	base->address = address;
	base->votes = 1;
	list_add(bases, base);
}

static void find_bases(const struct running *running, const struct section *section,
		       struct list *bases)
{
	const struct name_at *found;
	const struct symbol *symbol;
	size_t i, nr;

	for_each_symbol(section->object, symbol) {
		if (!is_function(symbol, section))
			continue;
		found = running_find(running, symbol->name, &nr);
		for (i = 0; i < nr; i++)
			vote(bases, found[i].address - symbol->value);
	}
}

static void count_equal(const struct running *running, const struct section *section,
			struct base *base, const uint8_t *care)
{
	const struct symbol *symbol;
	const char *text;

	for_each_symbol(section->object, symbol)
		if (is_function(symbol, section) && symbol->size &&
		    compare_code(running, section, symbol, base->address + symbol->value, care,
				 NULL, &text) == SAME)
			base->equal++;
}

/* By names, then by what is there. Return: NULL, or why it cannot be told. */
static const char *find_base(const struct running *running, const struct section *section,
			     const uint8_t *care, uint64_t *address)
{
	const struct base *best = NULL;
	struct list bases = {};
	bool another = false;
	struct base *base;
	size_t i, votes = 0;

	find_bases(running, section, &bases);
	if (!bases.nr)
		return "this kernel has no function of that name";
	for (i = 0; i < bases.nr; i++) {
		base = bases.at[i];
		votes = base->votes > votes ? base->votes : votes;
	}
	for (i = 0; i < bases.nr; i++) {
		base = bases.at[i];
		if (base->votes < votes)
			continue;
		count_equal(running, section, base, care);
		if (best && base->equal <= best->equal) {
			another |= base->equal == best->equal;
			continue;
		}
		best = base;
		another = false;
	}
	if (another)
		return "several functions of this kernel have its name, and it may be each";
	*address = best->address;
	return NULL;
}

/* ---- all functions ---- */

static enum outcome compare_function(const struct targets *targets, const struct section *section,
				     const struct symbol *symbol, const uint8_t *care,
				     const char *unplaced, const char **text)
{
	uint64_t address = targets->bases[section - section->object->sections] + symbol->value;
	const struct name_at *found;
	size_t i, nr;

	if (section->kind == SECTION_INIT_TEXT)
		return say(text, NOT_COMPARABLE, "it is only there during boot");
	if (starts(symbol->name, "__SCT__"))
		return say(text, NOT_COMPARABLE, "the kernel writes it, for a static call");
	found = running_find(targets->running, symbol->name, &nr);
	if (!nr)
		return say(text, DIFFERS, "this kernel has no function of that name");
	if (unplaced)
		return say(text, NOT_COMPARABLE, unplaced);
	if (!symbol->size)
		return say(text, NOT_COMPARABLE, "the object does not say how long it is");
	for (i = 0; i < nr && found[i].address != address; i++)
		;
	if (i == nr && symbol->bind == STB_WEAK)
		return say(text, NOT_COMPARABLE,
			   "it is weak, and this kernel has that of another file");
	if (i == nr)
		return say(text, DIFFERS,
			   memory_print("it would be at %" PRIx64
					", beside others of its file, and is at %" PRIx64,
					address, found->address));
	return compare_code(targets->running, section, symbol, address, care,
			    (struct targets *)targets, text);
}

static int by_value(const void *a, const void *b)
{
	const struct symbol *first = *(const struct symbol **)a,
			    *second = *(const struct symbol **)b;

	if (first->value != second->value)
		return first->value < second->value ? -1 : 1;
	return first < second ? -1 : first > second;
}

static void compare_section(struct targets *targets, const struct section *section,
			    const uint8_t *care, const char *unplaced, struct counts *counts)
{
	static const char *const words[] = { "equal", "differs", "not comparable" };
	const char *text;
	struct symbol *symbol;
	struct list functions = {};
	enum outcome outcome;
	size_t i;

	for_each_symbol(section->object, symbol)
		if (is_function(symbol, section))
			list_add(&functions, symbol);
	sort(functions.at, functions.nr, sizeof(*functions.at), by_value);
	for (i = 0; i < functions.nr; i++) {
		symbol = functions.at[i];
		text = NULL;
		outcome = compare_function(targets, section, symbol, care, unplaced, &text);
		counts->equal += outcome == SAME;
		counts->compared += outcome != NOT_COMPARABLE;
		printf("%s: %s%s%s\n", words[outcome], symbol->name,
		       !text ? "" : *text == '+' ? "" : ": ", text ? text : "");
	}
}

bool compare_object(const struct running *running, struct object *object)
{
	struct targets targets = { .running = running };
	const char **unplaced = memory_get(object->nr_sections, sizeof(*unplaced));
	uint8_t **care = memory_get(object->nr_sections, sizeof(*care));
	const struct section *section;
	struct counts counts = {};
	size_t i;

	object_cut_constants(object);
	targets.bases = memory_get(object->nr_sections, sizeof(*targets.bases));
	targets.has_base = memory_get(object->nr_sections, sizeof(*targets.has_base));
	for (i = 0; i < object->nr_sections; i++) {
		section = &object->sections[i];
		if (section->kind != SECTION_TEXT || !section->bytes)
			continue;
		care[i] = sites_care(section);
		unplaced[i] = find_base(running, section, care[i], &targets.bases[i]);
		targets.has_base[i] = !unplaced[i];
	}
	for (i = 0; i < object->nr_sections; i++) {
		section = &object->sections[i];
		if (care[i] || section->kind == SECTION_INIT_TEXT)
			compare_section(&targets, section, care[i], unplaced[i], &counts);
	}
	printf("constants: %zu, %zu of them not known, %zu uses not followed\n",
	       targets.constants.nr, targets.nr_unknown, targets.nr_unsure);
	printf("functions: %zu of %zu equal\n", counts.equal, counts.compared);
	return counts.equal == counts.compared;
}
