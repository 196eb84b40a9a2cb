// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_world.c - the checker: which version of a member may run now?
 *
 * The controller, a test script, tells the phase: FROM TO. While a patch is
 * being switched FROM is the version to be left and TO the one to come;
 * otherwise both are the one that is in effect. Each write begins a new phase.
 * Each member tells the version that is running, each caller remembers what it
 * knew before the call, and a violation is counted, with the first ones kept.
 *
 * Order. The controller stores the phase with release before it asks for a
 * switch and after the switch has been reported as complete. A caller loads it
 * with acquire before the call, the member again after it has been entered.
 *  - Whoever loads "complete" before a call makes the call, and xlp's lookup of
 *    the new function in it, after that load, and so after all that enabling
 *    did. If it reaches an old function all the same, xlp has lost a call.
 *  - Whoever runs in a new function got there by xlp's acquire load of the
 *    target, which was published after the phase had been told. Its load of the
 *    phase comes later and cannot give the phase before the switch.
 *  - Two equal loads, before the call and inside, mean that nothing was told in
 *    between: every write begins a phase with a number of its own.
 * A switch that goes task by task is complete when xlp says that no task is left,
 * not when the request for it has returned; the two loads then mean the same.
 * The member @met works alike: stored with release by whoever has seen the new
 * world, loaded with acquire before a call.
 *
 * Some models switch tasks one by one. Their promise not to go back is one to each
 * task, whatever it calls from, and an interrupt belongs to the task that it
 * interrupts. So what counts then is what this task has seen, by a table beside the
 * tasks: two work items of one worker, and a timer that comes meanwhile, are one.
 *
 * No locks are taken and nothing is written that CPUs share, unless there is a
 * violation: a checker that serialises its callers hides the races it looks for.
 * (In the table tasks are neighbours, and each writes once in a switch.)
 */
#define pr_fmt(fmt) "xlp_test_world: " fmt

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/threads.h>

#include "xlp_test_world.h"

/* How long a member lingers, so that there is somebody to be met inside. */
#define LINGER_US	20
#define LINGERS_PER_YIELD	8
/* Records kept of each violation. */
#define RECORDS		4

/*
 * What can go wrong:
 *  STACK	a member ran in another version than one that was on the stack
 *  INTERRUPT	members ran in different versions within one interrupt
 *  BACK	a caller, or a task, that had been in the new world came back into
 *		the old one though nothing was reversed
 *  INSTANT	a call reached the old world after somebody had seen the new one
 *  START	a version began to run that the phase does not allow: an old one
 *		after completion, a new one before the start
 *  CALL	the same for a call that was made in that phase, too; only this is
 *		left when tasks may still be on their way into an old function
 *  REFUSED	switching was refused, but somebody saw the new world
 */
#define XW_VIOLATIONS(X)						\
	X(STACK, mixed_on_stack) X(INTERRUPT, mixed_in_interrupt)	\
	X(BACK, back_in_old_world) X(INSTANT, not_at_one_instant)	\
	X(START, started_in_wrong_phase) X(CALL, called_in_wrong_phase)	\
	X(REFUSED, refused_yet_seen)

#define XW_VIOLATION_ID(id, name)	XW_##id,
enum xw_violation {
	XW_VIOLATIONS(XW_VIOLATION_ID)
	XW_NR_VIOLATIONS
};

static const char * const violation_name[] = { XW_VIOLATIONS(XW_NAME) };
static const char * const context_name[] = { XW_CONTEXTS(XW_NAME) };
static const char * const func_name[] = { XW_MEMBERS(XW_NAME) XW_NOTIFY(XW_NAME) };

#define XW_ALL_VIOLATIONS	GENMASK(XW_NR_VIOLATIONS - 1, 0)

