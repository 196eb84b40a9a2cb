// SPDX-License-Identifier: GPL-2.0
/* xlp_test_walk_look.c - looks at stacks, and what is to be seen there */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <asm/stacktrace.h>

#include <xlp/stack.h>

#include "arch.h"
#include "xlp_test_walk.h"

/* Half a millisecond after each other, or more. */
#define LOOK_TRIES	2000

struct xw_look xw_look;
ulong xw_boot_code;

static bool keep_walked(void *data, unsigned long addr)
{
	struct xw_look *look = data;

	if (look->walked < XW_MAX_WORDS)
		look->walk[look->walked++] = addr;
	return true;
}

static bool keep_scanned(void *data, unsigned long addr)
{
	struct xw_look *look = data;

	if (look->scanned < XW_MAX_WORDS)
		look->scan[look->scanned++] = addr;
	return true;
}

void xw_look_at(struct task_struct *task)
{
	xw_look.walked = 0;
	xw_look.scanned = 0;
	xw_look.walk_err = xlp_walk_stack(task, keep_walked, &xw_look);
	xw_look.scan_err = xlp_scan_stack(task, keep_scanned, &xw_look);
}

/*
 * Who has said that it goes to sleep may be preempted before it does, and is on a runqueue then.
 * So may be who sleeps, on kernels that are in no hurry to take it off: but not for long.
 */
static bool look_is_asleep(struct task_struct *task, unsigned int tries_left)
{
	return !task_is_running(task) &&
	       (!READ_ONCE(task->on_rq) || tries_left < LOOK_TRIES / 2);
}

void xw_look_when_asleep(struct task_struct *task)
{
	unsigned int tries = LOOK_TRIES;

	do {
		if (look_is_asleep(task, tries)) {
			xw_look_at(task);
			if (xw_look.walk_err != -EAGAIN && xw_look.scan_err != -EAGAIN)
				return;
		}
		usleep_range(500, 1000);
	} while (tries--);
}

/* ---- is a chain to be seen? ---- */

bool xw_is_in(unsigned long addr, const char *function)
{
	char name[KSYM_SYMBOL_LEN];
	size_t length = strlen(function);

	sprint_symbol_no_offset(name, addr);
	return !strncmp(name, function, length) && (!name[length] || name[length] == ' ');
}

static bool is_frame(const struct xw_frames *expected, unsigned int i, unsigned long addr)
{
	return expected->in[i] ? xw_is_in(addr, expected->in[i]) : expected->addr[i] == addr;
}

/* All of them in the right order; the walk begins with the innermost. */
static bool walk_shows(const struct xw_frames *expected, unsigned int *missing)
{
	unsigned int i = expected->n, at = 0;

	while (i--) {
		while (at < xw_look.walked && !is_frame(expected, i, xw_look.walk[at]))
			at++;
		*missing = i;
		if (at++ == xw_look.walked)
			return false;
	}
	return true;
}

static unsigned int times_expected(const struct xw_frames *expected, unsigned int of)
{
	unsigned int i, n = 0;

	for (i = 0; i < expected->n; i++)
		n += expected->in[i] == expected->in[of] && expected->addr[i] == expected->addr[of];
	return n;
}

static bool scan_shows(const struct xw_frames *expected, unsigned int *missing)
{
	unsigned int i, at, n;

	for (i = 0; i < expected->n; i++) {
		if (i && expected->addr[i] && expected->addr[i] == expected->addr[i - 1])
			continue;
		for (at = 0, n = 0; at < xw_look.scanned; at++)
			n += is_frame(expected, i, xw_look.scan[at]);
		*missing = i;
		if (n < times_expected(expected, i))
			return false;
	}
	return true;
}

/* Return: NULL if what was seen is consistent with the chain, or why not. */
const char *xw_judge(const struct xw_frames *expected)
{
	static char why[160];
	unsigned int missing;

	if (xw_look.scan_err)
		snprintf(why, sizeof(why), "the scan gave %d", xw_look.scan_err);
	else if (!scan_shows(expected, &missing))
		snprintf(why, sizeof(why), "the scan of %u words misses frame %u, %pS",
			 xw_look.scanned, missing, (void *)expected->addr[missing]);
	else if (xw_look.walk_err && xw_look.walk_err != -EINVAL)
		snprintf(why, sizeof(why), "the walk gave %d", xw_look.walk_err);
	else if (!xw_look.walk_err && !walk_shows(expected, &missing))
		snprintf(why, sizeof(why), "the walk succeeded without frame %u of %u, %pS%s",
			 missing, expected->n, (void *)expected->addr[missing],
			 expected->in[missing] ?: "");
	else
		return NULL;
	return why;
}

