// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - walk stacks by the compiler's tables (EHABI)
 *
 * They say how to get from a function to its caller behind its prologue, so at any call, but
 * not wherever a task may be interrupted. The kernel has a step by them that says whether it
 * could be made; its own walks only end where it could not. The walk is believed if it comes
 * to code that user space or a new task enters the kernel by, with a stack that is empty but for
 * the registers of user space. Such code anywhere else is an exception in the kernel, behind
 * which nothing is known.
 */
#include <compat/returns.h>
#include <compat/kallsyms.h>
#include <compat/sections.h>
#include <compat/text.h>
#include <linux/sched/task_stack.h>
/* Takes it for granted that tasks are known. */
#include <asm/stacktrace.h>
#include <xlp/arch.h>

/* A system call's fifth and sixth argument lie below the registers. */
#define ENTRY_ARGS	(2 * sizeof(long))

static typeof(unwind_frame) *to_caller;

/* A task that is not running has been switched out in a call, to __switch_to(). */
static struct stackframe innermost(struct task_struct *task)
{
	return (struct stackframe){ .fp = thread_saved_fp(task), .sp = thread_saved_sp(task),
				    .pc = thread_saved_pc(task) };
}

/* In the function that this is inlined into, whose own frame stays while it runs. */
static __always_inline struct stackframe innermost_of_self(void)
{
	return (struct stackframe){ .fp = (unsigned long)__builtin_frame_address(0),
				    .lr = (unsigned long)__builtin_return_address(0),
				    .sp = current_stack_pointer, .pc = _THIS_IP_ };
}

/*
 * What tracers and probes have put in place of return addresses is told by its order: theirs are
 * lists of the calls that have not returned yet, newest first. The tracer comes after the
 * probes, so it has replaced their trampoline, if any; of several probes on one call all but the
 * oldest have replaced another's.
 */
static unsigned long replaced_return(struct task_struct *task, unsigned long pc, int *graph,
				     struct llist_node **probed)
{
	if (xlp_is_hooked_return(pc) && unexported_found(ftrace_graph_ret_addr))
		pc = unexported(ftrace_graph_ret_addr)(task, graph, pc, NULL);
	while (*probed && xlp_is_hooked_return(pc)) {
		pc = xlp_hooked_return(*probed);
		*probed = READ_ONCE((*probed)->next);
	}
	return pc;
}

/* The first CPU's idle task has come from boot code, which it never returns to. */
static bool at_end(struct task_struct *task, const struct stackframe *frame)
{
	return (is_idle_task(task) && xlp_in_init_text(frame->pc)) ||
	       (frame->sp >= (unsigned long)task_pt_regs(task) - ENTRY_ARGS &&
		(xlp_in_entry_code(frame->pc) || is_idle_task(task)));
}

/*
 * The call is looked up, not where it returns to: behind one that never returns may be another
 * function. If a function begins with such a one, that has taken its return address away,
 * and the step goes nowhere.
 */
static bool step(struct stackframe *frame)
{
	const struct stackframe from = *frame;

	frame->pc -= sizeof(u32);
	return to_caller(frame) >= 0 && (frame->pc != from.pc || frame->sp != from.sp);
}

int xlp_walk_by_tables(struct task_struct *task,
		       bool (*visit)(void *data, unsigned long addr), void *data)
{
	struct xlp_walk walk = { task, visit, data };
	struct llist_node *probed = xlp_hooked_returns(task);
	struct stackframe frame;
	int graph = 0;

	if (!xlp_walks_by_tables())
		return -EOPNOTSUPP;
	frame = task == current ? innermost_of_self() : innermost(task);
	while (xlp_visit_frame(&walk, frame.pc)) {
		if (at_end(task, &frame))
			return probed ? -EINVAL : 0;
		if (xlp_in_entry_code(frame.pc) || !step(&frame))
			break;
		frame.pc = replaced_return(task, frame.pc, &graph, &probed);
	}
	return -EINVAL;
}

bool xlp_walks_by_tables(void)
{
	if (!to_caller)
		to_caller = (typeof(to_caller))xlp_symbol_address("unwind_frame");
	return to_caller && xlp_text_found() && xlp_entry_code_found();
}
