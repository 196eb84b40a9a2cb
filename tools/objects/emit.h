/* SPDX-License-Identifier: GPL-2.0 */
/* emit.h - the object file of a patch, and what builds a module of it */
#ifndef _XLP_TOOLS_EMIT_H
#define _XLP_TOOLS_EMIT_H

#include <stdio.h>
#include "choose.h"

/* emit_object() - write the object that has what was chosen */
void emit_object(const struct choice *choice, int fd);

/* emit_new_name() - of a function that takes a place: a name that no other file of the patch has */
const char *emit_new_name(const struct choice *choice, size_t changed);

/*
 * emit_description() - write the C source that hands the functions of all files to xlp.ko
 *
 * Where it is not the build that uname -v calls @built_as it refuses; NULL: it does not ask. What
 * has the same release need not be the same code.
 */
void emit_description(const struct choice *choices, size_t nr, const char *built_as, FILE *to);

/* emit_code_name() - of the object of a file, in a patch of this name */
const char *emit_code_name(const char *name, size_t number);

/* emit_kbuild() - write the Kbuild that joins description and objects to a module of this name */
void emit_kbuild(const char *name, size_t nr, FILE *to);

#endif /* _XLP_TOOLS_EMIT_H */