/* What tracers and probes put in place of a return address: their own code. */
static unsigned long hooks[4];

static void keep_hook(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (!hooks[i])
			hooks[i] = addr;
		if (hooks[i] == addr)
			return;
	}
}

static unsigned int hooked(const struct xw_frames *expected, const struct xw_frames *live)
{
	unsigned int i, n = 0;

	for (i = 0; i < expected->n && i < live->n; i++) {
		if (expected->in[i] || expected->addr[i] == live->addr[i])
			continue;
		keep_hook(live->addr[i]);
		n++;
	}
	return n;
}

static void show_verdict(struct seq_file *m)
{
	if (xw_look.walk_err && xw_look.walked)
		seq_printf(m, "unreliable after %u addresses, at %pS", xw_look.walked,
			   (void *)xw_look.walk[xw_look.walked - 1]);
	else if (xw_look.walk_err)
		seq_puts(m, "unreliable from the start");
	else
		seq_printf(m, "resolved, %u addresses", xw_look.walked);
}

void xw_show_chain(struct seq_file *m, const struct xw_frames *expected,
		   const struct xw_chain *chain)
{
	const char *why = chain->why_not ? NULL : xw_judge(expected);

	if (chain->why_not) {
		seq_printf(m, "skip: %s\n", chain->why_not);
		return;
	}
	if (why) {
		seq_printf(m, "FAIL: %s\n", why);
		return;
	}
	show_verdict(m);
	seq_printf(m, ", %u frames known, %u hooked, %u words scanned\n", expected->n,
		   hooked(expected, &chain->live), xw_look.scanned);
}

/* ---- every task ---- */

struct census {
	unsigned int tasks;
	unsigned int resolved;
	unsigned int frames;
	unsigned int unreliable;
	unsigned int gone;
	unsigned int running;
	char why[160];
};

bool xw_scanned(unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < xw_look.scanned; i++)
		if (xw_look.scan[i] == addr)
			return true;
	return false;
}

static void check_frames(struct census *census, struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < xw_look.walked; i++)
		if (!xw_scanned(xw_look.walk[i]) && !census->why[0])
			snprintf(census->why, sizeof(census->why),
				 "%s/%d: the walk shows %pS, the scan of %u words does not",
				 task->comm, task->pid, (void *)xw_look.walk[i],
				 xw_look.scanned);
}

/* Walk and scan are two looks: between them the task must not have run. */
static bool look_twice(struct task_struct *task)
{
	unsigned int tries = 20;
	unsigned long before;

	do {
		before = READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw);
		xw_look_at(task);
		if (xw_look.walk_err != -EAGAIN && xw_look.scan_err != -EAGAIN &&
		    before == READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw))
			return true;
		usleep_range(500, 1000);
	} while (tries--);
	return false;
}

static void count_task(struct census *census, struct task_struct *task)
{
	census->tasks++;
	if (!look_twice(task)) {
		census->running++;
	} else if (xw_look.scan_err == -ESRCH || xw_look.walk_err == -ESRCH) {
		census->gone++;
	} else if (xw_look.walk_err == -EINVAL) {
		census->unreliable++;
		pr_info("xlp_test_walk: %s/%d unreliable after %u at %pS\n", task->comm,
			task->pid, xw_look.walked,
			xw_look.walked ? (void *)xw_look.walk[xw_look.walked - 1] : NULL);
	} else if (xw_look.walk_err || xw_look.scan_err) {
		snprintf(census->why, sizeof(census->why), "%s/%d: walk %d, scan %d", task->comm,
			 task->pid, xw_look.walk_err, xw_look.scan_err);
	} else {
		census->resolved++;
		census->frames += xw_look.walked;
		check_frames(census, task);
	}
}

#define MOST_TASKS	2048

static unsigned int hold_tasks(struct task_struct **tasks)
{
	struct task_struct *group, *task;
	unsigned int n = 0;

	rcu_read_lock();
	for_each_process_thread(group, task) {
		if (n == MOST_TASKS)
			goto out;
		if (task != current)
			tasks[n++] = get_task_struct(task);
	}
out:
	rcu_read_unlock();
	return n;
}