/* What each model promises to exclude, and whether it is tasks that go BACK. */
static const struct {
	const char *name;
	unsigned long excludes;
	bool by_task;
} models[] = {
	{ "immediate", BIT(XW_CALL) | BIT(XW_REFUSED) },
	{ "stop", XW_ALL_VIOLATIONS },
	{ "per-task", XW_ALL_VIOLATIONS & ~BIT(XW_INSTANT), .by_task = true },
};

struct counts {
	unsigned long of_context[XW_NR_CONTEXTS][XW_VERSIONS];
	unsigned long of_func[XW_NR_FUNCS][XW_VERSIONS];
	/* while a patch was being switched */
	unsigned long switching[XW_NR_CONTEXTS];
};

struct record {
	bool complete;
	char comm[TASK_COMM_LEN];
	pid_t pid;
	enum xw_context context;
	enum xw_func func;
	unsigned int version;
	unsigned int wanted;
	unsigned long phase;
};

/* Read by every caller and written by few: a line of its own. */
struct xw_world xw_world ____cacheline_aligned;
EXPORT_SYMBOL_GPL(xw_world);

/*
 * Allocated, as QEMU before 8.0 miscalculates addresses that lie more than 2 GiB
 * away, where s390 has a module's own variables of CPUs.
 */
static struct counts __percpu *counts;
static atomic_t violations[XW_NR_VIOLATIONS][XW_NR_CONTEXTS];
static struct record records[XW_NR_VIOLATIONS][RECORDS];
static atomic_t nr_records[XW_NR_VIOLATIONS];

/* What the controller does, it does one at a time. */
static DEFINE_MUTEX(controller);
static struct counts counted_before;
static unsigned int model;
static struct dentry *root;

/* ---- phases ---- */

#define VERSION_BITS	4
#define VERSION_MASK	(BIT(VERSION_BITS) - 1)
/* The switch may be reversed at any time, so there is no direction. */
#define PHASE_TURNS	BIT(2 * VERSION_BITS)
#define NUMBER_SHIFT	(2 * VERSION_BITS + 1)

static unsigned long make_phase(unsigned long number, unsigned int from, unsigned int to)
{
	return number << NUMBER_SHIFT | from << VERSION_BITS | to;
}

static unsigned long phase_number(unsigned long phase)
{
	return phase >> NUMBER_SHIFT;
}

static unsigned int phase_from(unsigned long phase)
{
	return phase >> VERSION_BITS & VERSION_MASK;
}

static unsigned int phase_to(unsigned long phase)
{
	return phase & VERSION_MASK;
}

static bool is_switching(unsigned long phase)
{
	return phase_from(phase) != phase_to(phase);
}

static bool allows(unsigned long phase, unsigned int version)
{
	return version == phase_from(phase) || version == phase_to(phase);
}

static bool has_direction(unsigned long phase)
{
	return is_switching(phase) && !(phase & PHASE_TURNS);
}

/* ---- what a task has seen ---- */

/* More than there are tasks in a guest; one that shares its slot is judged less. */
#define SEEN_BITS	13
/* Of a word: which task it is, and above that which switch. */
#define TASK_BITS	24

/*
 * By task: the last switch whose new world it has seen. Written by that task, and
 * by interrupts on top of it, so what it reads is its own or a neighbour's.
 */
static u64 seen[BIT(SEEN_BITS)];

/* Idle tasks have one number for all, and each its CPU for ever. */
static unsigned int number_of_task(void)
{
	return is_idle_task(current) ? PID_MAX_LIMIT + raw_smp_processor_id() :
				       task_pid_nr(current);
}

static bool has_seen(unsigned long phase)
{
	unsigned int task = number_of_task();

	return READ_ONCE(seen[task % BIT(SEEN_BITS)]) ==
	       ((u64)phase_number(phase) << TASK_BITS | task);
}

static void note_seen(unsigned long phase)
{
	unsigned int task = number_of_task();

	if (!has_seen(phase))
		WRITE_ONCE(seen[task % BIT(SEEN_BITS)],
			   (u64)phase_number(phase) << TASK_BITS | task);
}

