// SPDX-License-Identifier: GPL-2.0
/*
 * scan.c - who may return into a patch
 *
 * The conservative way, for which nothing needs to be known about frames: a
 * task that is not running keeps everything it will ever return to, or jump to
 * from an interrupted place, in the live part of its stack and in the registers
 * that the context switch saved. Any word there that points into the code, or
 * one past its end (where a call that does not return leaves its return
 * address), counts; so does any in the task's lists of return addresses that
 * tracers have replaced by their own.
 *
 * A stack holds stale words too, in holes of live frames. So where a word speaks
 * against a task, the kernel's reliable stack walker is asked, if it has one: it
 * may clear the task by a complete list of return addresses.
 *
 * First every task is looked at while it is held still. Tasks that are running
 * are noted and looked at again with the machine stopped, when all have been
 * switched out; and so are the idle tasks, which are on no list.
 */
#define pr_fmt(fmt) "xlp: " fmt

#include <compat/module.h>
#include <compat/returns.h>
#include <compat/sched.h>
#include <compat/stacktrace.h>
#include <linux/cpumask.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/stop_machine.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "patch.h"
#include "scan.h"

/*
 * The code asked about. Its address is kept negated, so that xlp's own use of
 * it leaves nothing on a stack that looks like a return address.
 */
struct code {
	const struct xlp_live_patch *patch;
	unsigned long negated_start;
	unsigned long size;
};

struct scan {
	struct code code;
	struct xlp_returner *who;
	/* Tasks that could not be looked at while they ran. */
	struct task_struct **running;
	unsigned int nr_running;
	unsigned int max_running;
};

static struct code code_of(const struct xlp_live_patch *patch)
{
	struct xlp_range text = xlp_module_text(patch->decl->mod);

	return (struct code){ patch, -text.start, text.end - text.start };
}

/*
 * The entry of a new function is what handlers and trampolines leave on stacks.
 * It is no return address, and nobody is about to jump there any more: who was
 * between a handler's choice and the jump has been waited for as RCU tasks.
 */
static bool is_entry(unsigned long addr, const struct xlp_live_patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	xlp_for_each_object(patch, obj)
		xlp_for_each_func(obj, func)
			if ((unsigned long)func->decl->new_func == addr)
				return true;
	return false;
}

static bool may_return_by(unsigned long word, const struct code *code)
{
	word = xlp_arch_code_address(word);
	return word + code->negated_start <= code->size && !is_entry(word, code->patch);
}

/* KASAN's red zones lie on other tasks' stacks; reading them is intended. */
static __no_sanitize_address unsigned long
first_return(const unsigned long *word, const unsigned long *end,
	     const struct code *code)
{
	for (; word < end; word++) {
		unsigned long value = READ_ONCE_NOCHECK(*word);

		if (may_return_by(value, code))
			return xlp_arch_code_address(value);
	}
	return 0;
}

static unsigned long first_return_on_stack(struct task_struct *task,
					   const struct code *code)
{
	unsigned long low = (unsigned long)task_stack_page(task);
	unsigned long high = low + THREAD_SIZE;
	unsigned long sp = xlp_arch_saved_sp(task);
	unsigned long regs;

	if (sp < low || sp >= high)
		sp = low;
	sp = ALIGN_DOWN(sp, sizeof(long));
	/*
	 * What user space left in its registers is not ours to judge. Some tasks
	 * without PF_KTHREAD have no user space, and then perhaps no registers.
	 */
	regs = (unsigned long)task_pt_regs(task);
	if (!(task->flags & PF_KTHREAD) && regs > sp && regs < high)
		high = regs;
	return first_return((unsigned long *)sp, (unsigned long *)high, code);
}

static unsigned long first_hidden_return(const struct task_struct *task,
					 const struct code *code)
{
	const unsigned long *returns;
	struct llist_node *node;
	unsigned int words;

	for (node = xlp_hooked_returns(task); node; node = READ_ONCE(node->next))
		if (may_return_by(xlp_hooked_return(node), code))
			return xlp_hooked_return(node);
	returns = xlp_graph_returns(task, &words);
	return first_return(returns, returns + words, code);
}

