/* SPDX-License-Identifier: GPL-2.0 */
/* module.h - a module as it is read from its file */
#ifndef _XLP_TOOLS_MODULE_H
#define _XLP_TOOLS_MODULE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct module_file - a module
 * @elf:	its file
 * @big:	are its numbers big-endian?
 * @word:	bytes of a pointer
 * @symbols:	its symbols
 * @names:	the section of their names
 */
struct module_file {
	Elf *elf;
	bool big;
	size_t word;
	Elf_Data *symbols;
	size_t names;
};

/* module_length() - the length of the string at @at, or 0 if none ends before @end */
size_t module_length(const char *at, const char *end);

/* module_number() - a number of @size bytes */
uint64_t module_number(const unsigned char *at, size_t size, bool big);

/* module_check_word() - end with a line if what is to be printed is not one line of its own */
void module_check_word(const char *text);

/* module_say_replaced() - print "replaces OBJECT.NAME.POSITION" for each function */
void module_say_replaced(const struct module_file *file);

#endif /* _XLP_TOOLS_MODULE_H */