/* ---- judging a call ---- */

static bool is_interrupt(const struct xw_caller *caller)
{
	return caller->context >= XW_TIMER;
}

static void keep_record(enum xw_violation what, struct record record)
{
	unsigned int n = atomic_fetch_inc(&nr_records[what]);

	if (n >= RECORDS)
		return;
	record.pid = task_pid_nr(current);
	memcpy(record.comm, current->comm, sizeof(record.comm));
	records[what][n] = record;
	/* pairs with the acquire in show_records() */
	smp_store_release(&records[what][n].complete, true);
}

static void violated(enum xw_violation what, const struct xw_caller *caller,
		     enum xw_func func, unsigned int version, unsigned int wanted,
		     unsigned long phase)
{
	struct record record = {
		.context = caller->context,
		.func = func,
		.version = version,
		.wanted = wanted,
		.phase = phase,
	};

	atomic_inc(&violations[what][caller->context]);
	/* bounded, so that it does not overflow */
	if (atomic_read(&nr_records[what]) < RECORDS)
		keep_record(what, record);
}

static void count_call(const struct xw_caller *caller, enum xw_func func,
		       unsigned int version, unsigned long phase)
{
	this_cpu_inc(counts->of_context[caller->context][version]);
	this_cpu_inc(counts->of_func[func][version]);
	if (is_switching(phase))
		this_cpu_inc(counts->switching[caller->context]);
}

static bool was_in_new_world(const struct xw_caller *caller, unsigned long now)
{
	if (models[READ_ONCE(model)].by_task)
		return has_seen(now);
	return caller->phase == now && caller->last == phase_to(now);
}

static void note_new_world(unsigned long now)
{
	note_seen(now);
	if (READ_ONCE(xw_world.met) != phase_number(now))
		/* pairs with the acquire in xw_before_call() */
		smp_store_release(&xw_world.met, phase_number(now));
}

/* Only the switch that is going on; a caller may come from an earlier one. */
static void judge_direction(struct xw_caller *caller, enum xw_func func,
			    unsigned int version, unsigned long now)
{
	unsigned int from = phase_from(now), to = phase_to(now);

	if (!has_direction(now))
		return;
	if (version == to)
		note_new_world(now);
	if (version != from)
		return;
	if (was_in_new_world(caller, now))
		violated(XW_BACK, caller, func, version, to, now);
	if (caller->made == now && caller->met == phase_number(now))
		violated(XW_INSTANT, caller, func, version, to, now);
}

/**
 * xw_enter() - a member of a set begins to run
 * @caller:	who called the outermost member on this stack
 * @func:	the member
 * @version:	which version of it is running
 */
void xw_enter(struct xw_caller *caller, enum xw_func func, unsigned int version)
{
	/* pairs with the release in tell_phase() */
	unsigned long now = smp_load_acquire(&xw_world.phase);

	count_call(caller, func, version, now);
	if (!caller->inside)
		caller->version = version;
	else if (caller->version != version)
		violated(XW_STACK, caller, func, version, caller->version, now);
	if (caller->first == XW_NONE)
		caller->first = version;
	else if (is_interrupt(caller) && caller->first != version)
		violated(XW_INTERRUPT, caller, func, version, caller->first, now);
	if (!allows(now, version)) {
		violated(XW_START, caller, func, version, phase_to(now), now);
		if (caller->made == now)
			violated(XW_CALL, caller, func, version, phase_to(now), now);
	}
	judge_direction(caller, func, version, now);
	caller->phase = now;
	caller->last = version;
	caller->inside++;
}
EXPORT_SYMBOL_GPL(xw_enter);

/**
 * xw_linger() - stay in a member for a while
 * @caller:	who called it
 *
 * Without preemption in the kernel this is where a task can lose the CPU inside
 * the set. It then waits for it as long as the load wants, so not every time.
 */
