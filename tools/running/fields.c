// SPDX-License-Identifier: GPL-2.0
/*
 * fields.c - what the linker has filled in, and the addresses that this says symbols have
 */
#include <inttypes.h>
#include <string.h>
#include "running.h"

#define ALL UINT64_MAX
#define IN_PAGE 0xfffULL

static uint64_t number(const uint8_t *at, unsigned int bytes)
{
	uint64_t value = 0;

	while (at && bytes--)
		value = value << 8 | at[bytes];
	return value;
}

/* The lowest @bits of a number, with its sign. */
static uint64_t with_sign(uint64_t value, unsigned int bits)
{
	uint64_t sign = 1ULL << (bits - 1);

	value &= (sign << 1) - 1;
	return (value ^ sign) - sign;
}

/* ---- x86_64 ---- */

static struct field x86_field(const struct reloc *reloc, const uint8_t *runs, uint64_t at)
{
	struct field field = { .bytes = 4, .bits = UINT32_MAX, .known = ALL };

	field.address = with_sign(number(runs, 4), 32);
	switch (reloc->type) {
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		field.address += at;
		break;
	case R_X86_64_32S:
		break;
	case R_X86_64_32:
		field.address = (uint32_t)field.address;
		break;
	case R_X86_64_64:
	case R_X86_64_PC64:
		field.bytes = 8;
		field.bits = ALL;
		field.address = number(runs, 8);
		if (reloc->type == R_X86_64_PC64)
			field.address += at;
		break;
	default:
		field.bytes = 0;
	}
	return field;
}

/* ---- arm64 ---- */

/* Parts of an instruction: where they are, how long, and by what they are counted. */
static struct field arm64_bits(uint32_t word, unsigned int first, unsigned int bits,
			       unsigned int scale, uint64_t at)
{
	struct field field = { .bytes = 4, .known = ALL };

	field.bits = ((1ULL << bits) - 1) << first;
	field.address = at + (with_sign(word >> first, bits) << scale);
	return field;
}

/* The offset in a page, which loads and stores count by their size. */
static struct field arm64_low(uint32_t word, unsigned int scale)
{
	struct field field = { .bytes = 4, .bits = 0x003ffc00, .known = IN_PAGE };

	field.address = (word >> 10 & IN_PAGE) << scale & IN_PAGE;
	return field;
}

static struct field arm64_page(uint32_t word, uint64_t at, bool pages)
{
	struct field field = { .bytes = 4, .bits = 0x60ffffe0, .known = pages ? ~IN_PAGE : ALL };
	uint64_t count = with_sign((word >> 5 & 0x7ffff) << 2 | (word >> 29 & 3), 21);

	field.address = pages ? (at & ~IN_PAGE) + (count << 12) : at + count;
	return field;
}

/*
 * At the end of a page the linker has an adr do what an adrp does, as some processors get the load
 * behind it wrong there (erratum 843419). It reaches a megabyte.
 */
static bool is_erratum_place(uint64_t at)
{
	return (at & IN_PAGE) >= 0xff8;
}

static bool is_adr(uint32_t word)
{
	return (word & 0x9f000000) == 0x10000000;
}

static struct field arm64_adr(uint32_t word, uint64_t at)
{
	struct field field = arm64_page(word, at, false);

	field.bits |= 0x80000000;
	field.known = ~IN_PAGE;
	return field;
}

static struct field arm64_data(const uint8_t *runs, unsigned int bytes, uint64_t at)
{
	struct field field = { .bytes = bytes, .known = ALL };

	field.bits = bytes == 8 ? ALL : UINT32_MAX;
	field.address = at + (bytes == 8 ? number(runs, 8) : with_sign(number(runs, 4), 32));
	return field;
}

static struct field arm64_field(const struct reloc *reloc, const uint8_t *runs, uint64_t at)
{
	uint32_t word = number(runs, 4);

