// SPDX-License-Identifier: GPL-2.0
/*
 * victims.c - the originals, in a translation unit without callers
 */
#include <linux/export.h>
#include <linux/kernel.h>

#include "xlp_test.h"

enum xt_world xt_compared_in;
EXPORT_SYMBOL_GPL(xt_compared_in);

#define XT_VICTIM	xt_noipa
#define XT(name)	xt_##name
#define XT_PEER(name)	xt_##name
#define XT_SIBLING(x)	xt_sibling(x)
#define XT_WORLD	XT_OLD
#include "victims.h"

#define XT_EXPORT(name, bytes)	EXPORT_SYMBOL_GPL(xt_##name);
XT_VICTIMS(XT_EXPORT)
XT_VICTIMS_INT128(XT_EXPORT)

/* Victim of xlp_test_nap, whose replacement falls asleep. */
xt_noipa u64 xt_nap(u64 x)
{
	return xt_answer(x ^ XT_OLD);
}
EXPORT_SYMBOL_GPL(xt_nap);

/* A function of two names. */
xt_noipa u64 xt_named(u64 x)
{
	return xt_answer(x ^ XT_OLD);
}
EXPORT_SYMBOL_GPL(xt_named);

u64 xt_alias(u64 x) __alias(xt_named);

/* The second function of this name in the module, see target.c. */
static xt_noipa u64 xt_twin(u64 x)
{
	return xt_answer(x ^ XT_OLD);
}

u64 xt_second_twin(u64 x)
{
	return xt_twin(x);
}
