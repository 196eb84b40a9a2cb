// SPDX-License-Identifier: GPL-2.0
/*
 * constants.c - are the constants and strings that code refers to those that the kernel has?
 *
 * Of what is read only, a piece that has a name of its own is looked at as a whole, as is a
 * string, and so is all between two names: what the compiler puts there has none.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include "running.h"

/* As much of a string as is said. */
#define SAID 40

/**
 * struct constant - what is known of one
 * @piece:	the constant, of the object
 * @address:	where it is in the kernel
 * @is_read:	it has been compared
 * @is_right:	it is the same, and so is all that its pointers lead to
 * @wrong:	what is to be said of it, or NULL
 * @leads:	to which others its pointers lead
 * @walk:	the last one that has come to it
 */
struct constant {
	const struct piece *piece;
	uint64_t address;
	bool is_read;
	bool is_right;
	const char *wrong;
	struct list leads;
	size_t walk;
};

const char *running_hexadecimal(const uint8_t *bytes, uint64_t nr)
{
	const char *text = "";
	uint64_t i;

	for (i = 0; i < nr && i < 8; i++)
		text = memory_print("%s%s%02x", text, i ? " " : "", bytes[i]);
	return text;
}

static const char *string_at(const struct running *running, uint64_t address)
{
	char text[SAID + 1] = "";
	const uint8_t *byte;
	unsigned int i;

	for (i = 0; i < SAID; i++) {
		byte = running_bytes(running, address + i, 1);
		if (!byte || !*byte)
			break;
		text[i] = isprint(*byte) ? (char)*byte : '?';
	}
	return memory_print("\"%s\"%s", text, i == SAID ? "..." : "");
}

static const char *say_string(const struct running *running, const struct piece *piece,
			      uint64_t address)
{
	struct part of_object = { .start = 0, .size = piece_size(piece),
				  .bytes = piece->section->bytes + piece->start };
	struct running object = {};

	list_add(&object.parts, &of_object);
	return memory_print("its string is %s, the source has %s", string_at(running, address),
			    string_at(&object, 0));
}

/* A place in a constant, or in what has no name. */
static const char *say_place(const struct piece *piece, uint64_t at)
{
	return piece->symbol ? memory_print("%s+0x%" PRIx64, piece_name(piece), at) :
			       memory_print("%s+0x%" PRIx64, piece->section->name,
					    piece->start + at);
}

static const char *say_constant(const struct piece *piece, const uint8_t *runs, uint64_t at)
{
	const uint8_t *compiled = piece->section->bytes + piece->start;
	uint64_t left = piece_size(piece) - at;

	return memory_print("its constant %s: %s runs, the source compiles to %s",
			    say_place(piece, at), running_hexadecimal(runs + at, left),
			    running_hexadecimal(compiled + at, left));
}

/* Return: bits that the linker does not fill in, or NULL if it is not known which these are. */
static uint8_t *care_of(const struct piece *piece, unsigned int machine)
{
	uint64_t at, size = piece_size(piece);
	const struct reloc *reloc;
	struct field field;
	unsigned int i;
	uint8_t *care = memory_get(size, 1);

	memset(care, 0xff, size);
	for_each_reloc(piece, reloc) {
		at = reloc->offset - piece->start;
		field = field_read(reloc, machine, NULL, 0);
		if (!field.bytes || field.bytes > size - at)
			return NULL;
		for (i = 0; i < field.bytes; i++)
			care[at + i] &= ~(field.bits >> 8 * i);
	}
	return care;
}

/* What pointers of a constant lead to is compared as what those of code do. */
static const char *compare_pointers(struct targets *targets, const struct piece *piece,
				    const uint8_t *runs, uint64_t address)
{
	const struct object *object = piece->section->object;
	const struct reloc *reloc;
	const char *wrong = NULL;
	struct field field;
	uint64_t at;

	for_each_reloc(piece, reloc) {
		at = reloc->offset - piece->start;
		field = field_read(reloc, object_machine(object), runs + at, address + at);
		wrong = targets_use(targets, object, reloc, &field);
		if (wrong)
			return memory_print("its constant %s: %s", say_place(piece, at), wrong);
	}
	return NULL;
}

static const char *compare(struct targets *targets, const struct piece *piece, uint64_t address)
{
	const struct section *section = piece->section;
	uint64_t at, size = piece_size(piece);
	const uint8_t *runs, *compiled;
	uint8_t *care = NULL;

	if (!section->bytes || piece->end > section->size || !size)
		return NULL;
	runs = running_bytes(targets->running, address, size);
	if (runs)
		care = care_of(piece, object_machine(section->object));
	if (!care) {
		targets->nr_unknown++;
		return NULL;
	}
	compiled = section->bytes + piece->start;
	for (at = 0; at < size; at++)
		if ((runs[at] ^ compiled[at]) & care[at])
			return section->kind == SECTION_STRINGS ?
				       say_string(targets->running, piece, address) :
				       say_constant(piece, runs, at);
	return compare_pointers(targets, piece, runs, address);
}

static struct constant *find(struct targets *targets, const struct piece *piece, uint64_t address)
{
	struct constant *constant;
	size_t i;

	for (i = 0; i < targets->constants.nr; i++) {
		constant = targets->constants.at[i];
		if (constant->piece == piece && constant->address == address)
			return constant;
	}
	constant = memory_get(1, sizeof(*constant));
	constant->piece = piece;
	constant->address = address;
	list_add(&targets->constants, constant);
	return constant;
}

static void read_constant(struct targets *targets, struct constant *constant)
{
	targets->reading = constant;
	constant->wrong = compare(targets, constant->piece, constant->address);
	targets->reading = NULL;
	constant->is_read = true;
}

static void come_to(struct targets *targets, struct list *way, struct constant *constant)
{
	if (constant->is_right || constant->walk == targets->nr_walks)
		return;
	constant->walk = targets->nr_walks;
	list_add(way, constant);
}

/* They may lead to each other, and be many. Return: NULL, or what is wrong with one of them. */
static const char *walk_from(struct targets *targets, struct constant *first)
{
	struct constant *constant;
	struct list way = {};
	size_t i, lead;

	targets->nr_walks++;
	come_to(targets, &way, first);
	for (i = 0; i < way.nr; i++) {
		constant = way.at[i];
		if (!constant->is_read)
			read_constant(targets, constant);
		if (constant->wrong)
			return constant->wrong;
		for (lead = 0; lead < constant->leads.nr; lead++)
			come_to(targets, &way, constant->leads.at[lead]);
	}
	/* Nothing that they lead to is anywhere else. */
	for (i = 0; i < way.nr; i++) {
		constant = way.at[i];
		constant->is_right = true;
	}
	return NULL;
}

const char *constants_use(struct targets *targets, const struct piece *piece, uint64_t address)
{
	struct constant *constant;

	if (piece->section->kind != SECTION_CONST && piece->section->kind != SECTION_STRINGS)
		return NULL;
	constant = find(targets, piece, address);
	if (targets->reading) {
		list_add(&targets->reading->leads, constant);
		return NULL;
	}
	return walk_from(targets, constant);
}
