/* SPDX-License-Identifier: GPL-2.0 */
/* emit.h - the object file of a patch, and what builds a module of it */
#ifndef _XLP_TOOLS_EMIT_H
#define _XLP_TOOLS_EMIT_H

#include <stdio.h>
#include "choose.h"

/* emit_object() - write the object that has what was chosen */
void emit_object(const struct choice *choice, int fd);

/*
 * emit_description() - write the C source that hands the functions to xlp.ko
 *
 * Where it is not the build that uname -v calls @built_as it refuses; NULL: it does not ask. What
 * has the same release need not be the same code.
 */
void emit_description(const struct choice *choice, const char *built_as, FILE *to);

/* emit_kbuild() - write the Kbuild that joins the two to a module of this name */
void emit_kbuild(const char *name, FILE *to);

#endif /* _XLP_TOOLS_EMIT_H */
