/* SPDX-License-Identifier: GPL-2.0 */
/* refuse.h - what no patch can do, and what to do in its place */
#ifndef _XLP_TOOLS_REFUSE_H
#define _XLP_TOOLS_REFUSE_H

#include "choose.h"

/* Each text once. */
void refuse(struct choice *choice, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void note(struct choice *choice, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* refuse_function() - look at a function that the patch would bring */
void refuse_function(struct choice *choice, const struct piece *piece);

/* refuse_object() - look at all else that has changed */
void refuse_object(struct choice *choice);

/* refuse_nothing() - say of a patch that it changes no function, by its first file */
void refuse_nothing(struct choice *choices, size_t nr);

#endif /* _XLP_TOOLS_REFUSE_H */
