// SPDX-License-Identifier: GPL-2.0
/*
 * machine.c - what the relocations of an architecture mean
 *
 * All of these have the addend in the relocation and none of it in the field.
 */
#include <stdlib.h>
#include "machine.h"

/* The byte that is @back bytes before the field, or 0. */
static uint8_t before(const struct section *section, const struct reloc *reloc, uint64_t back)
{
	if (!section->bytes || reloc->offset < back || reloc->offset - back >= section->size)
		return 0;
	return section->bytes[reloc->offset - back];
}

static bool in_text(const struct section *section)
{
	return section->flags & SHF_EXECINSTR;
}

static unsigned int no_bias(const struct section *section, const struct reloc *reloc,
			    int64_t biases[MACHINE_BIASES])
{
	biases[0] = 0;
	return 1;
}

/* ---- x86_64 ---- */

static bool x86_is_relative(uint32_t type)
{
	switch (type) {
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
	case R_X86_64_GOTPCREL:
	case R_X86_64_GOTPCRELX:
	case R_X86_64_REX_GOTPCRELX:
		return true;
	default:
		return false;
	}
}

/* ModRM before the field says: the address is relative to the next instruction. */
static bool x86_names_memory(const struct section *section, const struct reloc *reloc)
{
	return (before(section, reloc, 1) & 0xc7) == 0x05;
}

/* A prefix for operands of 16 bits; or what the instruction before ends with. */
static bool x86_may_be_short(const struct section *section, const struct reloc *reloc)
{
	return before(section, reloc, 3) == 0x66 ||
	       ((before(section, reloc, 3) & 0xf0) == 0x40 && before(section, reloc, 4) == 0x66);
}

/*
 * How long is what follows the field? That is to be seen by the opcode, but not always
 * whether the opcode has one byte or two: then both are possible.
 */
static unsigned int x86_biases(const struct section *section, const struct reloc *reloc,
			       int64_t biases[MACHINE_BIASES])
{
	unsigned int nr = 0, digit = before(section, reloc, 1) >> 3 & 7;
	uint8_t opcode = before(section, reloc, 2);

	if (!in_text(section) || !x86_is_relative(reloc->type))
		return no_bias(section, reloc, biases);
	biases[nr++] = 4;
	if (!x86_names_memory(section, reloc))
		return nr;
	switch (opcode) {
	case 0x80:
	case 0x83:
	case 0x6b:
	case 0xc0:
	case 0xc1:
	case 0xc6:
		biases[nr++] = 5;
		break;
	case 0x69:
	case 0x81:
	case 0xc7:
		biases[nr++] = 8;
		break;
	case 0xf6:
		if (digit < 2)
			biases[nr++] = 5;
		break;
	case 0xf7:
		if (digit < 2)
			biases[nr++] = 8;
		break;
	default:
		/* Two bytes of opcode and a byte behind: shifts, bit tests, shuffles. */
		if (before(section, reloc, 3) == 0x0f || before(section, reloc, 4) == 0x0f)
			biases[nr++] = 5;
		return nr;
	}
	/* A constant always follows these, unless a 0x0f before makes them another opcode. */
	if (nr > 1 && before(section, reloc, 3) != 0x0f) {
		biases[0] = biases[nr - 1];
		nr--;
	}
	if ((biases[0] == 8 || nr > 1) && x86_may_be_short(section, reloc))
		biases[nr++] = 6;
	return nr;
}

static bool x86_calls(const struct section *section, const struct reloc *reloc)
{
	uint8_t last = before(section, reloc, 1);

	if (!in_text(section))
		return false;
	if (reloc->type != R_X86_64_PLT32 && reloc->type != R_X86_64_PC32)
		return false;
	return last == 0xe8 || last == 0xe9 ||
	       (before(section, reloc, 2) == 0x0f && (last & 0xf0) == 0x80);
}

/* ---- s390 ---- */

/* A field of an instruction stands two bytes behind its start, from which the processor counts. */
static unsigned int s390_biases(const struct section *section, const struct reloc *reloc,
				int64_t biases[MACHINE_BIASES])
{
	switch (reloc->type) {
	case R_390_PC16DBL:
	case R_390_PLT16DBL:
	case R_390_PC32DBL:
	case R_390_PLT32DBL:
	case R_390_GOTENT:
		biases[0] = -2;
		return 1;
	default:
		return no_bias(section, reloc, biases);
	}
}

/* brasl and brcl; larl takes an address with the same relocation. */
static bool s390_calls(const struct section *section, const struct reloc *reloc)
{
	uint8_t low = before(section, reloc, 1) & 0x0f;

	if (reloc->type != R_390_PC32DBL && reloc->type != R_390_PLT32DBL)
		return false;
	return before(section, reloc, 2) == 0xc0 && (low == 4 || low == 5);
}

/* ---- arm64 and powerpc ---- */

static bool arm64_calls(const struct section *section, const struct reloc *reloc)
{
	return reloc->type == R_AARCH64_CALL26 || reloc->type == R_AARCH64_JUMP26;
}

static bool powerpc_calls(const struct section *section, const struct reloc *reloc)
{
	return reloc->type == R_PPC64_REL24 || reloc->type == R_PPC64_REL14;
}

static const struct machine machines[] = {
	{ "x86_64", EM_X86_64, x86_biases, x86_calls },
	{ "arm64", EM_AARCH64, no_bias, arm64_calls },
	{ "s390", EM_S390, s390_biases, s390_calls },
	{ "powerpc", EM_PPC64, no_bias, powerpc_calls },
};

#define NR_MACHINES (sizeof(machines) / sizeof(machines[0]))

const struct machine *machine_find(unsigned int number)
{
	size_t i;

	for (i = 0; i < NR_MACHINES; i++)
		if (machines[i].number == number)
			return &machines[i];
	return NULL;
}

const char *machine_names(void)
{
	const char *names = machines[0].name;
	size_t i;

	for (i = 1; i < NR_MACHINES; i++)
		names = memory_print("%s, %s", names, machines[i].name);
	return names;
}

unsigned int object_machine(const struct object *object)
{
	return object->machine->number;
}
