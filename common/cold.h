/* SPDX-License-Identifier: GPL-2.0 */
/* cold.h - parts of functions that the compiler has moved away from them */
#ifndef _XLP_COMMON_COLD_H
#define _XLP_COMMON_COLD_H

struct module;
struct xlp_live_object;

/* Compilers move the unlikely part of a function away, under this name. */
#define XLP_COLD_SUFFIX	".cold"

/**
 * xlp_cold_find() - find the cold parts of an object's functions
 * @obj:	the object, with the address of each of its functions
 * @mod:	its module; NULL: vmlinux
 *
 * A part is named like its function, which may have other names, too, so what counts is
 * every name that there is for the address. Of vmlinux that takes a walk over all of its
 * symbols, so what has been found there is kept; of a module it is found anew.
 *
 * Context: process context, in an event.
 *
 * Return: 0 and @obj->cold is what there is, or -ENOMEM and it is a part of that.
 */
int xlp_cold_find(struct xlp_live_object *obj, const struct module *mod);

/**
 * xlp_cold_forget() - forget what xlp_cold_find() has found
 * @obj:	the object
 *
 * Context: process context.
 */
void xlp_cold_forget(struct xlp_live_object *obj);

#endif /* _XLP_COMMON_COLD_H */