void xw_tasks(struct seq_file *m)
{
	struct task_struct **tasks = kcalloc(MOST_TASKS, sizeof(*tasks), GFP_KERNEL);
	struct census census = { };
	unsigned int i, n;

	if (!tasks) {
		seq_puts(m, "FAIL: out of memory\n");
		return;
	}
	n = hold_tasks(tasks);
	for (i = 0; i < n; i++) {
		count_task(&census, tasks[i]);
		put_task_struct(tasks[i]);
	}
	kfree(tasks);
	if (census.why[0])
		seq_printf(m, "FAIL: %s\n", census.why);
	else
		seq_printf(m, "resolved, %u tasks: %u resolved with %u frames, %u unreliable, %u without a stack, %u always running\n",
			   census.tasks, census.resolved, census.frames, census.unreliable,
			   census.gone, census.running);
}

/* ---- idle tasks ---- */

static void note_idle(void *data)
{
	struct task_struct **task = data;

	if (is_idle_task(current))
		*task = current;
}

/* An idle task is seen from another CPU; on the only one it is that which booted. */
static struct task_struct *idle_of(unsigned int cpu)
{
	unsigned int other = cpumask_any_but(cpu_online_mask, cpu), tries = 500;
	struct task_struct *task = NULL;

	if (other >= nr_cpu_ids)
		return &init_task;
	set_cpus_allowed_ptr(current, cpumask_of(other));
	do {
		smp_call_function_single(cpu, note_idle, &task, 1);
		usleep_range(1000, 2000);
	} while (!task && tries--);
	return task;
}

/*
 * Has @look called on each CPU for its idle task, which does not run while that does; NULL if
 * the CPU has none that is ever idle. Return: 0, or -ENOMEM, which @m says.
 */
static int on_each_idle(struct seq_file *m,
			void (*look)(void *data, unsigned int cpu, struct task_struct *task),
			void *data)
{
	struct task_struct *task;
	cpumask_var_t allowed;
	unsigned int cpu;

	if (!alloc_cpumask_var(&allowed, GFP_KERNEL)) {
		seq_puts(m, "FAIL: out of memory\n");
		return -ENOMEM;
	}
	cpumask_copy(allowed, current->cpus_ptr);
	for_each_online_cpu(cpu) {
		/* It is found from another CPU. */
		task = idle_of(cpu);
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		look(data, cpu, task);
	}
	set_cpus_allowed_ptr(current, allowed);
	free_cpumask_var(allowed);
	return 0;
}

static void count_idle(void *data, unsigned int cpu, struct task_struct *task)
{
	struct census *census = data;

	if (task)
		count_task(census, task);
	else
		snprintf(census->why, sizeof(census->why), "CPU %u is never idle", cpu);
}

void xw_idle(struct seq_file *m)
{
	struct census census = { };

	if (on_each_idle(m, count_idle, &census))
		return;
	if (census.why[0])
		seq_printf(m, "FAIL: %s\n", census.why);
	else
		seq_printf(m, "%s, %u tasks: %u resolved with %u frames, %u always running\n",
			   census.resolved == census.tasks ? "resolved" : "unreliable",
			   census.tasks, census.resolved, census.frames, census.running);
}

/* ---- tasks that do not run any more ---- */

pid_t xw_zombie_pid;

static void look_until_gone(struct seq_file *m, struct task_struct *task)
{
	unsigned int tries = 2000;

	do {
		xw_look_at(task);
		if (xw_look.walk_err == -ESRCH && xw_look.scan_err == -ESRCH) {
			seq_puts(m, "no stack any more\n");
			return;
		}
		usleep_range(500, 1000);
	} while (tries--);
	seq_printf(m, "FAIL: walk gives %d, scan %d\n", xw_look.walk_err, xw_look.scan_err);
}

void xw_zombie(struct seq_file *m)
{
	struct pid *pid = find_get_pid(xw_zombie_pid);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);

	put_pid(pid);
	if (!task) {
		seq_printf(m, "FAIL: no task %d\n", xw_zombie_pid);
		return;
	}
	if (READ_ONCE(task->exit_state) != EXIT_ZOMBIE)
		seq_puts(m, "FAIL: not a zombie\n");
	else
		look_until_gone(m, task);
	put_task_struct(task);
}

/* A kernel thread reaps itself. */
void xw_exiting(struct seq_file *m)
{
	static struct xw_chain chain;
	struct task_struct *task;

	xw_prepare(&chain, &xw_plain, xw_end_sleep);
	task = xw_start(&chain, -1);
	if (IS_ERR(task)) {
		seq_puts(m, "FAIL: no thread\n");
		return;
	}
	get_task_struct(task);
	wait_for_completion(&chain.there);
	xw_finish(&chain);
	look_until_gone(m, task);
	put_task_struct(task);
}

