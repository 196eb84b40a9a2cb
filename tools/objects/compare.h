/* SPDX-License-Identifier: GPL-2.0 */
/* compare.h - which pieces of two objects are versions of each other, and which differ */
#ifndef _XLP_TOOLS_COMPARE_H
#define _XLP_TOOLS_COMPARE_H

#include "object.h"

/* match_pieces() - give each piece with a name its twin in the other object, if it has one */
void match_pieces(struct object *before, struct object *after);

/**
 * match_names() - what of two objects has the same name
 * @before:	an object
 * @after:	another one
 * @visit:	called for each name that each of them gives to one piece; a piece may have several
 * @data:	passed on
 */
void match_names(const struct object *before, const struct object *after,
		 void (*visit)(void *data, struct symbol *before, struct symbol *after),
		 void *data);

/* compare_pieces() - mark the functions and variables of @after that are not as their twins */
void compare_pieces(struct object *before, struct object *after);

/* Are two pieces the same, whatever their names? */
bool pieces_equal(struct piece *before, struct piece *after);

/*
 * Is a copy as good as the original? Constants without addresses in them, that no other file
 * sees, and what only says whether a message has been printed.
 */
bool piece_may_be_copied(const struct piece *piece);

/* A name without the number that the compiler has given a static variable. */
const char *name_without_number(const char *name);

#endif /* _XLP_TOOLS_COMPARE_H */
