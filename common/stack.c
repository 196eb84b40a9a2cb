// SPDX-License-Identifier: GPL-2.0
/*
 * stack.c - may a task be inside a set of code?
 *
 * First the conservative way, for which nothing needs to be known about frames:
 * a task that is not running keeps everything it will ever return to, or jump to
 * from an interrupted place, in the live part of its stack and in the registers
 * that the context switch saved. Any word there that leads into the code counts,
 * and so does any in the task's lists of return addresses that tracers have
 * replaced by their own. If none does, the task is clear, whatever its frames.
 *
 * A stack holds stale words too, in holes of live frames, and pointers to
 * functions. So where a word speaks against a task the walker is asked, if there
 * is one. It visits each address once and needs no table: a chain of calls can
 * be as long as the stack has room for.
 *
 * One place is not on the stack as an address in the code: the instruction that a
 * task was interrupted at, if a probe has moved it. An optimized kprobe, or one that
 * steps over the probed instruction without a trap, has a copy of a few instructions
 * of the function in generated code, and a task can be preempted there. So for tasks
 * that may have been preempted a word that leads into generated code counts as well.
 *
 * What has been found is kept negated. Whoever looks has a stack too, and would
 * find on it what it has found on others'.
 */
#include "log.h"

#include <compat/returns.h>
#include <compat/sched.h>
#include <linux/sched/task_stack.h>
#include <xlp/arch.h>
#include <xlp/stack.h>
#include "code.h"
#include "stack.h"

/* A test's way to an architecture without walker. */
atomic_t xlp_ignoring_walker = ATOMIC_INIT(0);

/* ---- the scan ---- */

/* Is an address what is looked for? */
typedef bool (*is_hit)(const void *data, unsigned long addr);

/* KASAN's red zones lie on other tasks' stacks; reading them is intended. */
static __always_inline __no_sanitize_address unsigned long
stack_hit_at(const unsigned long *word, is_hit hit, const void *data)
{
	unsigned long addr = xlp_arch_code_address(READ_ONCE_NOCHECK(*word));

	return hit(data, addr) ? -addr : 0;
}

/*
 * The address that was found first, negated; 0: none. Inlined with @hit a constant
 * function, so the loop holds no call. Four words at a time, as counting them takes
 * nearly as long as looking at them.
 */
static __always_inline __no_sanitize_address unsigned long
stack_first_hit(const unsigned long *word, unsigned long nr, is_hit hit, const void *data)
{
	unsigned long found = 0;

	for (; nr >= 4 && !found; nr -= 4, word += 4)
		found = stack_hit_at(word, hit, data) ?: stack_hit_at(word + 1, hit, data) ?:
			stack_hit_at(word + 2, hit, data) ?: stack_hit_at(word + 3, hit, data);
	for (; nr && !found; nr--, word++)
		found = stack_hit_at(word, hit, data);
	return found;
}

/*
 * What user space left in its registers is not ours to judge. Some tasks without
 * PF_KTHREAD have no user space, and then perhaps no registers.
 */
static __always_inline unsigned long
stack_first_hit_above(unsigned long sp, struct task_struct *task, is_hit hit, const void *data)
{
	unsigned long high = (unsigned long)task_stack_page(task) + THREAD_SIZE;
	unsigned long regs = (unsigned long)task_pt_regs(task);

	sp = ALIGN_DOWN(sp, sizeof(long));
	if (!(task->flags & PF_KTHREAD) && regs > sp && regs < high)
		high = regs;
	return stack_first_hit((unsigned long *)sp, (high - sp) / sizeof(long), hit, data);
}

static __always_inline unsigned long
stack_first_hit_on_stack(struct task_struct *task, is_hit hit, const void *data)
{
	unsigned long low = (unsigned long)task_stack_page(task);
	unsigned long sp = xlp_arch_saved_sp(task);

	if (sp < low || sp >= low + THREAD_SIZE)
		sp = low;
	return stack_first_hit_above(sp, task, hit, data);
}

static __always_inline unsigned long
stack_first_hit_hidden(const struct task_struct *task, is_hit hit, const void *data)
{
	const unsigned long *returns;
	struct llist_node *node;
	unsigned int words;

	for (node = xlp_hooked_returns(task); node; node = READ_ONCE(node->next))
		if (hit(data, xlp_hooked_return(node)))
			return -xlp_hooked_return(node);
	returns = xlp_graph_returns(task, &words);
	return stack_first_hit(returns, words, hit, data);
}

static __always_inline unsigned long
stack_scan(struct task_struct *task, is_hit hit, const void *data)
{
	unsigned int words;
	const unsigned long *context = xlp_arch_saved_context(task, &words);

	return stack_first_hit_on_stack(task, hit, data) ?:
	       stack_first_hit(context, words, hit, data) ?:
	       stack_first_hit_hidden(task, hit, data);
}

/* ---- generated code ---- */

/* Most of what looks like an address on a stack is one of the stack. */
static bool stack_in_generated_code(const void *data, unsigned long addr)
{
	const struct task_struct *task = data;

	return addr - (unsigned long)task_stack_page(task) >= THREAD_SIZE &&
	       xlp_in_generated_code(addr);
}

/*
 * Where a task may have been interrupted, negated; 0: not there. Not in the lists of
 * replaced addresses, as calls from there return to compiled code.
 */
static unsigned long stack_scan_for_generated(struct task_struct *task)
{
	if (!xlp_task_ready(task))
		return 0;
	return stack_first_hit_on_stack(task, stack_in_generated_code, task);
}

/* ---- both stages ---- */

/* What speaks against a task, negated; 0: nothing. */
static __always_inline unsigned long
stack_first_reason(struct task_struct *task, is_hit hit, const struct xlp_code *code)
{
	return stack_scan(task, hit, code) ?: stack_scan_for_generated(task);
}

