// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_walk_saved.c - are the saved registers what a task has gone to sleep with?
 *
 * Where an architecture keeps them is xlp_arch_saved_sp() and xlp_arch_saved_context(). A task
 * that sleeps has told where its frame was before it did. What it has called since lies below,
 * down to the saved stack pointer; and the innermost of that, the function that has switched
 * to another task, is where it goes on.
 */
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>

#include <xlp/stack.h>

#include "arch.h"
#include "xlp_test_walk.h"

/* What a context switch returns to: the scheduler calls it, or a function that is called so. */
static bool saved_in_switch(unsigned long addr)
{
	return xw_is_in(addr, "__schedule") || xw_is_in(addr, "__switch_to");
}

static __no_sanitize_address unsigned long saved_word(const unsigned long *word)
{
	return READ_ONCE_NOCHECK(*word);
}

/* Where it goes on: in what is kept off the stack, if there is such; 0: not there. */
static unsigned long saved_pc(const struct xlp_saved *saved, unsigned long frame)
{
	const unsigned long *word = saved->context, *end = word + saved->words;

	if (!saved->words) {
		word = (const unsigned long *)saved->sp;
		end = (const unsigned long *)frame;
	}
	for (; word < end; word++)
		if (saved_in_switch(XT_RETURN_ADDRESS(saved_word(word))))
			return XT_RETURN_ADDRESS(saved_word(word));
	return 0;
}

static bool saved_has(const struct xlp_saved *saved, unsigned long value)
{
	unsigned int i;

	for (i = 0; i < saved->words; i++)
		if (saved->context[i] == value)
			return true;
	return false;
}

static bool saved_knows_sp(const struct xlp_saved *saved, const struct task_struct *task)
{
	return saved->sp != (unsigned long)task_stack_page(task);
}

/* So much is never called between a function and the end of the scheduler. */
#define MOST_BELOW	(THREAD_SIZE / 2)

/* Return: NULL if all is as it must be, or why not. */
static const char *saved_judge(const struct xlp_saved *saved, const struct xw_chain *chain)
{
	unsigned long pc = saved_pc(saved, chain->frame);

	if (saved->sp >= chain->frame)
		return "the saved stack pointer leaves out what the task has called";
	if (saved_knows_sp(saved, chain->task) && chain->frame - saved->sp > MOST_BELOW)
		return "the saved stack pointer is not the task's";
	if (!pc)
		return "where the task goes on is not saved";
	if (xw_look.scan_err || !xw_scanned(pc))
		return "the scan misses where the task goes on";
	if (!xw_look.walk_err && !saved_in_switch(xw_look.walk[0]))
		return "the walk does not begin where the task goes on";
	/* All registers are kept together. */
	if (saved->words && saved_knows_sp(saved, chain->task) && !saved_has(saved, saved->sp))
		return "the saved stack pointer is not among the saved registers";
	return NULL;
}

static void saved_show(struct seq_file *m, const struct xlp_saved *saved,
		       const struct xw_chain *chain)
{
	const char *why = saved_judge(saved, chain);

	if (why) {
		seq_printf(m, "FAIL: %s (%u words; %lx for a frame at %lx)\n", why, saved->words,
			   saved->sp, chain->frame);
		return;
	}
	seq_printf(m, "saved, goes on at %pS, ", (void *)saved_pc(saved, chain->frame));
	if (saved->words)
		seq_printf(m, "%u registers, ", saved->words);
	else
		seq_puts(m, "all registers on the stack, ");
	if (saved_knows_sp(saved, chain->task))
		seq_printf(m, "stack pointer %lu bytes below the frame\n",
			   chain->frame - saved->sp);
	else
		seq_puts(m, "stack pointer unknown, so whole stacks are scanned\n");
}

void xw_saved(struct seq_file *m)
{
	static struct xw_chain chain;
	struct xlp_saved saved;
	struct task_struct *task = xw_start_sleeper(m, &chain, &xw_plain);

	if (!task)
		return;
	xw_look_when_asleep(task);
	xlp_saved_registers(task, &saved);
	saved_show(m, &saved, &chain);
	xw_finish(&chain);
}
