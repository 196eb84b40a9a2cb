/* SPDX-License-Identifier: GPL-2.0 */
/* search.h - every order of the steps */
#ifndef _MODEL_SEARCH_H
#define _MODEL_SEARCH_H

/**
 * struct search_result - what was found
 * @interleavings: complete orders without a cycle, at least
 * @states:	different ones that were met
 * @steps:	done
 * @violation:	what went wrong, or NULL
 */
struct search_result {
	double interleavings;
	unsigned long states;
	unsigned long steps;
	const char *violation;
};

/* Once, before any scenario is set up; and before each. */
void search_init(void);
void search_reset(void);
/* From the present state on. Prints the way to a violation if @tell. */
struct search_result search(bool tell);

#endif /* _MODEL_SEARCH_H */