	switch (reloc->type) {
	case R_AARCH64_CALL26:
	case R_AARCH64_JUMP26:
		return arm64_bits(word, 0, 26, 2, at);
	case R_AARCH64_CONDBR19:
	case R_AARCH64_LD_PREL_LO19:
		return arm64_bits(word, 5, 19, 2, at);
	case R_AARCH64_TSTBR14:
		return arm64_bits(word, 5, 14, 2, at);
	case R_AARCH64_ADR_PREL_LO21:
		return arm64_page(word, at, false);
	case R_AARCH64_ADR_PREL_PG_HI21:
	case R_AARCH64_ADR_PREL_PG_HI21_NC:
		return is_erratum_place(at) && is_adr(word) ? arm64_adr(word, at) :
							      arm64_page(word, at, true);
	case R_AARCH64_ADD_ABS_LO12_NC:
	case R_AARCH64_LDST8_ABS_LO12_NC:
		return arm64_low(word, 0);
	case R_AARCH64_LDST16_ABS_LO12_NC:
		return arm64_low(word, 1);
	case R_AARCH64_LDST32_ABS_LO12_NC:
		return arm64_low(word, 2);
	case R_AARCH64_LDST64_ABS_LO12_NC:
		return arm64_low(word, 3);
	case R_AARCH64_LDST128_ABS_LO12_NC:
		return arm64_low(word, 4);
	case R_AARCH64_ABS64:
		return arm64_data(runs, 8, 0);
	case R_AARCH64_PREL64:
		return arm64_data(runs, 8, at);
	case R_AARCH64_PREL32:
		return arm64_data(runs, 4, at);
	default:
		return (struct field){};
	}
}

/* A module calls what is far away through three instructions of its own, which use x16. */
static uint64_t arm64_called(const struct running *running, uint64_t address)
{
	const uint8_t *code = running_bytes(running, address, 12);
	uint32_t page = number(code, 4), add = number(code ? code + 4 : NULL, 4);

	if (!code || (page & 0x9f00001f) != 0x90000010 || (add & 0xffc003ff) != 0x91000210 ||
	    number(code + 8, 4) != 0xd61f0200)
		return address;
	return arm64_page(page, address, true).address + (add >> 10 & IN_PAGE);
}

static bool is_arm64_call(const struct object *object, const struct reloc *reloc)
{
	return object_machine(object) == EM_AARCH64 &&
	       (reloc->type == R_AARCH64_CALL26 || reloc->type == R_AARCH64_JUMP26);
}

struct field field_read(const struct reloc *reloc, unsigned int machine, const uint8_t *runs,
			uint64_t at)
{
	if (machine == EM_AARCH64)
		return arm64_field(reloc, runs, at);
	return x86_field(reloc, runs, at);
}

/* ---- what all fields say together ---- */

/**
 * struct use - all that is known of a symbol and an addend
 * @section:	of the symbol; NULL: of another object, as may be what is weak
 * @name:	of the symbol
 * @offset:	of the symbol in its section, and the addend
 * @bias:	of the relocation of a string: what is added for it goes into another one
 * @known:	which bits of their address are known
 * @address:	these
 */
struct use {
	const struct section *section;
	const char *name;
	uint64_t offset;
	int64_t bias;
	uint64_t known;
	uint64_t address;
};

/* The linker puts each string of such a section where it likes. */
static bool moves_as_whole(const struct section *section)
{
	return section && !(section->flags & SHF_MERGE);
}

static bool same_target(const struct use *one, const struct use *other)
{
	if (one->section != other->section || one->offset != other->offset)
		return false;
	if (moves_as_whole(one->section))
		return true;
	return one->bias == other->bias && !strcmp(one->name, other->name);
}

static struct use *find_use(struct targets *targets, const struct reloc *reloc)
{
	const struct symbol *symbol = reloc->symbol;
	struct use *use, wanted = { .name = symbol->name };
	size_t i;

