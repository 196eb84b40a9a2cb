/* SPDX-License-Identifier: GPL-2.0 */
/*
 * calls.h - one function per case, each calling victims and judging the answers
 *
 * Included by the target and by the driver, so that every victim is called from
 * its own module and from another one.
 */
#include <linux/sort.h>
#include <linux/string.h>

#include "xlp_test.h"

/* What the originals must answer … */
#define XT_VICTIM	static noinline __maybe_unused
#define XT(name)	was_##name
#define XT_PEER(name)	was_##name
#define XT_SIBLING(x)	xt_mix(x, XT_OLD)
#define XT_WORLD	XT_OLD
#include "victims.h"
#undef XT_WORLD
#undef XT_PEER
#undef XT

/* … and their replacements. */
#define XT_WORLD	XT_NEW
#define XT(name)	now_##name
#define XT_PEER(name)	now_##name
#include "victims.h"
#undef XT_WORLD
#undef XT_SIBLING
#undef XT_PEER
#undef XT
#undef XT_VICTIM

/* Structures as arguments: the same bytes for every caller. */
static struct xt_small small_arg = { 0x89abcdef, 0xfedc, 0xba };
static struct xt_pair pair_arg = { { 0x0123456789abcdefULL, ~0ULL } };
static struct xt_large large_arg;
static struct xt_limit limit_arg;
static struct xt_huge huge_arg;

static void xt_fill(u64 *word, unsigned int n)
{
	while (n--)
		word[n] = xt_mix(n, n);
}

static void xt_prepare_arguments(void)
{
	xt_fill(large_arg.w, ARRAY_SIZE(large_arg.w));
	xt_fill(limit_arg.w, ARRAY_SIZE(limit_arg.w));
	xt_fill(huge_arg.w, ARRAY_SIZE(huge_arg.w));
}

/* Structures and 128-bit integers as results, folded into one word. */
#define XT_PLAIN(x)	((u64)(x))
#define XT_FOLD(x)							\
({									\
	__auto_type __r = (x);						\
									\
	xt_hash(0, __r.w, ARRAY_SIZE(__r.w));				\
})
#define XT_FOLD_SMALL(x)						\
({									\
	struct xt_small __r = (x);					\
									\
	xt_mix(xt_mix(__r.a, __r.b), __r.c);				\
})
#define XT_FOLD128(x)							\
({									\
	xt_u128 __r = (x);						\
									\
	xt_mix((u64)__r, (u64)(__r >> 64));				\
})

/*
 * Each call sits in a function of its own: with structures by value a frame
 * that holds the arguments of all three would be too large.
 */
