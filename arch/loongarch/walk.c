// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - walk stacks by what functions do to the stack pointer
 *
 * Kernels have no frame records here, and those without UNWINDER_ORC no tables either. But the
 * code of a function says how long its frame is (prologue.c).
 *
 * The kernel's own walker goes by that too, but takes the first instruction that looks right
 * and does not tell an end from being lost. Here a chain is believed only if it leads to the
 * very top of the stack, out of a function that entry code calls.
 *
 * A call needs the frame: where a task that was switched out will return to, it is there. What
 * an exception has interrupted may have none yet: the code that caught that is no function
 * of this kind, or no code of the kernel's image, and walks fail there.
 */
#include <asm/ptrace.h>
#include <compat/kallsyms.h>
#include <compat/returns.h>
#include <compat/sections.h>
#include <compat/text.h>
#include <compat/unexported.h>
#include <linux/align.h>
#include <linux/hash.h>
#include <linux/sched/task_stack.h>
#include <xlp/arch.h>
#include "prologue.h"

/**
 * struct place - how far a walk has come
 * @task:	whose stack it is
 * @pc:		the address the task will return to
 * @sp:		the stack pointer it will have there
 * @fp:		and fp
 * @fp_known:	or not
 * @end:	where the outermost function's frame ends
 * @hooked:	what return probes have replaced further out
 * @graph:	how far ftrace_graph_ret_addr() has come
 */
struct place {
	struct task_struct *task;
	unsigned long pc;
	unsigned long sp;
	unsigned long fp;
	bool fp_known;
	unsigned long end;
	struct llist_node *hooked;
	int graph;
};

/* __switch_to() returns there. */
static struct place innermost(struct task_struct *task)
{
	return (struct place){
		.pc = READ_ONCE(task->thread.reg01),
		.sp = READ_ONCE(task->thread.reg03),
		.fp = READ_ONCE(task->thread.reg22),
	};
}

/* Of the function that this is a part of, whose frame stays while it walks. */
static __always_inline struct place innermost_of_self(void)
{
	struct place place = { };

	asm volatile("pcaddi %0, 0\n\tmove %1, $sp\n\tmove %2, $fp"
		     : "=&r" (place.pc), "=&r" (place.sp), "=&r" (place.fp));
	return place;
}

/*
 * What tracers have replaced. The graph tracer notes where ftrace had the return address for
 * the time of its call, right below the traced function's frame. Return probes note no
 * place, but a task's are in the order of its frames, and ends_right() counts them. What
 * stays unresolved xlp_visit_frame() refuses.
 */