	wanted.offset = (uint64_t)reloc->addend;
	if (symbol->bind != STB_WEAK) {
		wanted.section = symbol->section;
		wanted.offset += symbol->value;
	}
	if (wanted.section && !moves_as_whole(wanted.section))
		wanted.bias = reloc->bias;
	for (i = 0; i < targets->uses.nr; i++) {
		use = targets->uses.at[i];
		if (same_target(use, &wanted))
			return use;
	}
	use = memory_copy(&wanted, sizeof(wanted));
	list_add(&targets->uses, use);
	return use;
}

static bool agree(const struct field *field, uint64_t address)
{
	return !((field->address ^ address) & field->known);
}

/* Variables of a section that kallsyms lists are where the section would have them. */
static const char *check_base(const struct targets *targets, const struct object *object,
			      const struct section *section, uint64_t base)
{
	const struct symbol *symbol;
	const struct name_at *found;
	size_t i, nr;

	for_each_symbol(object, symbol) {
		if (symbol->section != section || symbol->type != STT_OBJECT || !*symbol->name)
			continue;
		found = running_find(targets->running, symbol->name, &nr);
		for (i = 0; i < nr && found[i].address != base + symbol->value; i++)
			;
		if (nr && i == nr)
			return memory_print("%s would be at %" PRIx64 ", and is at %" PRIx64 "%s",
					    symbol->name, base + symbol->value, found->address,
					    nr > 1 ? " and elsewhere" : "");
	}
	return NULL;
}

static const char *use_section(struct targets *targets, const struct object *object,
			       const struct use *use, const struct field *field)
{
	size_t number = use->section - object->sections;
	uint64_t base = use->address - use->offset;
	const char *wrong;

	if (targets->has_base[number]) {
		if (agree(field, targets->bases[number] + use->offset))
			return NULL;
		return memory_print("%s would be at %" PRIx64
				    ", and other uses have it at %" PRIx64,
				    use->section->name, base, targets->bases[number]);
	}
	if (use->known != ALL)
		return NULL;
	wrong = check_base(targets, object, use->section, base);
	if (wrong)
		return wrong;
	targets->has_base[number] = true;
	targets->bases[number] = base;
	return NULL;
}

/* Is one of these at all that is known of the address by now? */
static bool is_any(const struct name_at *names, size_t nr, const struct use *use)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!((use->address ^ (names[i].address + use->offset)) & use->known))
			return true;
	return false;
}

/* What this kernel does not list is a label of the linker's, and no function that it lists. */
static const char *use_unlisted(const struct running *running, const struct use *use)
{
	const char *code = NULL;

	if (use->known == ALL)
		code = running_code_at(running, use->address - use->offset);
	if (!code)
		return NULL;
	return memory_print("%s is not in this kernel, and %s is where it would be", use->name,
			    code);
}

/* Return: NULL if what has this name is there. */
static const char *use_listed(const struct running *running, const struct use *use)
{
	size_t nr, nr_others;
	const struct name_at *found = running_find(running, use->name, &nr);
	const struct name_at *others = running_find_other(running, use->name, &nr_others);

	if (!nr && !nr_others)
		return use_unlisted(running, use);
	if (is_any(found, nr, use) || is_any(others, nr_others, use))
		return NULL;
	return memory_print("%s would be at %" PRIx64 ", and is at %" PRIx64 "%s", use->name,
			    use->address - use->offset, (nr ? found : others)->address,
			    nr + nr_others > 1 ? " and elsewhere" : "");
}

/* All uses of what is in no section of the object, with whatever addends. */
static const char *use_name(const struct targets *targets, const struct use *use)
{
	const char *wrong = use_listed(targets->running, use);
	const struct use *other;
	size_t i;

	if (wrong)
		return wrong;
	for (i = 0; use->known == ALL && i < targets->uses.nr; i++) {
		other = targets->uses.at[i];
		if (other->section || strcmp(other->name, use->name) || other->known != ALL ||
		    other->address - other->offset == use->address - use->offset)
			continue;
		return memory_print("%s would be at %" PRIx64
				    ", and another use has it at %" PRIx64,
				    use->name, use->address - use->offset,
				    other->address - other->offset);
	}
	return NULL;
}

