/* SPDX-License-Identifier: GPL-2.0 */
/* cold.h - parts of functions that the compiler has moved away from them */
#ifndef _XLP_COMMON_COLD_H
#define _XLP_COMMON_COLD_H

struct module;
struct xlp_cold;

/* @size: in bytes; 0: kallsyms has to be asked. */
typedef void (*xlp_cold_visitor)(void *data, unsigned long addr, unsigned long size);

/**
 * xlp_cold_init() - find the cold parts of all functions of vmlinux
 *
 * A walk over all of its symbols, so it is done once, when xlp.ko loads.
 *
 * Context: process context, before the first patch is enabled.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_cold_init(void);

/**
 * xlp_cold_exit() - forget whatever was found
 *
 * Context: process context, when no patch is left.
 */
void xlp_cold_exit(void);

/**
 * xlp_cold_collect() - find the cold parts of all functions of one object
 * @mod:	the object's module; NULL: vmlinux
 *
 * Context: process context; what xlp_module_symbols() asks for.
 *
 * Return: the parts, to be freed by xlp_cold_free(), or NULL: out of memory.
 */
struct xlp_cold *xlp_cold_collect(const struct module *mod);

/**
 * xlp_cold_free() - free what xlp_cold_collect() returned
 * @cold:	the parts, or NULL
 */
void xlp_cold_free(struct xlp_cold *cold);

/**
 * xlp_cold_find() - find the cold parts of a target's functions, unless they are known
 * @mod:	a target
 *
 * All patches share them.
 *
 * Context: process context, in an event.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_cold_find(const struct module *mod);

/**
 * xlp_cold_forget() - forget what xlp_cold_find() has found
 * @mod:	a target, which goes
 *
 * Context: process context, in an event.
 */
void xlp_cold_forget(const struct module *mod);

/**
 * xlp_cold_of() - the cold parts of an object's functions
 * @mod:	the object's module; NULL: vmlinux
 *
 * Context: in an event.
 *
 * Return: the parts, or NULL: of this module nobody has looked for them.
 */
const struct xlp_cold *xlp_cold_of(const struct module *mod);

/**
 * xlp_cold_parts_of() - visit the cold parts of a function
 * @cold:	of its object
 * @function:	its address, whatever names that has
 * @visitor:	called for each part
 * @data:	passed on
 */
void xlp_cold_parts_of(const struct xlp_cold *cold, unsigned long function,
		       xlp_cold_visitor visitor, void *data);

/**
 * xlp_cold_parts() - visit all cold parts of an object, some of them twice
 * @cold:	of the object
 * @visitor:	called for each part
 * @data:	passed on
 */
void xlp_cold_parts(const struct xlp_cold *cold, xlp_cold_visitor visitor, void *data);

#endif /* _XLP_COMMON_COLD_H */
