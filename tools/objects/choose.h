/* SPDX-License-Identifier: GPL-2.0 */
/* choose.h - what goes into a patch, and what no patch can do */
#ifndef _XLP_TOOLS_CHOOSE_H
#define _XLP_TOOLS_CHOOSE_H

#include <stdio.h>
#include "object.h"

/**
 * struct choice - what a patch has of one object file
 * @object:	the object of the kernel that the file is part of: vmlinux or a module
 * @build_id:	of that module, the only build that the patch is for; NULL: any
 * @before:	the file as it was
 * @after:	and as it is to be
 * @exports:	names that the kernel exports, sorted; NULL: not known, and names stay as they are
 * @number:	which file of the patch it is, from 0
 * @brought:	names that are new in the files of the patch, for each other; NULL: it has but one
 * @changed:	functions of @after that take the place of others
 * @added:	functions that are new
 * @bound:	pieces of @after in whose place the kernel's own are used
 * @data:	variables that are new
 * @copied:	variables and constants of which the patch has a copy of its own
 * @outside:	names that the patch uses and this file does not define
 * @notes:	what its author should know
 * @refusals:	why no patch can be made
 */
struct choice {
	const char *object;
	const char *build_id;
	struct object *before;
	struct object *after;
	const struct list *exports;
	size_t number;
	const struct list *brought;
	struct list changed;
	struct list added;
	struct list bound;
	struct list data;
	struct list copied;
	struct list outside;
	struct list notes;
	struct list refusals;
};

/*
 * choose() - fill in the lists of all files of a patch, whose objects have been compared
 *
 * What is new in one may be used in the others. What cannot be is a refusal of that file.
 */
void choose(struct choice *choices, size_t nr);

void choice_print(const struct choice *choice, FILE *to);

/**
 * reloc_stays_outside() - does the patch leave this reference to the kernel?
 * @choice:	what is in the patch
 * @reloc:	the reference
 * @section:	that it is in
 *
 * Return: true for what is bound, and for the address of a function that the patch replaces:
 * that of the old one stays good when the patch has gone, and calls through it reach the new one.
 */
bool reloc_stays_outside(const struct choice *choice, const struct reloc *reloc,
			 const struct section *section);

/* The name by which a patch refers to a symbol that this file does not define. */
const char *outside_name(const struct choice *choice, const char *name);

#endif /* _XLP_TOOLS_CHOOSE_H */