/*
 * The compiler reaches an element by an offset and a register: of what the register begins with it
 * takes away so much, and the offset is so far behind the constant. Of kernels it never adds. On
 * arm64 it reaches several variables of a section from one place (-fsection-anchors), which they
 * are so far behind. Each time at most:
 */
#define REACH 4096

/* All constants that may be meant; but a pointer of a constant has the whole address. */
static const char *use_near(struct targets *targets, const struct reloc *reloc, uint64_t base)
{
	const struct section *section = reloc->symbol->section;
	int64_t from = (int64_t)reloc->symbol->value + reloc->addend + reloc->bias;
	int64_t before = targets->reading ? 0 : REACH, behind = 0;
	const struct piece *piece, *there = reloc->piece;
	const char *wrong = NULL;
	size_t i;

	if (!targets->reading && object_machine(section->object) == EM_AARCH64)
		behind = REACH;
	for (i = 0; i < section->nr_pieces && !wrong; i++) {
		piece = section->pieces[i];
		if (piece == there || ((int64_t)piece->end + before >= from &&
				       (int64_t)piece->start <= from + behind))
			wrong = constants_use(targets, piece, base + piece->start);
	}
	if (!there || (int64_t)there->end + before < from)
		targets->nr_unsure++;
	return wrong;
}

/*
 * The linker moves each string with its label: what is added leads to a place in it, or outside of
 * it where a loop counts from. Return: NULL if it is not known.
 */
static const struct piece *piece_of(const struct reloc *reloc, const struct section *section)
{
	if (!moves_as_whole(section) && reloc->symbol->type != STT_SECTION)
		return section_piece(section, reloc->symbol->value);
	return reloc->unsure ? NULL : reloc->piece;
}

static bool is_constant(const struct section *section)
{
	return section->kind == SECTION_CONST || section->kind == SECTION_STRINGS;
}

/* As soon as all of its address is known. */
static const char *use_constant(struct targets *targets, const struct reloc *reloc,
				const struct use *use)
{
	size_t number = use->section - use->section->object->sections;
	const struct piece *piece = piece_of(reloc, use->section);
	uint64_t base = use->address - use->offset;

	if (!is_constant(use->section))
		return NULL;
	if (moves_as_whole(use->section) && targets->has_base[number])
		base = targets->bases[number];
	else if (use->known != ALL)
		return NULL;
	if (moves_as_whole(use->section) && reloc->symbol->type == STT_SECTION)
		return use_near(targets, reloc, base);
	if (piece)
		return constants_use(targets, piece, base + piece->start);
	targets->nr_unsure++;
	return NULL;
}

const char *targets_use(struct targets *targets, const struct object *object,
			const struct reloc *reloc, const struct field *said)
{
	const struct symbol *symbol = reloc->symbol;
	struct field call = *said;
	const struct field *field = &call;
	struct use *use, now;
	const char *wrong;

	if (symbol->shndx == SHN_ABS || symbol == object->symbols)
		return NULL;
	if (is_arm64_call(object, reloc))
		call.address = arm64_called(targets->running, call.address);
	use = find_use(targets, reloc);
	if (use->known & field->known & (field->address ^ use->address))
		return memory_print("%s would be at %" PRIx64
				    ", and another use has it at %" PRIx64,
				    *symbol->name ? symbol->name : symbol->section->name,
				    field->address, use->address);
	now = *use;
	now.address = (use->address & ~field->known) | (field->address & field->known);
	now.known |= field->known;
	wrong = NULL;
	if (moves_as_whole(now.section))
		wrong = use_section(targets, object, &now, field);
	else if (!now.section)
		wrong = use_name(targets, &now);
	/* What is wrong is no measure for others. */
	if (wrong)
		return wrong;
	*use = now;
	return use->section ? use_constant(targets, reloc, use) : NULL;
}
