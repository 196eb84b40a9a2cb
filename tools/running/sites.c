// SPDX-License-Identifier: GPL-2.0
/*
 * sites.c - places of code that a kernel writes while it boots or runs
 *
 * What ftrace, static keys and calls, alternatives, mitigations and constants of boot time make of
 * a place is none of the source. Tables of the object say where these are, or what is called there.
 * objtool makes other tables of vmlinux as a whole, so the object does not have them.
 */
#include <string.h>
#include "running.h"

/* At least this is the code before a relocated field: nobody writes bits of one instruction. */
static void leave_out(uint8_t *care, const struct section *section, uint64_t at, uint64_t size)
{
	if (at >= section->size)
		return;
	memset(care + at, 0, size < section->size - at ? size : section->size - at);
}

/* Return: where in @section a relocation of a table points to, or its size if it is elsewhere. */
static uint64_t place_in(const struct section *section, const struct reloc *reloc)
{
	uint64_t at = reloc->symbol->value + (uint64_t)reloc->addend;

	return reloc->symbol->section == section && at < section->size ? at : section->size;
}

static bool is_arm64(const struct section *section)
{
	return object_machine(section->object) == EM_AARCH64;
}

/* ---- tables ---- */

/*
 * Entries of two relocations and some bytes, of which the last but one says how long the code
 * is that may be replaced. Their size is another one from 6.4 on.
 */
static void alternatives(uint8_t *care, const struct section *section, const struct section *table)
{
	uint64_t each, start;
	size_t i;

	if (!table->bytes || table->nr_relocs < 2)
		return;
	each = table->size / (table->nr_relocs / 2);
	for (i = 0; i + 1 < table->nr_relocs; i += 2) {
		start = i / 2 * each;
		if (table->relocs[i].offset != start || each < 10)
			give_up("%s: entries of %s are not as expected", section->object->path,
				table->name);
		leave_out(care, section, place_in(section, &table->relocs[i]),
			  table->bytes[start + each - 2]);
	}
}

/* Calls of a hypervisor, until 6.7: an address, a number and how long the code is. */
static void paravirt(uint8_t *care, const struct section *section, const struct section *table)
{
	const struct reloc *reloc;

	for_each_reloc(table, reloc)
		if (table->bytes && reloc->offset + 9 < table->size)
			leave_out(care, section, place_in(section, reloc),
				  table->bytes[reloc->offset + 9]);
}

/* The first of an entry's three relocations; a jump of x86 may be a short one. */
static void jump_labels(uint8_t *care, const struct section *section, const struct section *table)
{
	const struct reloc *reloc;
	uint64_t at, size;

	for_each_reloc(table, reloc) {
		at = place_in(section, reloc);
		if (reloc->offset % 16 || at == section->size)
			continue;
		size = 4;
		if (!is_arm64(section))
			size = section->bytes[at] == 0xeb || section->bytes[at] == 0x66 ? 2 : 5;
		leave_out(care, section, at, size);
	}
}

/* On arm64 before and behind the entry, and behind a bti: only what the compiler left free. */
static void entries(uint8_t *care, const struct section *section, const struct section *table)
{
	static const uint8_t nop[] = { 0x1f, 0x20, 0x03, 0xd5 };
	const struct reloc *reloc;
	uint64_t at, end;

	if (!is_arm64(section))
		return;
	for_each_reloc(table, reloc) {
		at = place_in(section, reloc);
		for (end = at + 5 * sizeof(nop); at < end && at + sizeof(nop) <= section->size;
		     at += sizeof(nop))
			if (!memcmp(section->bytes + at, nop, sizeof(nop)))
				leave_out(care, section, at, sizeof(nop));
	}
}

static void each_of(uint8_t *care, const struct section *section, const struct section *table,
		    uint64_t size)
{
	const struct reloc *reloc;

	for_each_reloc(table, reloc)
		leave_out(care, section, place_in(section, reloc), size);
}

static void tables(uint8_t *care, const struct section *section)
{
	const struct section *table;

	for_each_section(section->object, table) {
		if (!strcmp(table->name, ".altinstructions"))
			alternatives(care, section, table);
		else if (!strcmp(table->name, ".parainstructions"))
			paravirt(care, section, table);
		else if (!strcmp(table->name, "__jump_table"))
			jump_labels(care, section, table);
		else if (!strcmp(table->name, "__patchable_function_entries"))
			entries(care, section, table);
		else if (!strcmp(table->name, ".smp_locks"))
			each_of(care, section, table, 1);
		else if (starts(table->name, "runtime_ptr_"))
			each_of(care, section, table, is_arm64(section) ? 16 : 8);
		else if (starts(table->name, "runtime_shift_"))
			each_of(care, section, table, is_arm64(section) ? 4 : 1);
	}
}

/* ---- calls of what is no function ---- */

static bool is_written(const char *name)
{
	return !strcmp(name, "__fentry__") || !strcmp(name, "__x86_return_thunk") ||
	       starts(name, "__x86_indirect_") || starts(name, "__SCT__");
}

/* Such a call may have a prefix that only makes it longer. */
static void calls(uint8_t *care, const struct section *section)
{
	const struct reloc *reloc;
	uint64_t before;

	for_each_reloc(section, reloc) {
		const uint8_t *at = section->bytes + reloc->offset;

		if (!is_written(reloc->symbol->name) || reloc->offset < 2)
			continue;
		if (at[-1] == 0xe8 || at[-1] == 0xe9)
			before = at[-2] == 0x2e ? 2 : 1;
		else if (at[-2] == 0x0f && (at[-1] & 0xf0) == 0x80)
			before = 2;
		else
			continue;
		leave_out(care, section, reloc->offset - before, before + 4);
	}
}

uint8_t *sites_care(const struct section *section)
{
	uint8_t *care = memory_get(section->size, 1);

	memset(care, 0xff, section->size);
	tables(care, section);
	if (!is_arm64(section))
		calls(care, section);
	return care;
}

bool sites_sealed(const struct section *section, uint64_t at, uint64_t end, const uint8_t *runs)
{
	static const uint8_t endbr[ENDBR_SIZE] = { 0xf3, 0x0f, 0x1e, 0xfa },
			     sealed[][ENDBR_SIZE] = { { 0x66, 0x0f, 0x1f, 0x00 },
						      { 0x0f, 0x1f, 0x40, 0xd6 } };

	if (object_machine(section->object) != EM_X86_64 || end - at < ENDBR_SIZE ||
	    memcmp(section->bytes + at, endbr, ENDBR_SIZE))
		return false;
	return !memcmp(runs, sealed[0], ENDBR_SIZE) || !memcmp(runs, sealed[1], ENDBR_SIZE);
}
