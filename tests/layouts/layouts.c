// SPDX-License-Identifier: GPL-2.0
/* layouts.c - structures that change in one way each, for xlp-layouts; tests/layouts/run */
struct inner {
	int a;
#ifdef INNER
	long added;
#endif
};

struct outer {
	char first;
#if defined(ADDED)
	char added;
#elif defined(MOVED)
	long last;
#endif
#if defined(TYPE)
	unsigned int *second;
#elif !defined(REMOVED)
	int *second;
#endif
#ifdef BITS
	unsigned int few : 4;
#else
	unsigned int few : 3;
#endif
#ifdef LINES
	/* A cacheline, and a hole; */
#endif
	union {
		long number;
#ifdef WITHIN
		char text[16];
#endif
	};
#ifndef MOVED
	long last;
#endif
}

#ifdef PACKED
__attribute__((__packed__))
#endif
;

#ifdef ANOTHER
struct another {
	long only_after;
} another;
#endif

struct inner inner;
struct outer outer;