static void resolve(struct place *place)
{
	unsigned long retp = place->sp - sizeof(struct pt_regs) + offsetof(struct pt_regs, regs[1]);
	unsigned int rounds;

	for (rounds = 0; rounds < 2 && xlp_is_hooked_return(place->pc); rounds++) {
		if (unexported_found(ftrace_graph_ret_addr))
			place->pc = unexported(ftrace_graph_ret_addr)
					(place->task, &place->graph, place->pc,
					 (unsigned long *)retp);
		while (place->hooked && xlp_is_hooked_return(place->pc)) {
			place->pc = xlp_hooked_return(place->hooked);
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
static unsigned long fixed_part(const struct place *place, const struct xlp_layout *layout)
{
	unsigned long to_end = place->end - place->sp - layout->size;

	if (!layout->dynamic || !to_end)
		return place->sp;
	if (!layout->fp_is_end || layout->fp_written)
		return 0;
	if (place->fp_known)
		return place->fp - layout->size;
	return to_end <= RANDOM_PART && xlp_in_outermost_code(place->pc) ?
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
static u64 all_known[1 << KNOWN_BITS];

static u64 address_in_image(unsigned long pc)
{
	return (u32)pc / sizeof(u32);
}

static bool layout_recall(struct xlp_layout *layout, unsigned long pc)
{
	union known known = { .word = READ_ONCE(all_known[hash_long(pc, KNOWN_BITS)]) };

	if (known.at != address_in_image(pc) || !known.size)
		return false;
	*layout = (struct xlp_layout){
		.size = known.size * 16,
		.ra = known.ra * 8,
		.fp = (int)known.fp * 8 - 8,
		.dynamic = known.dynamic,
		.fp_is_end = known.fp_is_end,
		.fp_written = known.fp_written,
	};
	return true;
}

static void layout_note(const struct xlp_layout *layout, unsigned long pc)
{
	union known known = {
		.at = address_in_image(pc),
		.size = layout->size / 16,
		.ra = layout->ra / 8,
		.fp = layout->fp < 0 ? 0 : layout->fp / 8 + 1,
		.dynamic = layout->dynamic,
		.fp_is_end = layout->fp_is_end,
		.fp_written = layout->fp_written,
	};

	WRITE_ONCE(all_known[hash_long(pc, KNOWN_BITS)], known.word);
}

static bool layout_around(struct xlp_layout *layout, unsigned long pc)
{
	bool in_image = unexported(core_kernel_text)(pc);
	struct xlp_range function;

	if (in_image && layout_recall(layout, pc))
		return true;
	function = xlp_symbol_around(pc - sizeof(u32));
	if (!xlp_layout_read(layout, (u32 *)function.start, (u32 *)function.end))
		return false;
	if (in_image)
		layout_note(layout, pc);
	return true;
}

/*
 * Strictly upwards, so a corrupt chain has an end as well. KASAN's red zones lie on other
 * tasks' stacks; reading them is intended.
 */
static __no_sanitize_address bool to_caller(struct place *place)
{
	struct xlp_layout layout;
	unsigned long base;

	if (!layout_around(&layout, place->pc))
		return false;
	base = fixed_part(place, &layout);
	if (!IS_ALIGNED(base, 16) || base < place->sp || base > place->end - layout.size)
		return false;
	place->sp = base + layout.size;
	place->pc = READ_ONCE_NOCHECK(*(unsigned long *)(base + layout.ra));
	if (layout.fp >= 0)
		place->fp = READ_ONCE_NOCHECK(*(unsigned long *)(base + layout.fp));
	place->fp_known = layout.fp >= 0 ||
			  (place->fp_known && !layout.fp_is_end && !layout.fp_written);
	resolve(place);
	return true;
}

/*
 * Entry code calls with the stack pointer at the registers it has saved, at the top. Its own
 * address need not be in the kernel's image: exceptions enter in copies of it. The first idle
 * task came from code that is gone.
 */
static bool ends_right(const struct place *place, unsigned long from)
{
	return !place->hooked && xlp_in_outermost_code(from);
}

static bool is_first_frame(const struct place *place)
{
	return place->sp == place->end ? xlp_in_entry_code(place->pc) :
	       is_idle_task(place->task) && xlp_in_init_text(place->pc);
}

int xlp_walk_prologues(struct task_struct *task,
		       bool (*visit)(void *data, unsigned long addr), void *data)
{
	struct place place = task == current ? innermost_of_self() : innermost(task);
	struct xlp_walk walk = { task, visit, data };
	unsigned long from;

	if (!xlp_walks_prologues())
		return -EOPNOTSUPP;
	place.task = task;
	place.fp_known = true;
	place.end = (unsigned long)task_pt_regs(task);
	place.hooked = xlp_hooked_returns(task);
	while (xlp_visit_frame(&walk, place.pc)) {
		if (is_first_frame(&place))
			return place.hooked ? -EINVAL : 0;
		from = place.pc;
		if (xlp_in_entry_code(from) || !to_caller(&place))
			break;
		if (place.sp == place.end)
			return ends_right(&place, from) ? 0 : -EINVAL;
	}
	return -EINVAL;
}

bool xlp_walks_prologues(void)
{
	return xlp_text_found() && xlp_entry_code_found();
}
