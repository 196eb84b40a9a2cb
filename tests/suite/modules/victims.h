/* SPDX-License-Identifier: GPL-2.0 */
/*
 * victims.h - the functions that get replaced, as a template
 *
 * Included once for the originals (victims.c), once for the replacements
 * (redirect.c) and twice as a model that says what each of the two must answer
 * (calls.h). The includer defines
 *
 *	XT_WORLD	whose functions these are
 *	XT_VICTIM	storage class and attributes
 *	XT(name)	name of the function
 *	XT_PEER(name)	how it calls another victim or itself: by the name of
 *			the original, except in the model
 *	XT_SIBLING(x)	a call of the function that nobody replaces
 */
#define XT_VALUES(...)	((const u64 []){ __VA_ARGS__ })
#define XT_HASH(...)							\
	xt_hash(XT_WORLD, XT_VALUES(__VA_ARGS__),			\
		sizeof(XT_VALUES(__VA_ARGS__)) / sizeof(u64))
#define XT_WORDS(s)	xt_hash(XT_WORLD, (s).w, ARRAY_SIZE((s).w))

XT_VICTIM u64 XT(int0)(void)
{
	return XT_HASH();
}

XT_VICTIM u64 XT(int1)(u8 a)
{
	return XT_HASH(a);
}

XT_VICTIM u64 XT(int2)(u8 a, s16 b)
{
	return XT_HASH(a, b);
}

XT_VICTIM u64 XT(int3)(u8 a, s16 b, u64 c)
{
	return XT_HASH(a, b, c);
}

XT_VICTIM u64 XT(int4)(u8 a, s16 b, u64 c, s32 d)
{
	return XT_HASH(a, b, c, d);
}

XT_VICTIM u64 XT(int5)(u8 a, s16 b, u64 c, s32 d, u16 e)
{
	return XT_HASH(a, b, c, d, e);
}

XT_VICTIM u64 XT(int6)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f)
{
	return XT_HASH(a, b, c, d, e, f);
}

XT_VICTIM u64 XT(int7)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g)
{
	return XT_HASH(a, b, c, d, e, f, g);
}

XT_VICTIM u64 XT(int8)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h)
{
	return XT_HASH(a, b, c, d, e, f, g, h);
}

XT_VICTIM u64 XT(int9)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h,
		       u8 i)
{
	return XT_HASH(a, b, c, d, e, f, g, h, i);
}

XT_VICTIM u64 XT(int10)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h,
			u8 i, s16 j)
{
	return XT_HASH(a, b, c, d, e, f, g, h, i, j);
}

XT_VICTIM u64 XT(int11)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h,
			u8 i, s16 j, u64 k)
{
	return XT_HASH(a, b, c, d, e, f, g, h, i, j, k);
}

XT_VICTIM u64 XT(int12)(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h,
			u8 i, s16 j, u64 k, int l)
{
	return XT_HASH(a, b, c, d, e, f, g, h, i, j, k, l);
}

XT_VICTIM u64 XT(in_registers)(u32 a, u8 b, s16 c, u32 d)
{
	return XT_HASH(a, b, c, d);
}

XT_VICTIM u64 XT(small)(u8 x, struct xt_small s, u64 y)
{
	return XT_HASH(x, s.a, s.b, s.c, y);
}

XT_VICTIM u64 XT(pair)(s8 x, struct xt_pair s, struct xt_pair t, int y)
{
	return XT_HASH(x, s.w[0], s.w[1], t.w[0], t.w[1], y);
}

XT_VICTIM u64 XT(large)(u64 x, struct xt_large s, s16 y)
{
	return xt_mix(xt_mix(XT_WORDS(s), x), y);
}

XT_VICTIM u64 XT(limit)(struct xt_limit s)
{
	return XT_WORDS(s);
}

XT_VICTIM u64 XT(huge)(struct xt_huge s, u64 x)
{
	return xt_mix(XT_WORDS(s), x);
}

XT_VICTIM struct xt_small XT(ret_small)(u8 x)
{
	return (struct xt_small){ .a = XT_HASH(x), .b = ~x, .c = x };
}

XT_VICTIM struct xt_pair XT(ret_pair)(u64 x, s16 y)
{
	return (struct xt_pair){ { XT_HASH(x), XT_HASH(y, x) } };
}

XT_VICTIM struct xt_large XT(ret_large)(u64 x, u32 y)
{
	struct xt_large s;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(s.w); i++)
		s.w[i] = XT_HASH(x, y, i);
	return s;
}

#ifdef XT_INT128
XT_VICTIM u64 XT(arg128)(u8 x, xt_u128 y, s32 z)
{
	return XT_HASH(x, (u64)y, (u64)(y >> 64), z);
}

XT_VICTIM xt_u128 XT(ret128)(u64 x)
{
	return (xt_u128)XT_HASH(x) << 64 | XT_HASH(~x);
}
#endif

/* n pairs of an int and a 64-bit integer */
XT_VICTIM u64 XT(vsum)(unsigned int n, va_list args)
{
	u64 hash = XT_HASH(n);

	while (n--) {
		hash = xt_mix(hash, va_arg(args, int));
		hash = xt_mix(hash, va_arg(args, u64));
	}
	return hash;
}

XT_VICTIM u64 XT(sum)(unsigned int n, ...)
{
	u64 hash = XT_HASH(n, 1);
	va_list args;

	va_start(args, n);
	while (n--) {
		hash = xt_mix(hash, va_arg(args, int));
		hash = xt_mix(hash, va_arg(args, u64));
	}
	va_end(args);
	return hash;
}

XT_VICTIM u64 XT(forward)(unsigned int n, ...)
{
	va_list args;
	u64 hash;

	va_start(args, n);
	hash = XT_PEER(vsum)(n, args);
	va_end(args);
	return XT_HASH(hash);
}

XT_VICTIM u64 XT(recurse)(unsigned int n)
{
	if (!n)
		return XT_HASH(n);
	return XT_HASH(n, XT_PEER(recurse)(n - 1));
}

XT_VICTIM u64 XT(tail_end)(u64 x)
{
	return XT_HASH(x);
}

XT_VICTIM u64 XT(tail_out)(u64 x)
{
	return XT_PEER(tail_end)(x + 1);
}

XT_VICTIM u64 XT(leaf)(u64 x)
{
	return x ^ XT_WORLD;
}

/* One neighbour that nobody replaces, two that are replaced as well. */
XT_VICTIM u64 XT(siblings)(u64 x)
{
	u64 hash = XT_HASH(XT_SIBLING(x), XT_PEER(leaf)(x));

	return xt_mix(hash, XT_PEER(ret_pair)(x, -7).w[1]);
}

XT_VICTIM int XT(compare)(const void *a, const void *b)
{
	xt_compared_in = XT_WORLD;
	return *(const int *)a - *(const int *)b;
}

XT_VICTIM void XT(irq_entry)(struct irq_work *work)
{
	struct xt_context *c = container_of(work, struct xt_context, work);

	xt_judge_world(c->result, "irq_work callback", XT_WORLD);
	c->run(c);
}

XT_VICTIM void XT(softirq_entry)(struct tasklet_struct *tasklet)
{
	struct xt_context *c = container_of(tasklet, struct xt_context,
					    tasklet);

	xt_judge_world(c->result, "tasklet callback", XT_WORLD);
	c->run(c);
}

#undef XT_VALUES
#undef XT_HASH
#undef XT_WORDS