/* ---- tasks that have not run yet: caught when they are about to be woken ---- */

struct newborn {
	bool seen;
	int walk_err;
	int scan_err;
	unsigned int walked;
	unsigned long first;
};

static struct newborn newborns[2];	/* of user space, of the kernel */

static void catch_newborn(void *data, struct task_struct *parent, struct task_struct *task)
{
	struct newborn *child = &newborns[!!(task->flags & PF_KTHREAD)];

	if (child->seen)
		return;
	child->seen = true;
	xw_look_at(task);
	child->walk_err = xw_look.walk_err;
	child->scan_err = xw_look.scan_err;
	child->walked = xw_look.walked;
	child->first = xw_look.walked ? xw_look.walk[0] : 0;
}

static struct tracepoint *birth;

static void find_birth(struct tracepoint *point, void *data)
{
	if (!strcmp(point->name, "sched_process_fork"))
		birth = point;
}

static bool birth_armed;

int xw_arm_never_ran(bool on)
{
	int err = 0;

	if (on == birth_armed)
		return 0;
	if (on) {
		memset(newborns, 0, sizeof(newborns));
		for_each_kernel_tracepoint(find_birth, NULL);
		err = birth ? tracepoint_probe_register(birth, catch_newborn, NULL) :
			      -EOPNOTSUPP;
	} else {
		tracepoint_probe_unregister(birth, catch_newborn, NULL);
		tracepoint_synchronize_unregister();
	}
	if (!err)
		birth_armed = on;
	return err;
}

static const char *newborn_verdict(const struct newborn *child)
{
	if (!child->seen)
		return "not seen";
	if (child->scan_err)
		return "scan failed";
	if (!child->walk_err)
		return "resolved";
	return child->walk_err == -EINVAL ? "unreliable" : "walk failed";
}

void xw_never_ran(struct seq_file *m)
{
	const char *user, *kernel;

	xw_arm_never_ran(false);
	user = newborn_verdict(&newborns[0]);
	kernel = newborn_verdict(&newborns[1]);
	if (strcmp(user, kernel))
		seq_puts(m, "FAIL: ");
	else
		seq_printf(m, "%s, ", user);
	seq_printf(m, "forked: %s after %u at %pS, kernel thread: %s after %u at %pS\n",
		   user, newborns[0].walked, (void *)newborns[0].first,
		   kernel, newborns[1].walked, (void *)newborns[1].first);
}

/* ---- corrupt chains ---- */

/* KASAN's red zones lie on other tasks' stacks; touching them is intended. */
static __no_sanitize_address unsigned long read_stack(const unsigned long *word)
{
	return READ_ONCE_NOCHECK(*word);
}

static noinline __no_sanitize_address void write_stack(unsigned long *word,
						       unsigned long value)
{
	WRITE_ONCE(*word, value);
}

static unsigned long *place_of(struct task_struct *task, unsigned long addr)
{
	unsigned long *low = task_stack_page(task);
	unsigned long *word = (void *)low + THREAD_SIZE;

	while (--word > low)
		if (XT_RETURN_ADDRESS(read_stack(word)) == addr)
			return word;
	return NULL;
}

struct corruption {
	struct task_struct *task;
	const struct xw_frames *expected;
	unsigned int walks;
	unsigned int resolved;
	const char *why;
};

static void overwrite(struct corruption *c, unsigned long *word, unsigned long bad)
{
	unsigned long good = read_stack(word);

	if (c->why)
		return;
	write_stack(word, bad);
	xw_look_at(c->task);
	write_stack(word, good);
	c->walks++;
	if (!xw_look.walk_err)
		c->resolved++;
	xw_look.scan_err = 0;
	if (!xw_look.walk_err || xw_look.walk_err != -EINVAL) {
		unsigned int missing;

		if (xw_look.walk_err || !walk_shows(c->expected, &missing))
			c->why = "a corrupt chain was walked to its end";
	}
}

static void corrupt_return(struct corruption *c, unsigned long *word)
{
	unsigned int i;

	overwrite(c, word, 0);
	overwrite(c, word, 1);
	overwrite(c, word, ~0UL);
	overwrite(c, word, (unsigned long)word);
	overwrite(c, word, (unsigned long)&xw_look);
	/* Its memory may be a stack by now, this very one, too. */
	overwrite(c, word, xw_boot_code);
	/* of whom nobody knows what they have replaced */
	for (i = 0; i < ARRAY_SIZE(hooks) && hooks[i]; i++)
		overwrite(c, word, hooks[i]);
}

