// SPDX-License-Identifier: GPL-2.0
/*
 * prologues.c - walk stacks by what functions do to the stack pointer
 *
 * For kernels that have neither frame records nor tables: the code of a function says how long
 * its frame is (layout.c). A chain is believed only if it leads to the very top of the stack,
 * out of a function that entry code calls. <asm-generic/xlp/prologues.h> has what an
 * architecture brings and promises.
 */
#include <asm/xlp-steps.h>
#include <compat/kallsyms.h>
#include <compat/returns.h>
#include <compat/text.h>
#include <compat/unexported.h>
#include <linux/align.h>
#include <linux/hash.h>
#include <linux/sched/task_stack.h>
#include <xlp/arch.h>
#include "layout.h"

/**
 * struct place - how far a walk has come
 * @task:	whose stack it is
 * @at:		where the task will go on
 * @fp_known:	its frame pointer there, too
 * @end:	where the outermost function's frame ends
 * @hooked:	what return probes have replaced further out
 * @graph:	how far ftrace_graph_ret_addr() has come
 */
struct place {
	struct task_struct *task;
	struct xlp_registers at;
	bool fp_known;
	unsigned long end;
	struct llist_node *hooked;
	int graph;
};

/*
 * What tracers have replaced. Return probes need not note a place, but a task's are in the
 * order of its frames, and none may be left at the end. What stays unresolved
 * xlp_visit_frame() refuses.
 */
static void prologues_resolve(struct place *place)
{
	unsigned int rounds;

	for (rounds = 0; rounds < 2 && xlp_is_hooked_return(place->at.pc); rounds++) {
		if (unexported_found(ftrace_graph_ret_addr))
			place->at.pc = unexported(ftrace_graph_ret_addr)
					(place->task, &place->graph, place->at.pc,
					 xlp_arch_graph_retp_below(place->at.sp));
		while (place->hooked && xlp_is_hooked_return(place->at.pc)) {
			place->at.pc = xlp_hooked_return(place->hooked);
			place->hooked = READ_ONCE(place->hooked->next);
		}
	}
}

/*
 * What a system call begins with has a frame of a random size, so that the stack is not the
 * same each time; KSTACK_OFFSET_MAX() and what it is rounded up by.
 */
#define RANDOM_PART	(0x3ff + 17)

/*
 * The lower end of the part of a frame that has a fixed size. Where the stack pointer may be
 * below that, fp tells, or that there is no room for more up to the top. If fp is lost, as
 * some function in between keeps it at some times only, it is enough to be in the one
 * outermost function that has such a frame, and as near to the top as it always is.
 */
static unsigned long prologues_base(const struct place *place, const struct xlp_layout *layout)
{
	unsigned long to_end = place->end - place->at.sp - layout->size;

	if (!layout->dynamic || !to_end)
		return place->at.sp;
	if (!layout->fp_is_end || layout->fp_written)
		return 0;
	if (place->fp_known)
		return place->at.fp - layout->size;
	return to_end <= RANDOM_PART && xlp_in_outermost_code(place->at.pc) ?
	       place->end - layout->size : 0;
}

/* What is known of the function around a return address, in one word: nobody sees half of it. */
union known {
	u64 word;
	struct {
		u64 at : 30;
		u64 size : 8;
		u64 ra : 8;
		u64 fp : 9;
		u64 dynamic : 1;
		u64 fp_is_end : 1;
		u64 fp_written : 1;
	};
};

/*
 * Of the kernel's image, whose functions stay what they are. To read the code of some twenty
 * functions again for each of thousands of tasks would take seconds.
 */
#define KNOWN_BITS	10
static u64 prologues_known[1 << KNOWN_BITS];

static u64 prologues_address_in_image(unsigned long pc)
{
	return (u32)pc / sizeof(u32);
}

