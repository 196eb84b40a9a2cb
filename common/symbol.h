/* SPDX-License-Identifier: GPL-2.0 */
/* symbol.h - one symbol of an object, by name and position */
#ifndef _XLP_COMMON_SYMBOL_H
#define _XLP_COMMON_SYMBOL_H

#include <linux/types.h>

struct module;

/* So many symbols of one name are told apart in an error message. */
#define XLP_SYMBOLS_LISTED	8

/* Longest text of xlp_symbol_judge(), with its NUL. */
#define XLP_SYMBOL_FLAW_LEN	256

/**
 * struct xlp_symbol_search - the symbols of one name in one object
 * @name:	the name
 * @sympos:	which of them is wanted, from 1 in the order of the object's symbol
 *		table; 0: there must be only one
 * @may_be_data: it need be no function
 * @count:	how many were found
 * @addr:	of the one that is wanted
 * @size:	its bytes; 0: vmlinux's table does not say, and some modules' do not
 * @listed:	of the first ones
 *
 * The first three are the caller's to set, the others begin as zeroes.
 */
struct xlp_symbol_search {
	const char *name;
	unsigned long sympos;
	bool may_be_data;
	unsigned long count;
	unsigned long addr;
	unsigned long size;
	unsigned long listed[XLP_SYMBOLS_LISTED];
};

/**
 * xlp_symbol_found() - note one more symbol of the name
 * @search:	the search
 * @addr:	where the symbol is
 * @size:	its bytes; 0 if that is not known
 */
void xlp_symbol_found(struct xlp_symbol_search *search, unsigned long addr, unsigned long size);

/**
 * xlp_symbol_search() - look through an object's symbols
 * @search:	the search
 * @mod:	the object's module, which must not go away meanwhile; NULL: vmlinux
 *
 * vmlinux is searched by halves, a module from beginning to end: whoever looks for
 * many names in one should walk it once, with xlp_module_symbols().
 *
 * Context: process context, may sleep.
 */
void xlp_symbol_search(struct xlp_symbol_search *search, const struct module *mod);

/**
 * xlp_symbol_judge() - is it clear which symbol is meant, and is it there?
 * @search:	a search that is over
 * @mod:	in whose symbols it was; NULL: vmlinux
 * @flaw:	if not: what is wrong, as the end of a line; %XLP_SYMBOL_FLAW_LEN bytes
 *
 * If there is none of that name, but one that compilers make of it, the text has that; if not,
 * and it may be data, whether this kernel would list it.
 *
 * Context: process context, may sleep.
 *
 * Return: 0, or -EINVAL if there is none of that name, there are several, or the
 * position is past the end. In-kernel livepatch does not tell these apart either.
 */
int xlp_symbol_judge(const struct xlp_symbol_search *search, const struct module *mod, char *flaw);

/**
 * xlp_object_name_flaw() - what is wrong with the name of an object
 * @name:	the name, NULL for vmlinux
 *
 * Return: words for the log, or NULL.
 */
const char *xlp_object_name_flaw(const char *name);

#endif /* _XLP_COMMON_SYMBOL_H */
