/* SPDX-License-Identifier: GPL-2.0 */
/* running.h - the code of a kernel that runs, and the object that its source compiles to */
#ifndef _XLP_TOOLS_RUNNING_H
#define _XLP_TOOLS_RUNNING_H

#include "../objects/object.h"

/**
 * struct name_at - a line of kallsyms
 * @name:	of a function or variable
 * @address:	where it is
 * @is_code:	it is in a section of code
 */
struct name_at {
	const char *name;
	uint64_t address;
	bool is_code;
};

/**
 * struct names - some of kallsyms
 * @at:	by name, then by address
 * @nr:	how many
 */
struct names {
	struct name_at *at;
	size_t nr;
};

/**
 * struct part - a part of what is in a copy: code, or constants
 * @module:	whose; empty: the kernel's own
 * @start:	where it begins
 * @size:	how many bytes it has
 * @build_id:	of the module, or empty
 * @bytes:	these
 */
struct part {
	char module[64];
	uint64_t start;
	uint64_t size;
	char build_id[129];
	const uint8_t *bytes;
};

/**
 * struct running - what is known of the kernel, or of one of its modules
 * @names:	its symbols: those of the kernel without modules, or of the module
 * @others:	of a module: all others, which it may use
 * @parts:	its code, and its constants
 * @build_id:	of a module, hexadecimal; empty: it has none, or nobody has asked
 */
struct running {
	struct names names;
	struct names others;
	struct list parts;
	char build_id[129];
};

/* running_file() - all bytes of a file, and a zero behind them */
char *running_file(const char *path, size_t *size);

/**
 * running_read() - read copies
 * @running:	what is known is here then
 * @text:	the file that xlp-text has written
 * @kallsyms:	a copy of that
 * @module:	which part is meant; NULL: the kernel itself
 *
 * Return: false if that part is not in the copy. Its symbols are known then if it was loaded.
 */
bool running_read(struct running *running, const char *text, const char *kallsyms,
		  const char *module);

/**
 * running_find() - find what has a name
 * @running:	the kernel
 * @name:	a name
 * @nr:		how many have it
 *
 * Return: the first of these.
 */
const struct name_at *running_find(const struct running *running, const char *name, size_t *nr);

/* running_find_other() - the same for what is elsewhere in the kernel, of which a module takes */
const struct name_at *running_find_other(const struct running *running, const char *name,
					 size_t *nr);

/* running_code_at() - the name of code that begins at an address, or NULL */
const char *running_code_at(const struct running *running, uint64_t address);

/* running_bytes() - what is at an address, or NULL if it is not all in the copy */
const uint8_t *running_bytes(const struct running *running, uint64_t address, uint64_t size);

/**
 * sites_care() - say which bits of a section of code the kernel leaves as they were compiled
 * @section:	the section, of an object that is not linked
 *
 * Bits that the linker fills in are not among those that it leaves out.
 *
 * Return: a mask of the size of the section: ones are left.
 */
uint8_t *sites_care(const struct section *section);

#define ENDBR_SIZE 4

/* sites_sealed() - is this an ENDBR, which the kernel has taken away as nobody jumps there? */
bool sites_sealed(const struct section *section, uint64_t at, uint64_t end, const uint8_t *runs);

/**
 * struct field - what the linker has filled in, and what it says
 * @bytes:	how many bytes it is in; 0: the type of the relocation is not known
 * @bits:	which bits of these it is
 * @known:	which bits of the address are to be seen in it
 * @address:	these: of the symbol and the addend
 */
struct field {
	unsigned int bytes;
	uint64_t bits;
	uint64_t known;
	uint64_t address;
};

/**
 * field_read() - read what was filled in for a relocation
 * @reloc:	the relocation
 * @machine:	of the object
 * @runs:	the bytes at its place, or NULL if only the bits of the field are wanted
 * @at:		the address of that place
 *
 * Return: the field.
 */
struct field field_read(const struct reloc *reloc, unsigned int machine, const uint8_t *runs,
			uint64_t at);

struct constant;

/**
 * struct targets - the addresses that symbols of an object have, by the fields of the code
 * @running:	the kernel
 * @bases:	where sections of the object are, if that is known: by number
 * @has_base:	whether
 * @uses:	of symbols and addends
 * @constants:	those that have been looked at
 * @reading:	the one whose pointers are being looked at, or NULL
 * @nr_walks:	how often it was asked what some code leads to
 * @nr_unknown:	how many of these are not in the copy, or have fields that nobody knows
 * @nr_unsure:	how many uses do not show which constant is meant
 */
struct targets {
	const struct running *running;
	uint64_t *bases;
	bool *has_base;
	struct list uses;
	struct list constants;
	struct constant *reading;
	size_t nr_walks;
	size_t nr_unknown;
	size_t nr_unsure;
};

/**
 * targets_use() - take note of what a field says of a symbol
 * @targets:	what others say
 * @object:	the object
 * @reloc:	the relocation of the field
 * @field:	what it says
 *
 * Return: NULL, or what it does not agree with.
 */
const char *targets_use(struct targets *targets, const struct object *object,
			const struct reloc *reloc, const struct field *field);

/**
 * constants_use() - take note of where a constant or string is that something refers to
 * @targets:	what is known of others
 * @piece:	what is referred to; what is no constant is not looked at
 * @address:	where the kernel has it
 *
 * Return: NULL, or in what it is another one there, or one that its pointers lead to. Of what the
 * pointers of another constant lead to this is said where that one is used.
 */
const char *constants_use(struct targets *targets, const struct piece *piece, uint64_t address);

/* running_hexadecimal() - the first of some bytes, to be said */
const char *running_hexadecimal(const uint8_t *bytes, uint64_t nr);

/* compare_object() - print what is to be said of each function; false: not all are equal */
bool compare_object(const struct running *running, struct object *object);

#endif /* _XLP_TOOLS_RUNNING_H */