static bool prologues_recall(struct xlp_layout *layout, unsigned long pc)
{
	union known known = { .word = READ_ONCE(prologues_known[hash_long(pc, KNOWN_BITS)]) };

	if (known.at != prologues_address_in_image(pc) || !known.size)
		return false;
	*layout = (struct xlp_layout){
		.size = known.size * XLP_STACK_ALIGN,
		.ra = known.ra * 8,
		.fp = (int)known.fp * 8 - 8,
		.dynamic = known.dynamic,
		.fp_is_end = known.fp_is_end,
		.fp_written = known.fp_written,
	};
	return true;
}

static void prologues_note(const struct xlp_layout *layout, unsigned long pc)
{
	union known known = {
		.at = prologues_address_in_image(pc),
		.size = layout->size / XLP_STACK_ALIGN,
		.ra = layout->ra / 8,
		.fp = layout->fp < 0 ? 0 : layout->fp / 8 + 1,
		.dynamic = layout->dynamic,
		.fp_is_end = layout->fp_is_end,
		.fp_written = layout->fp_written,
	};

	WRITE_ONCE(prologues_known[hash_long(pc, KNOWN_BITS)], known.word);
}

static bool prologues_layout(struct xlp_layout *layout, unsigned long pc)
{
	bool in_image = unexported(core_kernel_text)(pc);
	struct xlp_range function;

	if (in_image && prologues_recall(layout, pc))
		return true;
	function = xlp_symbol_around(pc - sizeof(u32));
	if (!xlp_layout_read(layout, (u32 *)function.start, (u32 *)function.end))
		return false;
	if (in_image)
		prologues_note(layout, pc);
	return true;
}

/*
 * Strictly upwards, so a corrupt chain has an end as well. KASAN's red zones lie on other
 * tasks' stacks; reading them is intended.
 */
static __no_sanitize_address bool prologues_to_caller(struct place *place)
{
	struct xlp_layout layout;
	unsigned long base;

	if (!prologues_layout(&layout, place->at.pc))
		return false;
	base = prologues_base(place, &layout);
	if (!IS_ALIGNED(base, XLP_STACK_ALIGN) || base < place->at.sp ||
	    base > place->end - layout.size)
		return false;
	place->at.sp = base + layout.size;
	place->at.pc = READ_ONCE_NOCHECK(*(unsigned long *)(base + layout.ra));
	if (layout.fp >= 0)
		place->at.fp = READ_ONCE_NOCHECK(*(unsigned long *)(base + layout.fp));
	place->fp_known = layout.fp >= 0 ||
			  (place->fp_known && !layout.fp_is_end && !layout.fp_written);
	prologues_resolve(place);
	return true;
}

/*
 * Is this where a task's first function was called from?
 *
 * Entry code calls with the stack pointer at the registers it has saved, at the top. Its own
 * address need not be in the kernel's image: exceptions enter in copies of it. The first idle
 * task came from code that is gone.
 */
static bool prologues_is_origin(const struct place *place)
{
	return place->at.sp == place->end ? xlp_in_entry_code(place->at.pc) :
	       is_idle_task(place->task) && xlp_in_init_text(place->at.pc);
}

int xlp_walk_prologues(struct task_struct *task,
		       bool (*visit)(void *data, unsigned long addr), void *data)
{
	struct place place = {
		.task = task,
		.at = task == current ? xlp_arch_own_registers() : xlp_arch_saved_registers(task),
		.fp_known = true,
		.end = (unsigned long)task_pt_regs(task),
		.hooked = xlp_hooked_returns(task),
	};
	struct xlp_walk walk = { task, visit, data };
	unsigned long from;

	if (!xlp_prologues_walkable())
		return -EOPNOTSUPP;
	while (xlp_visit_frame(&walk, place.at.pc)) {
		if (prologues_is_origin(&place))
			return place.hooked ? -EINVAL : 0;
		from = place.at.pc;
		if (xlp_in_entry_code(from) || !prologues_to_caller(&place))
			break;
		if (place.at.sp == place.end)
			return !place.hooked && xlp_in_outermost_code(from) ? 0 : -EINVAL;
	}
	return -EINVAL;
}

bool xlp_prologues_walkable(void)
{
	return xlp_text_found() && xlp_entry_code_found();
}