void xw_linger(struct xw_caller *caller)
{
	udelay(LINGER_US);
	if (!is_interrupt(caller) && caller->lingered++ % LINGERS_PER_YIELD == 0)
		cond_resched();
}
EXPORT_SYMBOL_GPL(xw_linger);

/**
 * xw_nap() - sleep in a member for a moment
 */
void xw_nap(void)
{
	schedule_timeout_uninterruptible(1);
}
EXPORT_SYMBOL_GPL(xw_nap);

/* ---- the controller's side ---- */

/* Nothing changed is what a refusal promises; "FROM FROM" tells of one. */
static void judge_refusal(unsigned long before, unsigned int to)
{
	const struct xw_caller nobody = { .context = XW_SYSCALL };

	if (has_direction(before) && to == phase_from(before) &&
	    READ_ONCE(xw_world.met) == phase_number(before))
		violated(XW_REFUSED, &nobody, 0, phase_to(before), to, before);
}

static void tell_phase(unsigned int from, unsigned int to, bool turns)
{
	unsigned long before = xw_world.phase;
	unsigned long phase = make_phase(phase_number(before) + 1, from, to);

	judge_refusal(before, to);
	/* pairs with the acquires in xw_before_call() and xw_enter() */
	smp_store_release(&xw_world.phase, turns ? phase | PHASE_TURNS : phase);
}

static int phase_get(char *buffer, const struct kernel_param *kp)
{
	unsigned long phase = READ_ONCE(xw_world.phase);

	return sysfs_emit(buffer, "%u %u%s\n", phase_from(phase), phase_to(phase),
			  phase & PHASE_TURNS ? " turning" : "");
}

static int phase_set(const char *word, const struct kernel_param *kp)
{
	unsigned int from, to;
	char how[8] = "";

	if (sscanf(word, "%u %u %7s", &from, &to, how) < 2 ||
	    from >= XW_VERSIONS || to >= XW_VERSIONS)
		return -EINVAL;
	if (*how && strcmp(how, "turning"))
		return -EINVAL;
	mutex_lock(&controller);
	tell_phase(from, to, *how);
	mutex_unlock(&controller);
	return 0;
}

static const struct kernel_param_ops phase_ops = { .get = phase_get, .set = phase_set };

module_param_cb(phase, &phase_ops, NULL, 0644);
MODULE_PARM_DESC(phase, "FROM TO [turning]: which versions may run; turning: either way");

static void count_all(struct counts *sum)
{
	unsigned long *to = (unsigned long *)sum;
	const unsigned long *from;
	unsigned int cpu, i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		from = (const unsigned long *)per_cpu_ptr(counts, cpu);
		for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
			to[i] += READ_ONCE(from[i]);
	}
}

/* Counters of CPUs are never written by others, hence the difference. */
static void count_since_start(struct counts *sum)
{
	const unsigned long *before = (const unsigned long *)&counted_before;
	unsigned long *to = (unsigned long *)sum;
	unsigned int i;

	count_all(sum);
	for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] -= before[i];
}

static void start_again(void)
{
	memset(records, 0, sizeof(records));
	memset(nr_records, 0, sizeof(nr_records));
	memset(violations, 0, sizeof(violations));
	count_all(&counted_before);
}

static int model_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", models[READ_ONCE(model)].name);
}

static int model_set(const char *word, const struct kernel_param *kp)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		if (sysfs_streq(word, models[i].name))
			break;
	if (i == ARRAY_SIZE(models))
		return -EINVAL;
	mutex_lock(&controller);
	model = i;
	start_again();
	mutex_unlock(&controller);
	return 0;
}

static const struct kernel_param_ops model_ops = { .get = model_get, .set = model_set };

module_param_cb(model, &model_ops, NULL, 0644);
MODULE_PARM_DESC(model, "by whose promises to judge; writing starts from zero");