static __always_inline bool stack_in_code(const void *code, unsigned long addr)
{
	return xlp_code_has(code, addr);
}

static __always_inline bool stack_in_code_but_entries(const void *code, unsigned long addr)
{
	return xlp_code_has_but_entries(code, addr);
}

struct stack_walk {
	const struct xlp_code *code;
	unsigned long negated_last;
	bool inside;
};

static bool stack_visit_frame(void *data, unsigned long addr)
{
	struct stack_walk *walk = data;

	walk->negated_last = -addr;
	walk->inside = xlp_code_has(walk->code, addr);
	return !walk->inside;
}

/* The walker's word on what the scan has found, negated. */
static struct xlp_stack_verdict stack_judge(struct task_struct *task, const struct xlp_code *code,
					    unsigned long found)
{
	struct stack_walk walk = { .code = code };
	int err = atomic_read(&xlp_ignoring_walker) ? -EOPNOTSUPP :
		  xlp_arch_walk_stack(task, stack_visit_frame, &walk);

	if (walk.inside)
		return (struct xlp_stack_verdict){ XLP_STACK_INSIDE, walk.negated_last };
	if (err == -EOPNOTSUPP)
		return (struct xlp_stack_verdict){ XLP_STACK_MAYBE, found };
	if (err && walk.negated_last)
		found = walk.negated_last;
	if (err)
		return (struct xlp_stack_verdict){ XLP_STACK_UNRELIABLE, found };
	return (struct xlp_stack_verdict){ XLP_STACK_CLEAR };
}

/* No walk has told what the scan has found, but it may be nothing but entries. */
static bool stack_may_be_entries(const struct xlp_stack_verdict *verdict,
				 const struct xlp_code *code)
{
	return code->nr_entries && (verdict->state == XLP_STACK_MAYBE ||
				    verdict->state == XLP_STACK_UNRELIABLE);
}

struct xlp_stack_verdict xlp_stack_check(struct task_struct *task,
					 const struct xlp_code *code)
{
	struct xlp_stack_verdict verdict;
	unsigned long found;

	if (xlp_task_running(task))
		return (struct xlp_stack_verdict){ XLP_STACK_RUNNING };
	/* Switched out for the last time; what its stack still holds is history. */
	if (READ_ONCE(task->__state) == TASK_DEAD)
		return (struct xlp_stack_verdict){ XLP_STACK_CLEAR };
	found = stack_first_reason(task, stack_in_code, code);
	if (!found)
		return (struct xlp_stack_verdict){ XLP_STACK_CLEAR };
	verdict = stack_judge(task, code, found);
	if (stack_may_be_entries(&verdict, code) &&
	    !stack_first_reason(task, stack_in_code_but_entries, code))
		return (struct xlp_stack_verdict){ XLP_STACK_CLEAR };
	return verdict;
}

/* The registers hold nothing that who calls the owner of @sp will not have saved. */
static __always_inline unsigned long
scan_self(unsigned long sp, is_hit hit, const void *data)
{
	return stack_first_hit_above(sp, current, hit, data) ?:
	       stack_first_hit_hidden(current, hit, data);
}

struct xlp_stack_verdict xlp_stack_check_self(const struct xlp_code *code)
{
	unsigned long sp = (unsigned long)__builtin_frame_address(0);
	unsigned long found = scan_self(sp, stack_in_code, code);
	struct xlp_stack_verdict verdict;

	if (!found)
		return (struct xlp_stack_verdict){ XLP_STACK_CLEAR };
	verdict = stack_judge(current, code, found);
	if (stack_may_be_entries(&verdict, code) && !scan_self(sp, stack_in_code_but_entries, code))
		return (struct xlp_stack_verdict){ XLP_STACK_CLEAR };
	return verdict;
}

/* ---- for tests and porters ---- */

struct stack_request {
	xlp_visit_address visit;
	void *data;
};

static bool stack_visit_word(const void *data, unsigned long addr)
{
	const struct stack_request *request = data;

	return !request->visit(request->data, addr);
}

static int stack_scan_held(struct task_struct *task, void *request)
{
	if (xlp_task_running(task))
		return -EAGAIN;
	stack_scan(task, stack_visit_word, request);
	return 0;
}

static int stack_walk_held(struct task_struct *task, void *data)
{
	const struct stack_request *request = data;

	if (xlp_task_running(task))
		return -EAGAIN;
	return xlp_arch_walk_stack(task, request->visit, request->data);
}

/* Call a function with a task's stack kept and the task itself held still. */
static int stack_with_held(struct task_struct *task, task_call_f look,
			   struct stack_request *request)
{
	int err;

	if (!try_get_task_stack(task))
		return -ESRCH;
	err = unexported(task_call_func)(task, look, request);
	unexported(put_task_stack)(task);
	return err;
}

int xlp_scan_stack(struct task_struct *task, xlp_visit_address visit, void *data)
{
	return stack_with_held(task, stack_scan_held, &(struct stack_request){ visit, data });
}
EXPORT_SYMBOL_GPL(xlp_scan_stack);

int xlp_walk_stack(struct task_struct *task, xlp_visit_address visit, void *data)
{
	return stack_with_held(task, stack_walk_held, &(struct stack_request){ visit, data });
}
EXPORT_SYMBOL_GPL(xlp_walk_stack);

void xlp_saved_registers(const struct task_struct *task, struct xlp_saved *saved)
{
	saved->sp = xlp_arch_saved_sp(task);
	saved->context = xlp_arch_saved_context(task, &saved->words);
}
EXPORT_SYMBOL_GPL(xlp_saved_registers);
