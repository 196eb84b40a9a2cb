// SPDX-License-Identifier: GPL-2.0
/* xlp_test_walk_chains.c - the chains, see xlp_test_walk.h */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/thread_info.h>
#include <linux/uaccess.h>

#include "xlp_test_walk.h"

#define MOST_CALLS	180	/* of a recursion, if the stack has room */
#define SPARE_STACK	4096	/* for what comes before and after it */

static unsigned int recursion_depth;

/* What comes after the call keeps it from being a jump. */
static __always_inline void call_next(struct xw_chain *chain)
{
	xw_link next = chain->shape->links[chain->next];

	if (!next)
		next = chain->end;
	else
		chain->next++;
	next(chain);
	barrier();
	chain->sum++;
}

#define PLAIN(name)							\
static xt_noipa void name(struct xw_chain *chain)			\
{									\
	xw_note_return(chain);						\
	call_next(chain);						\
}

PLAIN(xw_first)
PLAIN(xw_second)
PLAIN(xw_third)
PLAIN(xw_fourth)
PLAIN(xw_last)

static xt_noipa void xw_recurse(struct xw_chain *chain)
{
	void (*again)(struct xw_chain *chain) = xw_recurse;

	xw_note_return(chain);
	OPTIMIZER_HIDE_VAR(again);
	if (!chain->depth--)
		again = xw_last;
	again(chain);
	barrier();
	chain->sum++;
}

/* A frame whose size is not known before the call. */
static xt_noipa void xw_grow(struct xw_chain *chain)
{
	size_t size = 40 + 24 * chain->next;
	char *room;

	xw_note_return(chain);
	OPTIMIZER_HIDE_VAR(size);
	room = __builtin_alloca(size);
	memset(room, chain->next, size);
	OPTIMIZER_HIDE_VAR(room);
	call_next(chain);
	chain->sum += room[size - 1];
}

static __always_inline unsigned long opaque(const struct xw_chain *chain, unsigned long n)
{
	n += READ_ONCE(chain->sum);
	OPTIMIZER_HIDE_VAR(n);
	return n;
}

/* More values are alive across the call than there are registers to keep them. */
static xt_noipa void xw_hoard(struct xw_chain *chain)
{
	unsigned long a = opaque(chain, 1), b = opaque(chain, 2), c = opaque(chain, 3);
	unsigned long d = opaque(chain, 4), e = opaque(chain, 5), f = opaque(chain, 6);
	unsigned long g = opaque(chain, 7), h = opaque(chain, 8), i = opaque(chain, 9);
	unsigned long j = opaque(chain, 10), k = opaque(chain, 11), l = opaque(chain, 12);
	unsigned long m = opaque(chain, 13), n = opaque(chain, 14);

	xw_note_return(chain);
	call_next(chain);
	chain->sum += a * b ^ c * d ^ e * f ^ g * h ^ i * j ^ k * l ^ m * n;
}

static xt_noipa void xw_call_replaced(struct xw_chain *chain)
{
	xw_note_return(chain);
	chain->sum += xt_nap((unsigned long)chain);
	barrier();
}

#define SHAPE(what, ...)						\
static struct xw_frames what##_frames;					\
struct xw_shape xw_##what = {						\
	.name = #what,							\
	.links = (const xw_link[]){ __VA_ARGS__, NULL },		\
	.expected = &what##_frames,					\
}

SHAPE(plain, xw_first, xw_second, xw_third, xw_fourth, xw_last);
SHAPE(recursion, xw_first, xw_recurse);
SHAPE(alloca, xw_first, xw_grow, xw_second, xw_grow, xw_grow, xw_last);
SHAPE(registers, xw_first, xw_hoard, xw_second, xw_hoard, xw_hoard, xw_last);
SHAPE(user, xw_first, xw_hoard, xw_second, xw_third);
SHAPE(replaced, xw_first, xw_second, xw_call_replaced);

static struct xw_shape *const learned[] = {
	&xw_plain, &xw_recursion, &xw_alloca, &xw_registers,
};

xt_noipa void xw_run_chain(struct xw_chain *chain)
{
	chain->depth = recursion_depth;
	call_next(chain);
}

/* ---- ends ---- */

static xt_noipa void end_at_once(struct xw_chain *chain)
{
	xw_note_return(chain);
	barrier();
}

xt_noipa void xw_end_sleep(struct xw_chain *chain)
{
	xw_note_return(chain);
	chain->frame = (unsigned long)__builtin_frame_address(0);
	complete(&chain->there);
	/* nobody needs longer to look, and a test that is wrong shall not hang */
	wait_for_completion_timeout(&chain->go_on, 10 * HZ);
	barrier();
}

/* No call here: where the task is, only an interrupt can say. */
xt_noipa notrace void xw_spin(struct xw_chain *chain)
{
	unsigned long end = jiffies + msecs_to_jiffies(XW_SPIN_MS);

	WRITE_ONCE(chain->spinning, true);
	while (!READ_ONCE(chain->stop) && time_before(READ_ONCE(jiffies), end))
		cpu_relax();
}

xt_noipa void xw_end_spin(struct xw_chain *chain)
{
	xw_note_return(chain);
	xw_spin(chain);
	barrier();
}

/* The size is hidden, so that the copy is a call. */
xt_noipa void xw_end_fault(struct xw_chain *chain)
{
	size_t size = 40;

	xw_note_return(chain);
	xw_note(chain, 0, "xw_end_fault");
	OPTIMIZER_HIDE_VAR(size);
	if (copy_from_user(chain->bytes, (void __user *)chain->user,
			   min(size, sizeof(chain->bytes))))
		chain->sum++;
}

/* ---- what they must show ---- */

static struct xw_chain lesson;

static void learn(struct xw_shape *shape)
{
	memset(&lesson, 0, sizeof(lesson));
	lesson.shape = shape;
	lesson.end = end_at_once;
	xw_run_chain(&lesson);
	*shape->expected = lesson.live;
}

static unsigned long lowest_frame;

static xt_noipa void measure(struct xw_chain *chain)
{
	lowest_frame = (unsigned long)__builtin_frame_address(0);
}

static unsigned long frame_after(unsigned int depth)
{
	recursion_depth = depth;
	memset(&lesson, 0, sizeof(lesson));
	lesson.shape = &xw_recursion;
	lesson.end = measure;
	xw_run_chain(&lesson);
	return lowest_frame;
}

void xw_learn_chains(void)
{
	unsigned long size = (frame_after(2) - frame_after(10)) / 8;
	unsigned int i;

	recursion_depth = min_t(unsigned long, MOST_CALLS, (THREAD_SIZE - SPARE_STACK) / size);
	pr_info("xlp_test_walk: recursion of %u calls, %lu bytes each\n", recursion_depth, size);
	for (i = 0; i < ARRAY_SIZE(learned); i++)
		learn(learned[i]);
}