static unsigned long first_switched_out(struct task_struct *task, const struct code *code)
{
	unsigned int words;
	const unsigned long *context = xlp_arch_saved_context(task, &words);

	return first_return(context, context + words, code);
}

static bool visit(void *data, unsigned long addr)
{
	return !may_return_by(addr, data);
}

static bool walker_clears(struct task_struct *task, struct scan *scan)
{
	return !xlp_arch_walk_stack(task, visit, &scan->code);
}

/* Look at a task that cannot be scheduled in or out meanwhile. */
static int look_at(struct task_struct *task, struct scan *scan)
{
	unsigned long addr;

	if (xlp_task_running(task))
		return -EAGAIN;
	addr = first_return_on_stack(task, &scan->code) ?:
	       first_switched_out(task, &scan->code) ?:
	       first_hidden_return(task, &scan->code);
	if (!addr || walker_clears(task, scan))
		return 0;
	scan->who->pid = task_pid_nr(task);
	memcpy(scan->who->comm, task->comm, TASK_COMM_LEN);
	scan->who->comm[TASK_COMM_LEN - 1] = '\0';
	scan->who->addr = addr;
	return -EBUSY;
}

static int look_at_pinned(struct task_struct *task, void *scan)
{
	return look_at(task, scan);
}

static int note_running(struct task_struct *task, struct scan *scan)
{
	if (scan->nr_running == scan->max_running)
		return -EAGAIN;
	get_task_struct(task);
	scan->running[scan->nr_running++] = task;
	return 0;
}

static int scan_task(struct task_struct *task, struct scan *scan)
{
	int err;

	/* A dead task whose stack is gone returns nowhere. */
	if (!try_get_task_stack(task))
		return 0;
	err = unexported(task_call_func)(task, look_at_pinned, scan);
	unexported(put_task_stack)(task);
	return err == -EAGAIN ? note_running(task, scan) : err;
}

/*
 * The list is walked under RCU, as tasklist_lock is not exported. A task that
 * joins it meanwhile has a fresh stack, on which the code cannot be.
 */
static int scan_listed_tasks(struct scan *scan)
{
	struct task_struct *group, *task;
	int err = 0;

	rcu_read_lock();
	for_each_process_thread(group, task) {
		err = scan_task(task, scan);
		if (err)
			goto out;
	}
out:
	rcu_read_unlock();
	return err;
}

/* Every task but the ones that stop the machine is switched out here. */
static int look_at_running(void *data)
{
	struct scan *scan = data;
	unsigned int i;
	int cpu, err;

	for (i = 0; i < scan->nr_running; i++) {
		struct task_struct *task = scan->running[i];

		if (!try_get_task_stack(task))
			continue;
		err = look_at(task, scan);
		unexported(put_task_stack)(task);
		if (err)
			return err;
	}
	/* No CPU comes or goes now; the idle task of one that is down starts anew. */
	for_each_online_cpu(cpu) {
		err = look_at(unexported(idle_task)(cpu), scan);
		if (err)
			return err;
	}
	return 0;
}

static struct scan *alloc_scan(const struct xlp_live_patch *patch, struct xlp_returner *who)
{
	struct scan *scan = kzalloc(sizeof(*scan), GFP_KERNEL);

	if (!scan)
		return NULL;
	scan->code = code_of(patch);
	scan->who = who;
	/* what runs on every CPU now, and some that swap in meanwhile */
	scan->max_running = 2 * nr_cpu_ids + 64;
	scan->running = kcalloc(scan->max_running, sizeof(*scan->running), GFP_KERNEL);
	if (scan->running)
		return scan;
	kfree(scan);
	return NULL;
}

static void free_scan(struct scan *scan)
{
	while (scan->nr_running)
		put_task_struct(scan->running[--scan->nr_running]);
	kfree(scan->running);
	kfree(scan);
}

int xlp_scan_tasks(const struct xlp_live_patch *patch, struct xlp_returner *who)
{
	struct scan *scan;
	int err;

	memset(who, 0, sizeof(*who));
	scan = alloc_scan(patch, who);
	if (!scan)
		return -EAGAIN;
	err = scan_listed_tasks(scan);
	if (!err)
		err = stop_machine(look_at_running, scan, NULL);
	free_scan(scan);
	return err;
}
