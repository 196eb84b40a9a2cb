// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - memory that is freed all at once, and the way out of bad input
 *
 * The tool reads two objects, says what it found, and ends: nothing is freed before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "memory.h"

jmp_buf memory_way_out;

struct block {
	struct block *next;
	max_align_t bytes[];
};

static struct block *blocks;

void *memory_get(size_t nr, size_t size)
{
	struct block *block;
	size_t bytes;

	if (__builtin_mul_overflow(nr, size, &bytes) ||
	    __builtin_add_overflow(bytes, sizeof(*block), &bytes))
		give_up("too large");
	block = calloc(1, bytes);
	if (!block)
		give_up("out of memory");
	block->next = blocks;
	blocks = block;
	return block->bytes;
}

void *memory_copy(const void *from, size_t size)
{
	void *to = memory_get(1, size);

	if (size)
		memcpy(to, from, size);
	return to;
}

char *memory_vprint(const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (length < 0)
		give_up("a name cannot be printed");
	text = memory_get((size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, fmt, args);
	return text;
}

char *memory_print(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = memory_vprint(fmt, args);
	va_end(args);
	return text;
}

void memory_free_all(void)
{
	struct block *next;

	for (; blocks; blocks = next) {
		next = blocks->next;
		free(blocks);
	}
}

void list_add(struct list *list, void *item)
{
	void **at;

	if (list->nr == list->room) {
		list->room = list->room ? list->room * 2 : 4;
		at = memory_get(list->room, sizeof(*at));
		if (list->nr)
			memcpy(at, list->at, list->nr * sizeof(*at));
		list->at = at;
	}
	list->at[list->nr++] = item;
}

void sort(void *at, size_t nr, size_t size, int (*order)(const void *a, const void *b))
{
	if (nr > 1)
		qsort(at, nr, size, order);
}

void give_up(const char *fmt, ...)
{
	va_list args;

	fputs("xlp: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	longjmp(memory_way_out, 1);
}
