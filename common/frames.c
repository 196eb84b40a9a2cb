// SPDX-License-Identifier: GPL-2.0
/*
 * frames.c - walk stacks by frame records, where the kernel promises nothing
 *
 * Every function that calls another keeps a record on its stack, and the frame pointer
 * leads to the innermost one:
 *
 *	frame pointer --> caller's frame pointer --> ... --> the last one's
 *	                  address in the caller      ...
 *
 * Each record holds an address in the function whose own record comes next, or none comes
 * next. The chain is believed only as a whole: every record above the one before it, every
 * address in code, and its end exactly where the kernel puts it, in a function that may be
 * there. <asm-generic/xlp/frames.h> has what differs between architectures.
 */
#include <compat/returns.h>
#include <compat/unexported.h>
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/sched/task_stack.h>
#include <xlp/arch.h>

#define FRAMES_RECORD_SIZE	(2 * sizeof(long))

/**
 * struct place - how far a walk has come
 * @task:	whose stack it is
 * @pc:		the address the task will return to
 * @fp:		the frame pointer of the function that @pc is in
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

/* Where the context switch returns to; what lies below its stack pointer is stale. */
static struct place frames_innermost(struct task_struct *task)
{
	unsigned long stack = (unsigned long)task_stack_page(task);

	return (struct place){
		.task = task,
		.pc = xlp_arch_saved_pc(task),
		.fp = xlp_arch_saved_fp(task),
		.low = max(stack, xlp_arch_saved_sp(task)),
		.high = stack + THREAD_SIZE,
	};
}

/* The running task: from a function's own record on, which stays while it runs. */
static struct place frames_innermost_of_self(unsigned long pc, unsigned long fp)
{
	return (struct place){
		.task = current,
		.pc = pc,
		.fp = fp,
		.low = fp + xlp_arch_frame_record,
		.high = (unsigned long)task_stack_page(current) + THREAD_SIZE,
	};
}

/*
 * What a return probe has replaced. With several probes on a function all of
 * them have the same frame and all but the oldest, which is last on the list,
 * have replaced another's trampoline.
 */
static unsigned long frames_probed_return(const struct place *place, unsigned long fp)
{
	unsigned long frame = xlp_arch_probed_frame(fp, place->fp);
	struct llist_node *node;
	unsigned long pc = place->pc;

	for (node = xlp_hooked_returns(place->task); node; node = READ_ONCE(node->next))
		if (xlp_hooked_frame(node) == frame)
			pc = xlp_hooked_return(node);
	return pc;
}

/*
 * What tracers have replaced, for the function whose frame pointer was @fp. Both note
 * where the function was called, so a return address at the wrong place or one that has
 * been used already is not found. A function can be probed and then traced or
 * the other way round. What stays unresolved xlp_visit_frame() refuses.
 */
static void frames_resolve(struct place *place, unsigned long fp)
{
	unsigned int rounds;

	for (rounds = 0; rounds < 2 && xlp_is_hooked_return(place->pc); rounds++) {
		if (unexported_found(ftrace_graph_ret_addr))
			place->pc = unexported(ftrace_graph_ret_addr)
					(place->task, &place->graph, place->pc,
					 xlp_arch_graph_retp(fp, place->fp));
		if (xlp_is_hooked_return(place->pc))
			place->pc = frames_probed_return(place, fp);
	}
}

/*
 * Strictly upwards, so a corrupt chain has an end as well. Frame pointers are aligned
 * as the stack pointer is. KASAN's red zones lie on other tasks' stacks; reading
 * them is intended.
 */
static __no_sanitize_address bool frames_to_caller(struct place *place)
{
	unsigned long fp = place->fp, at = fp + xlp_arch_frame_record;
	const unsigned long *record = (unsigned long *)at;

	if (!IS_ALIGNED(fp, xlp_arch_frame_align) || at < place->low ||
	    at > place->high - FRAMES_RECORD_SIZE)
		return false;
	place->low = at + FRAMES_RECORD_SIZE;
	place->fp = READ_ONCE_NOCHECK(record[0]);
	place->pc = xlp_arch_code_address(READ_ONCE_NOCHECK(record[1]));
	frames_resolve(place, fp);
	return true;
}

/*
 * The last frame belongs to outermost code, and nothing that is called by entry code goes
 * on elsewhere.
 *
 * Entry code with another frame is an exception in the kernel. Where it was interrupted is
 * known; but what called the interrupted function may be in a register alone, or there and
 * in a record, or the register may be stale. So the chain cannot be followed, whatever has
 * been interrupted: a copy from user space that faulted, an ftrace trampoline, a function's
 * entry.
 */
int xlp_walk_frames(struct task_struct *task,
		    bool (*visit)(void *data, unsigned long addr), void *data)
{
	struct place place = task == current ?
		frames_innermost_of_self((unsigned long)xlp_walk_frames,
					 (unsigned long)__builtin_frame_address(0)) :
		frames_innermost(task);
	struct xlp_walk walk = { task, visit, data };

	if (!xlp_frames_walkable())
		return -EOPNOTSUPP;
	while (xlp_visit_frame(&walk, place.pc)) {
		if (place.fp == xlp_arch_last_fp(task))
			return xlp_arch_ends_right(task, place.pc) ? 0 : -EINVAL;
		if (xlp_in_entry_code(place.pc) || !frames_to_caller(&place))
			break;
	}
	return -EINVAL;
}
