/* SPDX-License-Identifier: GPL-2.0 */
/* memory.h - memory that is freed all at once, and the way out of bad input */
#ifndef _XLP_TOOLS_MEMORY_H
#define _XLP_TOOLS_MEMORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Where give_up() goes; whoever sets it calls memory_free_all() afterwards. */
extern jmp_buf memory_way_out;

/**
 * memory_get() - get zeroed memory
 * @nr:		for how many elements
 * @size:	of how many bytes each
 *
 * Each is an allocation of its own, so that a sanitizer sees who leaves it.
 *
 * Return: the memory; if there is none it gives up.
 */
void *memory_get(size_t nr, size_t size);
void *memory_copy(const void *from, size_t size);
char *memory_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *memory_vprint(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
void memory_free_all(void);

/**
 * struct list - pointers, in the order in which they were added
 * @at:		the pointers
 * @nr:		how many there are
 * @room:	for how many there is memory
 */
struct list {
	void **at;
	size_t nr;
	size_t room;
};

void list_add(struct list *list, void *item);

/* As qsort(), and of nothing as well. */
void sort(void *at, size_t nr, size_t size, int (*order)(const void *a, const void *b));

/* One line on standard error says why; it does not return. */
void give_up(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif /* _XLP_TOOLS_MEMORY_H */