/* NAME VERSION0 VERSION1 VERSION2 SWITCHING: calls of members from a context */
static int calls_show(struct seq_file *m, void *unused)
{
	struct counts sum;
	unsigned int i;

	mutex_lock(&controller);
	count_since_start(&sum);
	mutex_unlock(&controller);
	for (i = 0; i < XW_NR_CONTEXTS; i++)
		seq_printf(m, "%s %lu %lu %lu %lu\n", context_name[i],
			   sum.of_context[i][0], sum.of_context[i][1],
			   sum.of_context[i][2], sum.switching[i]);
	return 0;
}

/* NAME VERSION0 VERSION1 VERSION2: runs of a member */
static int functions_show(struct seq_file *m, void *unused)
{
	struct counts sum;
	unsigned int i;

	mutex_lock(&controller);
	count_since_start(&sum);
	mutex_unlock(&controller);
	for (i = 0; i < XW_NR_FUNCS; i++)
		seq_printf(m, "%s %lu %lu %lu\n", func_name[i], sum.of_func[i][0],
			   sum.of_func[i][1], sum.of_func[i][2]);
	return 0;
}

static unsigned int count_violations(enum xw_violation what)
{
	unsigned int sum = 0, i;

	for (i = 0; i < XW_NR_CONTEXTS; i++)
		sum += atomic_read(&violations[what][i]);
	return sum;
}

/* excluded|possible NAME COUNT CONTEXT=COUNT... */
static int violations_show(struct seq_file *m, void *unused)
{
	unsigned int what, i, n;

	for (what = 0; what < XW_NR_VIOLATIONS; what++) {
		seq_printf(m, "%s %s %u",
			   models[READ_ONCE(model)].excludes & BIT(what) ?
			   "excluded" : "possible",
			   violation_name[what], count_violations(what));
		for (i = 0; i < XW_NR_CONTEXTS; i++) {
			n = atomic_read(&violations[what][i]);
			if (n)
				seq_printf(m, " %s=%u", context_name[i], n);
		}
		seq_putc(m, '\n');
	}
	return 0;
}

static void show_record(struct seq_file *m, const char *what, const struct record *r)
{
	seq_printf(m, "%s: %s (%d), context %s, function %s: version %u, wanted %u, phase %u to %u\n",
		   what, r->comm, r->pid, context_name[r->context], func_name[r->func],
		   r->version, r->wanted, phase_from(r->phase), phase_to(r->phase));
}

/* The first violations of each kind. */
static int records_show(struct seq_file *m, void *unused)
{
	unsigned int what, i;

	for (what = 0; what < XW_NR_VIOLATIONS; what++)
		for (i = 0; i < RECORDS; i++)
			/* pairs with the release in keep_record() */
			if (smp_load_acquire(&records[what][i].complete))
				show_record(m, violation_name[what], &records[what][i]);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(calls);
DEFINE_SHOW_ATTRIBUTE(functions);
DEFINE_SHOW_ATTRIBUTE(violations);
DEFINE_SHOW_ATTRIBUTE(records);

static int __init world_init(void)
{
	counts = alloc_percpu(struct counts);
	if (!counts)
		return -ENOMEM;
	root = debugfs_create_dir("xlp_test_world", NULL);
	if (IS_ERR(root)) {
		free_percpu(counts);
		return PTR_ERR(root);
	}
	debugfs_create_file("calls", 0400, root, NULL, &calls_fops);
	debugfs_create_file("functions", 0400, root, NULL, &functions_fops);
	debugfs_create_file("violations", 0400, root, NULL, &violations_fops);
	debugfs_create_file("records", 0400, root, NULL, &records_fops);
	return 0;
}

static void __exit world_exit(void)
{
	debugfs_remove_recursive(root);
	free_percpu(counts);
}

module_init(world_init);
module_exit(world_exit);
MODULE_DESCRIPTION("Judges whether functions that are replaced together change together");
MODULE_LICENSE("GPL");