#define XT_CASE(case, fold, victim, ...)				\
static noinline u64 case##_got(void)					\
{									\
	return fold(xt_##victim(__VA_ARGS__));				\
}									\
									\
static noinline u64 case##_was(void)					\
{									\
	return fold(was_##victim(__VA_ARGS__));				\
}									\
									\
static noinline u64 case##_now(void)					\
{									\
	return fold(now_##victim(__VA_ARGS__));				\
}									\
									\
static void call_##case(struct xt_result *r)				\
{									\
	xt_judge(r, #case, case##_got(), case##_was(), case##_now());	\
}

XT_CASE(int0, XT_PLAIN, int0)
XT_CASE(int1, XT_PLAIN, int1, 0xa5)
XT_CASE(int2, XT_PLAIN, int2, 0xa5, -2)
XT_CASE(int3, XT_PLAIN, int3, 0xa5, -2, 0x0123456789abcdefULL)
XT_CASE(int4, XT_PLAIN, int4, 0xa5, -2, 0x0123456789abcdefULL, -3)
XT_CASE(int5, XT_PLAIN, int5, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc)
XT_CASE(int6, XT_PLAIN, int6, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc, -4)
XT_CASE(int7, XT_PLAIN, int7, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc, -4,
	0x89abcdef)
XT_CASE(int8, XT_PLAIN, int8, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc, -4,
	0x89abcdef, -5)
XT_CASE(int9, XT_PLAIN, int9, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc, -4,
	0x89abcdef, -5, 0x5a)
XT_CASE(int10, XT_PLAIN, int10, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc,
	-4, 0x89abcdef, -5, 0x5a, -6)
XT_CASE(int11, XT_PLAIN, int11, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc,
	-4, 0x89abcdef, -5, 0x5a, -6, 0xfedcba9876543210ULL)
XT_CASE(int12, XT_PLAIN, int12, 0xa5, -2, 0x0123456789abcdefULL, -3, 0xfedc,
	-4, 0x89abcdef, -5, 0x5a, -6, 0xfedcba9876543210ULL, -7)
XT_CASE(stack_args_none, XT_PLAIN, in_registers, 0x89abcdef, 0xfe, -2, 7)
XT_CASE(struct_small, XT_PLAIN, small, 0xa5, small_arg, 0x0123456789abcdefULL)
XT_CASE(struct_pair, XT_PLAIN, pair, -2, pair_arg, pair_arg, -3)
XT_CASE(struct_large, XT_PLAIN, large, ~5ULL, large_arg, -4)
XT_CASE(struct_default_limit, XT_PLAIN, limit, limit_arg)
XT_CASE(struct_stack_args, XT_PLAIN, huge, huge_arg, 0xfedcba9876543210ULL)
XT_CASE(return_small, XT_FOLD_SMALL, ret_small, 0xa5)
XT_CASE(return_pair, XT_FOLD, ret_pair, ~6ULL, -2)
XT_CASE(return_large, XT_FOLD, ret_large, ~7ULL, 0x89abcdef)
XT_CASE(variadic_none, XT_PLAIN, sum, 0)
XT_CASE(variadic_few, XT_PLAIN, sum, 2, -2, 3ULL, -4, ~5ULL)
XT_CASE(variadic_many, XT_PLAIN, sum, 10, -1, 2ULL, -3, ~4ULL, -5, 6ULL, -7,
	~8ULL, -9, 10ULL, -11, ~12ULL, -13, 14ULL, -15, ~16ULL, -17, 18ULL,
	-19, ~20ULL)
XT_CASE(variadic_va_list, XT_PLAIN, forward, 6, -1, 2ULL, -3, ~4ULL, -5, 6ULL,
	-7, ~8ULL, -9, 10ULL, -11, ~12ULL)
XT_CASE(recursion, XT_PLAIN, recurse, 6)
XT_CASE(siblings, XT_PLAIN, siblings, ~8ULL)
XT_CASE(tail_call_out, XT_PLAIN, tail_out, ~9ULL)
XT_CASE(leaf, XT_PLAIN, leaf, 0x0123456789abcdefULL)
#ifdef XT_INT128
#define XT_WIDE	((xt_u128)0x0123456789abcdefULL << 64 | 0xfedcba9876543210ULL)
XT_CASE(argument_128bit, XT_PLAIN, arg128, 0xa5, XT_WIDE, -2)
XT_CASE(return_128bit, XT_FOLD128, ret128, ~10ULL)
#else
static void call_argument_128bit(struct xt_result *r)
{
	r->skip = "the compiler has no 128-bit integers here";
}

#define call_return_128bit	call_argument_128bit
#endif

static noinline u64 tail_in(u64 x)
{
	return xt_tail_end(x ^ 1);
}

static void call_tail_call_in(struct xt_result *r)
{
	xt_judge(r, "tail call", tail_in(2), was_tail_end(3), now_tail_end(3));
}

static void call_pointer(struct xt_result *r)
{
	u64 (*leaf)(u64) = xt_leaf;
	u64 (*pair)(s8, struct xt_pair, struct xt_pair, int) = xt_pair;

	OPTIMIZER_HIDE_VAR(leaf);
	OPTIMIZER_HIDE_VAR(pair);
	xt_judge(r, "pointer to leaf", leaf(5), was_leaf(5), now_leaf(5));
	xt_judge(r, "pointer to pair", pair(-2, pair_arg, pair_arg, 7),
		 was_pair(-2, pair_arg, pair_arg, 7),
		 now_pair(-2, pair_arg, pair_arg, 7));
}

/* vmlinux calls a module's function: sort() its comparison. */
static void call_from_vmlinux(struct xt_result *r)
{
	int value[] = { 5, -1, 4, -2, 3 };
	unsigned int i;

	sort(value, ARRAY_SIZE(value), sizeof(value[0]), xt_compare, NULL);
	for (i = 1; i < ARRAY_SIZE(value); i++) {
		if (value[i - 1] > value[i])
			xt_fail(r, "sort", value[i], value[i - 1], 0);
	}
	xt_judge_world(r, "comparison", xt_compared_in);
}

static const struct xt_case xt_calls[] = {
	{ "int0", call_int0 },
	{ "int1", call_int1 },
	{ "int2", call_int2 },
	{ "int3", call_int3 },
	{ "int4", call_int4 },
	{ "int5", call_int5 },
	{ "int6", call_int6 },
	{ "int7", call_int7 },
	{ "int8", call_int8 },
	{ "int9", call_int9 },
	{ "int10", call_int10 },
	{ "int11", call_int11 },
	{ "int12", call_int12 },
	{ "stack_args_none", call_stack_args_none },
	{ "struct_small", call_struct_small },
	{ "struct_pair", call_struct_pair },
	{ "struct_large", call_struct_large },
	{ "struct_default_limit", call_struct_default_limit },
	{ "struct_stack_args", call_struct_stack_args },
	{ "return_small", call_return_small },
	{ "return_pair", call_return_pair },
	{ "return_large", call_return_large },
	{ "argument_128bit", call_argument_128bit },
	{ "return_128bit", call_return_128bit },
	{ "variadic_none", call_variadic_none },
	{ "variadic_few", call_variadic_few },
	{ "variadic_many", call_variadic_many },
	{ "variadic_va_list", call_variadic_va_list },
	{ "recursion", call_recursion },
	{ "siblings", call_siblings },
	{ "tail_call_in", call_tail_call_in },
	{ "tail_call_out", call_tail_call_out },
	{ "leaf", call_leaf },
	{ "pointer", call_pointer },
	{ "from_vmlinux", call_from_vmlinux },
};
