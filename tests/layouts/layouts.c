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

union both {
	struct {
#ifdef UNION
		short last;
#endif
		short first;
#ifndef UNION
		short last;
#endif
	} halves;
	int whole;
};

typedef struct {
	int first;
#ifdef TYPEDEF
	int added;
#endif
} by_typedef;

typedef union {
	unsigned int few : 3;
	unsigned int more : 5;
#ifdef TYPEDEF_UNION
	long added;
#endif
} by_typedef_too;

static struct {
#ifdef VARIABLE
	int second;
#endif
	int first;
#ifndef VARIABLE
	int second;
#endif
	union {
		long number;
#ifdef VARIABLE_WITHIN
		char text[8];
#endif
	};
} state;

int *find_in_variables(int at)
{
	static struct {
		int *place;
#ifdef STATIC_LOCAL
		char added;
#endif
	} places[] = { { .place = &state.first }, { .place = &state.second } };
	static const struct {
#ifdef CONSTANT
		char added;
#endif
		int **place;
	} constants[] = { { .place = &places[0].place }, { .place = &places[1].place } };

	return *constants[at].place;
}

union both both;
by_typedef typed;
by_typedef_too typed_too;
struct inner inner;
struct outer outer;