#ifdef XT_LINK_AT
/* In the same frame as the return address. */
static void corrupt_link(struct corruption *c, unsigned long *return_word)
{
	unsigned long *word = return_word + XT_LINK_AT;
	unsigned long low = (unsigned long)task_stack_page(c->task);

	overwrite(c, word, 0);
	overwrite(c, word, 1);
	overwrite(c, word, ~0UL);
	overwrite(c, word, read_stack(word) + 4);
	overwrite(c, word, (unsigned long)word - XT_LINK_OFFSET);
	overwrite(c, word, low + 64);
	overwrite(c, word, low - 64);
	overwrite(c, word, low + THREAD_SIZE);
	overwrite(c, word, low + THREAD_SIZE - 8);
	overwrite(c, word, (unsigned long)__builtin_frame_address(0));
	overwrite(c, word, (unsigned long)&xw_look);
#ifdef XT_LAST_LINK
	overwrite(c, word, XT_LAST_LINK(c->task));
#endif
}
#endif

static void corrupt_frames(struct corruption *c,
			   void (*corrupt)(struct corruption *c, unsigned long *word))
{
	unsigned int i;

	for (i = 0; i < c->expected->n && !c->why; i++) {
		unsigned long *word = place_of(c->task, c->expected->addr[i]);

		if (word)
			corrupt(c, word);
		else
			c->why = "a return address is not on the stack";
	}
}

static void show_corruptions(struct seq_file *m, const struct corruption *c)
{
	if (c->why)
		seq_printf(m, "FAIL: %s (attempt %u, %u addresses)\n", c->why, c->walks,
			   xw_look.walked);
	else
		seq_printf(m, "unreliable, %u corruptions, %u of them without effect\n",
			   c->walks, c->resolved);
}

static void corrupt_chain(struct seq_file *m,
			  void (*corrupt)(struct corruption *c, unsigned long *word))
{
	static struct xw_chain chain;
	struct corruption c = { .expected = xw_alloca.expected };

	c.task = xw_start_sleeper(m, &chain, &xw_alloca);
	if (!c.task)
		return;
	xw_look_when_asleep(c.task);
	corrupt_frames(&c, corrupt);
	xw_finish(&chain);
	show_corruptions(m, &c);
}

void xw_corrupt_returns(struct seq_file *m)
{
	corrupt_chain(m, corrupt_return);
}

#ifdef XT_LINK_AT
void xw_corrupt_links(struct seq_file *m)
{
	corrupt_chain(m, corrupt_link);
}
#else
void xw_corrupt_links(struct seq_file *m)
{
	seq_puts(m, "skip: " XT_NO_LINK "\n");
}
#endif

#ifdef XT_LAST_LINK
/* Earlier calls may have left the same address: what lies beside that is no link. */
static void leave_out_frames(struct corruption *c, unsigned long addr)
{
	unsigned long *low = task_stack_page(c->task);
	unsigned long *word = (void *)low + THREAD_SIZE;

	while (--word > low)
		if (XT_RETURN_ADDRESS(read_stack(word)) == addr)
			overwrite(c, word + XT_LINK_AT, XT_LAST_LINK(c->task));
}

static void leave_out_frames_of_idle(void *data, unsigned int cpu, struct task_struct *task)
{
	static struct xw_frames frames;
	struct corruption *c = data;
	unsigned int failed = c->walks - c->resolved, i;

	if (!task)
		c->why = "a CPU is never idle";
	if (c->why)
		return;
	c->task = task;
	xw_look_at(task);
	if (xw_look.walk_err || xw_look.walked > XW_MAX_FRAMES) {
		c->why = "an idle task is unreliable";
		return;
	}
	/* where it goes on is in a register */
	frames.n = xw_look.walked - 1;
	for (i = 0; i < frames.n; i++)
		frames.addr[i] = xw_look.walk[frames.n - i];
	c->expected = &frames;
	for (i = 0; i < frames.n; i++)
		leave_out_frames(c, frames.addr[i]);
	/* but for the one that leads to the last frame as it is */
	if (!c->why && c->walks - c->resolved - failed < frames.n - 1)
		c->why = "a link is not where it is looked for";
}

void xw_idle_links(struct seq_file *m)
{
	struct corruption c = { };

	if (!on_each_idle(m, leave_out_frames_of_idle, &c))
		show_corruptions(m, &c);
}
#else
void xw_idle_links(struct seq_file *m)
{
	seq_puts(m, "skip: " XT_NO_LAST_LINK "\n");
}
#endif
