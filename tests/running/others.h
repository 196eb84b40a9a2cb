/* SPDX-License-Identifier: GPL-2.0 */
/* others.h - what kernel.c has for other files */
int of_others(const char *text);

/* What constants.c has that leads to each other. */
struct node {
	const struct node *next;
	const char *word;
};

extern const struct node first_node, second_node;
