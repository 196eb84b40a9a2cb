/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp_test.h - what the modules of the suite share
 *
 * Every victim returns a hash over all of its arguments and over the world it
 * belongs to, so one comparison tells which function ran and whether each
 * argument and the return value arrived unharmed.
 */
#ifndef _XLP_TEST_H
#define _XLP_TEST_H

#include <linux/compiler.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/stdarg.h>
#include <linux/types.h>

/* Who answered: the original, its replacement, or one of two stacked ones. */
enum xt_world {
	XT_OLD = 1,
	XT_NEW,
	XT_A,
	XT_B,
};

/*
 * The parameters model and replace of a module that declares "patch", for its
 * init function to copy: a declaration is read only once.
 */
#define XT_MODEL_PARAMETERS(default_model)		\
static unsigned int model = default_model;		\
module_param(model, uint, 0444);			\
static bool replace;					\
module_param(replace, bool, 0444)

/* The parameter set of such a module: see &xlp_patch.replace_set. */
#define XT_SET_PARAMETER				\
static unsigned int set;				\
module_param(set, uint, 0444)

/* What the replacement of si_meminfo() reports, in pages. */
#define XT_TOTALRAM	0x1234

/* No clones, no inlining, nothing learnt from the body: a call is a call. */
#if __has_attribute(__noipa__)
#define xt_noipa	noinline __attribute__((__noipa__))
#else
/* As far as the arguments go: who calls it is not known. For the rest see xt_answer(). */
#define xt_noipa	noinline __used
#endif

/*
 * What such a function returns. Compilers that have no noipa, as clang, use the value in
 * its callers if they see it in the body, and make one call of two if nothing else is there.
 */
#define xt_answer(value)			\
({						\
	__auto_type xt_answer_ = (value);	\
						\
	asm volatile("" : "+r" (xt_answer_));	\
	xt_answer_;				\
})

static inline u64 xt_mix(u64 hash, u64 value)
{
	return ((hash ^ value) << 7 | (hash ^ value) >> 57) + 0x9e3779b97f4a7c15ULL;
}

static inline u64 xt_hash(enum xt_world world, const u64 *value, unsigned int n)
{
	u64 hash = xt_mix(0, world);

	while (n--)
		hash = xt_mix(hash, *value++);
	return hash;
}

/* Structures by value: in registers, in memory, at and beyond the default. */
struct xt_small {
	u32 a;
	u16 b;
	u8 c;
};

struct xt_pair {
	u64 w[2];
};

struct xt_large {
	u64 w[12];
};

struct xt_limit {
	u64 w[48];
};

struct xt_huge {
	u64 w[80];
};

#ifdef __SIZEOF_INT128__
#define XT_INT128
#define xt_u128	unsigned __int128
#endif

/**
 * struct xt_result - what the calls of a case saw
 * @old:	calls answered by the original
 * @new:	calls answered by the replacement
 * @skip:	why the case cannot be run here, or NULL
 * @why:	the first wrong answer, or empty
 */
struct xt_result {
	unsigned int old;
	unsigned int new;
	const char *skip;
	char why[160];
};

struct xt_case {
	const char *name;
	void (*run)(struct xt_result *r);
};

/**
 * struct xt_context - calls made from an interrupt
 * @work:	takes it to hard interrupt context
 * @tasklet:	takes it to softirq context
 * @run:	makes the calls
 * @result:	what they saw
 * @right:	@run found itself in the context that was asked for
 */
struct xt_context {
	struct irq_work work;
	struct tasklet_struct tasklet;
	void (*run)(struct xt_context *context);
	struct xt_result *result;
	bool right;
};

static inline void xt_fail(struct xt_result *r, const char *what, u64 got,
			   u64 old, u64 new)
{
	if (r->why[0])
		return;
	snprintf(r->why, sizeof(r->why),
		 "%s gave %llx, old is %llx, new is %llx", what,
		 (unsigned long long)got, (unsigned long long)old,
		 (unsigned long long)new);
}

static inline void xt_judge(struct xt_result *r, const char *what, u64 got,
			    u64 old, u64 new)
{
	if (got == old)
		r->old++;
	else if (got == new)
		r->new++;
	else
		xt_fail(r, what, got, old, new);
}

/* The same for a victim that says its world and nothing else. */
static inline void xt_judge_world(struct xt_result *r, const char *what,
				  enum xt_world world)
{
	xt_judge(r, what, world, XT_OLD, XT_NEW);
}

/*
 * Every function that xlp_test_redirect replaces, with the stack_args of its
 * declaration. 128-bit integers are in a list of their own since not every
 * architecture has them.
 */
