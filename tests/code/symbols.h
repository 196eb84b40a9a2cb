/* SPDX-License-Identifier: GPL-2.0 */
/* symbols.h - the symbols of a kernel, in one table, and its memory */
#ifndef _CODE_SYMBOLS_H
#define _CODE_SYMBOLS_H

/**
 * struct symbol - a symbol of the kernel
 * @addr:	where it is
 * @size:	in bytes
 * @name:	its name
 * @mod:	whose it is; NULL: vmlinux's
 */
struct symbol {
	unsigned long addr;
	unsigned long size;
	const char *name;
	const struct module *mod;
};

extern const struct symbol symbols[];
extern const unsigned int nr_symbols;

/* Targets, of which plain has no cold part, and parted more parts than functions. */
extern struct module target, plain, parted;
/* Of patches. */
extern struct module mod_a, mod_b;

/* Which allocation fails, counted down; 0: none. All behind it do. */
extern unsigned int failing_allocation;
extern unsigned int nr_allocated;
/* How often all symbols of an object were gone through, and kallsyms was asked for one. */
extern unsigned int nr_walks, nr_asked;

const struct symbol *symbol_at(unsigned long addr);

#endif /* _CODE_SYMBOLS_H */
