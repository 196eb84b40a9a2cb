// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - walk stacks by frame records, where the kernel promises nothing
 *
 * Every function that calls another keeps a record on its stack, and x29 points
 * at the innermost one:
 *
 *	x29 ──▶ ┌ x29 of the caller ──▶ ┌ ... ──▶ ... ──▶ final record
 *	        └ address in the caller └ ...              in the task's pt_regs
 *
 * A task that is not running has been switched out in a call, so its innermost
 * record is complete. Each record holds an address in the function whose own
 * record comes next, or none comes next. The chain is believed only as a whole:
 * every record above the one before it, every address in code, and its end
 * exactly where the kernel puts it.
 *
 * Kernels that select HAVE_RELIABLE_STACKTRACE are not walked by this file.
 */
#include <asm/processor.h>
#include <asm/stacktrace.h>
#include <compat/returns.h>
#include <compat/text.h>
#include <compat/unexported.h>
#include <linux/align.h>
#include <linux/sched/task_stack.h>
#include <xlp/arch.h>

/**
 * struct place - how far a walk has come
 * @task:	whose stack it is
 * @pc:		the address the task will return to
 * @fp:		the record of the function that @pc is in
 * @low:	records not visited yet begin here or higher
 * @high:	and end here or lower
 * @graph:	how far ftrace_graph_ret_addr() has come
 */
struct place {
	struct task_struct *task;
	unsigned long pc;
	unsigned long fp;
	unsigned long low;
	unsigned long high;
	int graph;
};

/* Where cpu_switch_to() returns to; what lies below its stack pointer is stale. */
static struct place innermost(struct task_struct *task)
{
	const struct cpu_context *context = &task->thread.cpu_context;
	unsigned long stack = (unsigned long)task_stack_page(task);

	return (struct place){
		.task = task,
		.pc = READ_ONCE(context->pc),
		.fp = READ_ONCE(context->fp),
		.low = max(stack, READ_ONCE(context->sp)),
		.high = stack + THREAD_SIZE,
	};
}

/* The running task: from a function's own record on, which stays while it runs. */
static struct place innermost_of_self(unsigned long pc, unsigned long fp)
{
	return (struct place){
		.task = current,
		.pc = pc,
		.fp = fp,
		.low = fp,
		.high = (unsigned long)task_stack_page(current) + THREAD_SIZE,
	};
}

/*
 * What a return probe has replaced. With several probes on a function all of
 * them have the same frame and all but the oldest, which is last on the list,
 * have replaced another's trampoline.
 */
static unsigned long probed_return(const struct place *place)
{
	struct llist_node *node;
	unsigned long pc = place->pc;

	for (node = xlp_hooked_returns(place->task); node; node = READ_ONCE(node->next))
		if (xlp_hooked_frame(node) == place->fp)
			pc = xlp_hooked_return(node);
	return pc;
}

/*
 * What tracers have replaced. Both note x29 as the function found it, so it is
 * the caller's record, and a return address at the wrong place or one that has
 * been used already is not found. A function can be probed and then traced or
 * the other way round. What stays unresolved xlp_visit_frame() refuses.
 */
static void resolve(struct place *place)
{
	unsigned int rounds;

	for (rounds = 0; rounds < 2 && xlp_is_hooked_return(place->pc); rounds++) {
		if (unexported_found(ftrace_graph_ret_addr))
			place->pc = unexported(ftrace_graph_ret_addr)
					(place->task, &place->graph, place->pc,
					 (unsigned long *)place->fp);
		if (xlp_is_hooked_return(place->pc))
			place->pc = probed_return(place);
	}
}

/*
 * Strictly upwards, so a corrupt chain has an end as well. Records are aligned
 * as the stack pointer is. KASAN's red zones lie on other tasks' stacks; reading
 * them is intended.
 */
static __no_sanitize_address bool to_caller(struct place *place)
{
	const unsigned long *record = (unsigned long *)place->fp;

	if (!IS_ALIGNED(place->fp, 16) || place->fp < place->low ||
	    place->fp > place->high - 2 * sizeof(long))
		return false;
	place->low = place->fp + 2 * sizeof(long);
	place->fp = READ_ONCE_NOCHECK(record[0]);
	place->pc = xlp_arch_code_address(READ_ONCE_NOCHECK(record[1]));
	resolve(place);
	return true;
}

/* entry.S and fork leave it there; head.S for the idle task of each CPU. */
static bool at_final_record(const struct place *place)
{
	return place->fp == (unsigned long)task_pt_regs(place->task)->stackframe;
}

/*
 * The final record belongs to entry code, and entry code to the final record.
 *
 * Entry code with another record is an exception in the kernel. Its next record
 * has the interrupted address; but what called the interrupted function may be
 * in the link register alone, or there and in a record, or the link register may
 * be stale. So the chain cannot be followed, whatever has been interrupted: a
 * copy from user space that faulted, an ftrace trampoline, a function's entry.
 *
 * A final record with another owner is a chain that lost its upper part. Only
 * idle tasks do not begin in entry code; all of theirs does after boot.
 */
static bool ends_right(const struct place *place)
{
	return xlp_in_entry_code(place->pc) || is_idle_task(place->task);
}

int xlp_walk_frame_records(struct task_struct *task,
			   bool (*visit)(void *data, unsigned long addr), void *data)
{
	struct place place = task == current ?
		innermost_of_self((unsigned long)xlp_walk_frame_records,
				  (unsigned long)__builtin_frame_address(0)) :
		innermost(task);
	struct xlp_walk walk = { task, visit, data };

	if (!xlp_walks_frame_records())
		return -EOPNOTSUPP;
	while (xlp_visit_frame(&walk, place.pc)) {
		if (at_final_record(&place))
			return ends_right(&place) ? 0 : -EINVAL;
		if (xlp_in_entry_code(place.pc) || !to_caller(&place))
			break;
	}
	return -EINVAL;
}

bool xlp_walks_frame_records(void)
{
	return xlp_text_found() && xlp_entry_code_found();
}