#define XT_VICTIMS(X)							\
	X(int0, 0) X(int1, 0) X(int2, 0) X(int3, 0) X(int4, 0)		\
	X(int5, 0) X(int6, 0) X(int7, 0) X(int8, 0) X(int9, 0)		\
	X(int10, 0) X(int11, 0) X(int12, 0)				\
	X(in_registers, XLP_STACK_ARGS_NONE)				\
	X(small, 0) X(pair, 0) X(large, 0) X(limit, 0)			\
	X(huge, sizeof(struct xt_huge) + sizeof(u64))			\
	X(ret_small, 0) X(ret_pair, 0) X(ret_large, 0)			\
	X(sum, 0) X(vsum, 0) X(forward, 0)				\
	X(recurse, 0) X(siblings, 0) X(tail_out, 0) X(tail_end, 0)	\
	X(leaf, XLP_STACK_ARGS_NONE) X(compare, 0)			\
	X(irq_entry, 0) X(softirq_entry, 0)

#ifdef XT_INT128
#define XT_VICTIMS_INT128(X)	X(arg128, 0) X(ret128, 0)
#else
#define XT_VICTIMS_INT128(X)
#endif

/* victims.c: the originals */
u64 xt_int0(void);
u64 xt_int1(u8 a);
u64 xt_int2(u8 a, s16 b);
u64 xt_int3(u8 a, s16 b, u64 c);
u64 xt_int4(u8 a, s16 b, u64 c, s32 d);
u64 xt_int5(u8 a, s16 b, u64 c, s32 d, u16 e);
u64 xt_int6(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f);
u64 xt_int7(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g);
u64 xt_int8(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h);
u64 xt_int9(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h, u8 i);
u64 xt_int10(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h, u8 i, s16 j);
u64 xt_int11(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h, u8 i, s16 j,
	     u64 k);
u64 xt_int12(u8 a, s16 b, u64 c, s32 d, u16 e, s8 f, u32 g, s64 h, u8 i, s16 j,
	     u64 k, int l);
u64 xt_in_registers(u32 a, u8 b, s16 c, u32 d);
u64 xt_small(u8 x, struct xt_small s, u64 y);
u64 xt_pair(s8 x, struct xt_pair s, struct xt_pair t, int y);
u64 xt_large(u64 x, struct xt_large s, s16 y);
u64 xt_limit(struct xt_limit s);
u64 xt_huge(struct xt_huge s, u64 x);
struct xt_small xt_ret_small(u8 x);
struct xt_pair xt_ret_pair(u64 x, s16 y);
struct xt_large xt_ret_large(u64 x, u32 y);
u64 xt_vsum(unsigned int n, va_list args);
u64 xt_sum(unsigned int n, ...);
u64 xt_forward(unsigned int n, ...);
u64 xt_recurse(unsigned int n);
u64 xt_tail_end(u64 x);
u64 xt_tail_out(u64 x);
u64 xt_leaf(u64 x);
u64 xt_named(u64 x);
u64 xt_siblings(u64 x);
int xt_compare(const void *a, const void *b);
void xt_irq_entry(struct irq_work *work);
void xt_softirq_entry(struct tasklet_struct *tasklet);
#ifdef XT_INT128
u64 xt_arg128(u8 x, xt_u128 y, s32 z);
xt_u128 xt_ret128(u64 x);
#endif

extern enum xt_world xt_compared_in;

/* target.c */
u64 xt_sibling(u64 x);
void xt_wait(void);
void xt_wake(void);
u64 xt_untraced(u64 x);
void xt_target_run(unsigned int index, struct xt_result *r);
void xt_target_regs(struct xt_result *r);

/* victims.c, beside the originals */
u64 xt_nap(u64 x);
u64 xt_second_twin(u64 x);

/*
 * regs_ARCH.S: call xt_leaf(arg), put its answer into *ret, return a mask of
 * the registers and flags that the call should have preserved and did not
 */
unsigned long xt_regs_probe(u64 arg, u64 *ret);

/* driver.c: every case of calls.h, in whatever context the caller is */
void xt_run_all(struct xt_result *r);

/* contexts.c */
void xt_hardirq(struct xt_result *r);
void xt_softirq(struct xt_result *r);

/* nmi.c */
void xt_nmi(struct xt_result *r);
void xt_nmi_exit(void);

/* stress.c */
extern const struct file_operations xt_stress_fops;
void xt_stress_stop(void);

#endif /* _XLP_TEST_H */
