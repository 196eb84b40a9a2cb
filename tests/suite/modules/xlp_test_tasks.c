// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_tasks.c - functions that tasks stay inside of, and tasks that do
 *
 * In /sys/kernel/debug/xlp_test_tasks/, reading calls a function and says who
 * answered:
 *
 *	leaf	xk_leaf()
 *	block	xk_block(), which sleeps uninterruptibly until "wake" is written.
 *		Then it runs the task's work, as some places do that are not on the
 *		way to user space, and calls xk_leaf() and xlp_test_late's xk_late()
 *		from inside: three answers
 *	relay	two answers: xk_block()'s, and that of xk_late(), which is called next and
 *		sleeps like it
 *	stages	as block, but afterwards it sleeps once more, outside, until
 *		"go_on" is written
 *	sleep	xk_sleep(), which sleeps interruptibly until "wake" is written
 *	eintr	the same, but the system call is not begun again by the kernel; the
 *		parameter "interrupted" counts how often it was not
 *	busy	xk_busy(), which keeps its CPU for 20 ms
 *	idle	xk_leaf(), on behalf of each CPU's idle task: a line "cpuN ANSWER"
 *		each, if there are two CPUs
 *	hold	sleeps until "wake" is written, with the word that was written here on its
 *		stack
 *	asleep	nobody; a line "PID" for each task that is waiting for "wake" or "go_on", and
 *		not on its way there
 *	stand	nobody; so many milliseconds as are written nothing else runs in the machine
 *	threads	a line "KIND ANSWER" for each of the kernel's threads of the module;
 *		they are started by writing a kind, see kinds[], stopped by "stop"
 *
 * The parameter task_work_run is that function's address, 0: none. Of the thread "moved",
 * which "moving" moves from CPU to CPU, say the parameters
 *
 *	moves		how often it was moved
 *	moved_calls	its calls of xk_leaf() that the original and that others answered
 *	strangers	how often it was another task afterwards, by what the CPU says
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/stop_machine.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define XK_WORLD	XT_OLD
#define XK_FUNCTION	xt_noipa
#define XK(name)	xk_##name
#include "arch.h"
#include "keep.h"
#include "xlp_test_tasks.h"

static ulong task_work_run;
module_param(task_work_run, ulong, 0600);
static ulong moves, moved_calls[2], strangers;
module_param(moves, ulong, 0444);
module_param_array(moved_calls, ulong, NULL, 0444);
module_param(strangers, ulong, 0444);
static uint interrupted;
module_param(interrupted, uint, 0444);

/* ---- what tasks do inside, on behalf of originals and replacements ---- */

/* What is waited for: that the number becomes another. */
struct xk_event {
	unsigned int nr;
	wait_queue_head_t waiting;
};

#define XK_EVENT(name) \
	{ .waiting = __WAIT_QUEUE_HEAD_INITIALIZER(name.waiting) }
static struct xk_event wake = XK_EVENT(wake), go_on = XK_EVENT(go_on);

static u64 (*late_function)(u64 sleeps);

static void happen(struct xk_event *event)
{
	WRITE_ONCE(event->nr, event->nr + 1);
	wake_up_all(&event->waiting);
}

/* Who waits for an event, until it happens: on its own stack. */
struct xk_waiter {
	struct list_head list;
	pid_t pid;
};

static LIST_HEAD(waiters);
static DEFINE_SPINLOCK(waiters_lock);

static void waiter_begin(struct xk_waiter *waiter)
{
	waiter->pid = current->pid;
	spin_lock(&waiters_lock);
	list_add_tail(&waiter->list, &waiters);
	spin_unlock(&waiters_lock);
}

static void waiter_end(struct xk_waiter *waiter)
{
	spin_lock(&waiters_lock);
	list_del(&waiter->list);
	spin_unlock(&waiters_lock);
}

static noinline void wait_for(struct xk_event *event)
{
	unsigned int nr = READ_ONCE(event->nr);
	struct xk_waiter self;

	waiter_begin(&self);
	wait_event(event->waiting, READ_ONCE(event->nr) != nr);
	waiter_end(&self);
}

void xk_set_late(u64 (*late)(u64 sleeps))
{
	WRITE_ONCE(late_function, late);
}
EXPORT_SYMBOL_GPL(xk_set_late);

static void ask_from_inside(struct xk_call *call)
{
	u64 (*late)(u64 sleeps) = READ_ONCE(late_function);

	/* An io worker may only have been asked to move this once before it is back. */
	if (task_work_run && !(current->flags & PF_IO_WORKER))
		((void (*)(void))task_work_run)();
	call->leaf = xk_leaf(0);
	call->late = late ? late(0) : 0;
}

void xk_wait(u64 call)
{
	wait_for(&wake);
	if (call)
		ask_from_inside((struct xk_call *)(unsigned long)call);
	barrier();
}
EXPORT_SYMBOL_GPL(xk_wait);

/*
 * Until "go_on" is written, on behalf of a patch's init function. Not for ever: when
 * a test has failed there may be a second attempt, which nobody tells to go on.
 */
void xk_stay(void)
{
	unsigned int nr = READ_ONCE(go_on.nr);

	wait_event_timeout(go_on.waiting, READ_ONCE(go_on.nr) != nr, 20 * HZ);
}
EXPORT_SYMBOL_GPL(xk_stay);

/* Once: whoever is woken for another reason leaves. */
long xk_doze(void)
{
	unsigned int nr = READ_ONCE(wake.nr);
	DEFINE_WAIT(entry);

	prepare_to_wait(&wake.waiting, &entry, TASK_INTERRUPTIBLE);
	if (READ_ONCE(wake.nr) == nr && !signal_pending(current))
		schedule();
	finish_wait(&wake.waiting, &entry);
	if (READ_ONCE(wake.nr) != nr)
		return 0;
	return signal_pending(current) ? -ERESTARTSYS : -EINTR;
}
EXPORT_SYMBOL_GPL(xk_doze);

/* As a loop has to that takes long: ftrace waits for tasks to have come by here. */
static void stay_busy(void)
{
	cond_resched_tasks_rcu_qs();
	cpu_relax();
}

static struct task_struct *moved;

/* noipa: asked of the CPU, not what the caller remembers. */
xt_noipa static struct task_struct *who_runs(void)
{
	return xt_answer(current);
}

/* Whoever goes on with registers of another CPU takes itself for another task. */
static void call_and_see_who_runs(void)
{
	struct task_struct *self = READ_ONCE(moved);

	if (xk_leaf(0) == XT_OLD)
		moved_calls[0]++;
	else
		moved_calls[1]++;
	if (who_runs() != self)
		strangers++;
	cond_resched();
}

/* For so long, 0: until "wake" is written. */
void xk_spin(u64 ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	unsigned int nr = READ_ONCE(wake.nr);

	while (ms ? time_before(jiffies, end) : READ_ONCE(wake.nr) == nr) {
		stay_busy();
		keep_cpu_if_asked();
		if (current == READ_ONCE(moved))
			call_and_see_who_runs();
	}
}
EXPORT_SYMBOL_GPL(xk_spin);

/* ---- threads of the kernel ---- */

struct xk_kind;

struct xk_thread {
	const struct xk_kind *kind;
	struct task_struct *task;
	u64 answer;
};

struct xk_kind {
	const char *name;
	void (*run)(struct xk_thread *thread);
	int (*prepare)(void);
};

static struct xk_thread threads[16];
static unsigned int nr_threads;
static DEFINE_MUTEX(threads_lock);

/* Outside for so long that it is met there, which may take xlp a quarter of a second. */
static void rest(void)
{
	schedule_timeout_uninterruptible(HZ);
}

static void sleep_elsewhere(struct xk_thread *thread)
{
	schedule_timeout_uninterruptible(HZ / 20);
	thread->answer = xk_leaf(0);
}

static void never_sleep(struct xk_thread *thread)
{
	thread->answer = xk_leaf(0);
	stay_busy();
}

/* What cond_resched() is on other kernels. */
static void yield_only(struct xk_thread *thread)
{
	thread->answer = xk_leaf(0);
	schedule();
}

static void sleep_inside(struct xk_thread *thread)
{
	thread->answer = xk_sleep(0);
	rest();
}

static void block_inside(struct xk_thread *thread)
{
	thread->answer = xk_block(0);
	rest();
}

static void spin_inside(struct xk_thread *thread)
{
	thread->answer = xk_busy(0);
	rest();
}

/* As "stuck", but it calls xk_leaf() all the time inside, and "moving" changes its CPU. */
static bool may_move;

static int prepare_moved(void)
{
	if (may_move)
		return -EBUSY;
	may_move = true;
	return 0;
}

/* Behind the one it moves, and so it is stopped before. */
static int prepare_moving(void)
{
	return may_move ? 0 : -ENOENT;
}

static void call_inside(struct xk_thread *thread)
{
	WRITE_ONCE(moved, current);
	spin_inside(thread);
}

static void move(struct xk_thread *thread)
{
	struct task_struct *task = READ_ONCE(moved);
	int cpu;

	if (task && task_is_running(task)) {
		cpu = cpumask_any_but(cpu_online_mask, task_cpu(task));
		if (cpu < nr_cpu_ids && !set_cpus_allowed_ptr(task, cpumask_of(cpu)) &&
		    task_is_running(task) && task_cpu(task) == cpu)
			moves++;
	}
	usleep_range(100, 500);
}

/* In a handler of ftrace that xk_leaf() has called: it will go on in xk_leaf(). */
static struct task_struct *parked;

static void notrace park_in_handler(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	unsigned int nr = READ_ONCE(wake.nr);

	if (current != READ_ONCE(parked) || !preemptible())
		return;
	while (READ_ONCE(wake.nr) == nr)
		cpu_relax();
	WRITE_ONCE(parked, NULL);
}

static struct ftrace_ops parking = { .func = park_in_handler };
static bool may_park;

static int prepare_parking(void)
{
	static const char function[] = "xk_leaf";
	int err;

	if (!preempt_model_preemptible())
		return -EOPNOTSUPP;
	if (may_park)
		return -EBUSY;
	err = ftrace_set_filter(&parking, (unsigned char *)function, strlen(function), 1);
	if (!err)
		err = register_ftrace_function(&parking);
	may_park = !err;
	return err;
}

static void leave_parking(void)
{
	if (may_park)
		unregister_ftrace_function(&parking);
	may_park = false;
	parked = NULL;
}

static void park(struct xk_thread *thread)
{
	if (!thread->answer)
		WRITE_ONCE(parked, current);
	thread->answer = xk_leaf(0);
	rest();
}

/*
 * In the copy of an instruction of the function that a kprobe has made: one that takes as
 * long as one likes, and is interrupted as others are not.
 */
#ifdef XT_LONG_INSTRUCTION
static const u8 long_instruction[] = XT_LONG_INSTRUCTION;

static char filled[1 << 16];

/* Calls nobody, so that its address is nowhere on the stack. */
xt_noipa u64 xk_detour(u64 unused)
{
	unsigned int nr = READ_ONCE(wake.nr);

	while (READ_ONCE(wake.nr) == nr) {
		xt_long_instruction(filled, sizeof(filled));
		rcu_tasks_qs(current, false);
	}
	return xt_answer(XT_OLD);
}

static int ignore_hit(struct kprobe *probe, struct pt_regs *regs)
{
	return 0;
}

static struct kprobe detour;
static bool may_detour;

static int prepare_detour(void)
{
	const u8 *code = (const u8 *)xk_detour;
	unsigned int offset = 0;
	int err;

	if (!preempt_model_preemptible())
		return -EOPNOTSUPP;
	if (may_detour)
		return -EBUSY;
	while (memcmp(code + offset, long_instruction, sizeof(long_instruction)))
		if (++offset == 256)
			return -ENOENT;
	detour = (struct kprobe){
		.symbol_name = "xk_detour",
		.offset = offset,
		.pre_handler = ignore_hit,
	};
	err = register_kprobe(&detour);
	may_detour = !err;
	return err;
}

static void take_detour(struct xk_thread *thread)
{
	thread->answer = xk_detour(0);
	rest();
}

static void leave_detour(void)
{
	if (may_detour)
		unregister_kprobe(&detour);
	may_detour = false;
}
#else
static int prepare_detour(void)
{
	return -EOPNOTSUPP;
}

static void take_detour(struct xk_thread *thread)
{
}

static void leave_detour(void)
{
}
#endif

static const struct xk_kind kinds[] = {
	{ "elsewhere", sleep_elsewhere },
	{ "spinning", never_sleep },
	{ "yielding", yield_only },
	{ "sleeping", sleep_inside },
	{ "blocked", block_inside },
	{ "stuck", spin_inside },
	{ "parked", park, prepare_parking },
	{ "detour", take_detour, prepare_detour },
	{ "moved", call_inside, prepare_moved },
	{ "moving", move, prepare_moving },
};

static int run_thread(void *data)
{
	struct xk_thread *thread = data;

	set_user_nice(current, MAX_NICE);
	while (!kthread_should_stop())
		thread->kind->run(thread);
	return 0;
}

static int add_thread(const struct xk_kind *kind)
{
	struct xk_thread *thread = &threads[nr_threads];
	int err;

	if (nr_threads == ARRAY_SIZE(threads))
		return -ENOSPC;
	err = kind->prepare ? kind->prepare() : 0;
	if (err)
		return err;
	thread->kind = kind;
	thread->answer = 0;
	thread->task = kthread_run(run_thread, thread, "xk_%s", kind->name);
	if (IS_ERR(thread->task))
		return PTR_ERR(thread->task);
	nr_threads++;
	return 0;
}

/* Whoever is inside may be woken just before it looks, so more than once. */
static int wake_all_the_time(void *unused)
{
	while (!kthread_should_stop()) {
		happen(&wake);
		msleep(20);
	}
	return 0;
}

static void stop_threads(void)
{
	struct task_struct *waker;

	if (!nr_threads)
		return;
	waker = kthread_run(wake_all_the_time, NULL, "xk_waker");
	if (WARN_ON(IS_ERR(waker)))
		return;
	while (nr_threads)
		kthread_stop(threads[--nr_threads].task);
	kthread_stop(waker);
	moved = NULL;
	may_move = false;
	leave_parking();
	leave_detour();
}

/* ---- idle tasks ---- */

struct idle_answer {
	u64 answer;
};

static void ask_idle(void *data)
{
	struct idle_answer *answer = data;

	if (is_idle_task(current))
		answer->answer = xk_leaf(0);
}

static u64 answer_of_idle(int cpu)
{
	struct idle_answer answer = { };
	unsigned int tries = 200;

	while (!answer.answer && tries--) {
		smp_call_function_single(cpu, ask_idle, &answer, 1);
		usleep_range(1000, 2000);
	}
	return answer.answer;
}

/* ---- files ---- */

static const char *name_of(u64 answer)
{
	static const char * const name[] = {
		"none", [XT_OLD] = "old", [XT_NEW] = "new", [XT_A] = "a",
	};

	return answer < ARRAY_SIZE(name) ? name[answer] : "?";
}

static int leaf_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%s\n", name_of(xk_leaf(0)));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(leaf);

static int block_show(struct seq_file *m, void *unused)
{
	struct xk_call call = { };
	u64 answer = xk_block((unsigned long)&call);

	seq_printf(m, "%s %s %s\n", name_of(answer), name_of(call.leaf), name_of(call.late));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(block);

static int relay_show(struct seq_file *m, void *unused)
{
	u64 (*late)(u64 sleeps);
	u64 answer = xk_block(0);

	late = READ_ONCE(late_function);
	seq_printf(m, "%s %s\n", name_of(answer), name_of(late ? late(1) : 0));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(relay);

static int stages_show(struct seq_file *m, void *unused)
{
	int err = block_show(m, unused);

	wait_for(&go_on);
	return err;
}
DEFINE_SHOW_ATTRIBUTE(stages);

static int sleep_show(struct seq_file *m, void *unused)
{
	s64 answer = xk_sleep(0);

	if (answer < 0)
		return answer;
	seq_printf(m, "%s\n", name_of(answer));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sleep);

static int eintr_show(struct seq_file *m, void *unused)
{
	int err = sleep_show(m, unused);

	if (err >= 0)
		return 0;
	interrupted++;
	return -EINTR;
}
DEFINE_SHOW_ATTRIBUTE(eintr);

static int busy_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%s\n", name_of(xk_busy(20)));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(busy);

/* From another CPU each, so that it can be idle. */
static int idle_show(struct seq_file *m, void *unused)
{
	cpumask_var_t old;
	int cpu;

	if (!alloc_cpumask_var(&old, GFP_KERNEL))
		return -ENOMEM;
	cpumask_copy(old, current->cpus_ptr);
	for_each_online_cpu(cpu) {
		if (num_online_cpus() < 2)
			break;
		set_cpus_allowed_ptr(current,
				     cpumask_of(cpumask_any_but(cpu_online_mask, cpu)));
		seq_printf(m, "cpu%d %s\n", cpu, name_of(answer_of_idle(cpu)));
	}
	set_cpus_allowed_ptr(current, old);
	free_cpumask_var(old);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(idle);

static int asleep_show(struct seq_file *m, void *unused)
{
	const struct xk_waiter *waiter;

	spin_lock(&waiters_lock);
	list_for_each_entry(waiter, &waiters, list)
		seq_printf(m, "%d\n", waiter->pid);
	spin_unlock(&waiters_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(asleep);

static int threads_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&threads_lock);
	for (i = 0; i < nr_threads; i++)
		seq_printf(m, "%s %s\n", threads[i].kind->name, name_of(threads[i].answer));
	mutex_unlock(&threads_lock);
	return 0;
}

static int obey(const char *word)
{
	unsigned int i;

	if (!strcmp(word, "stop")) {
		stop_threads();
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(word, kinds[i].name))
			return add_thread(&kinds[i]);
	return -EINVAL;
}

static ssize_t threads_write(struct file *file, const char __user *buffer, size_t count,
			     loff_t *pos)
{
	char word[16] = "";
	int err;

	if (count >= sizeof(word) || copy_from_user(word, buffer, count))
		return -EINVAL;
	mutex_lock(&threads_lock);
	err = obey(strim(word));
	mutex_unlock(&threads_lock);
	return err ? err : count;
}

static int threads_open(struct inode *inode, struct file *file)
{
	return single_open(file, threads_show, NULL);
}

static const struct file_operations threads_fops = {
	.owner = THIS_MODULE,
	.open = threads_open,
	.read = seq_read,
	.write = threads_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int hold_word(void *unused, u64 value)
{
	unsigned long word = value;

	/* Keeps it in memory, and that on the stack. */
	barrier_data(&word);
	wait_for(&wake);
	barrier_data(&word);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(hold_fops, NULL, hold_word, "%llu\n");

static int stand(void *ms)
{
	mdelay(*(u64 *)ms);
	return 0;
}

static int stand_set(void *unused, u64 ms)
{
	return stop_machine(stand, &ms, NULL);
}
DEFINE_DEBUGFS_ATTRIBUTE(stand_fops, NULL, stand_set, "%llu\n");

static int event_set(void *event, u64 unused)
{
	happen(event);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(event_fops, NULL, event_set, "%llu\n");

static const struct {
	const char *name;
	const struct file_operations *fops;
	void *data;
	umode_t mode;
} files[] = {
	{ "leaf", &leaf_fops, NULL, 0400 },
	{ "block", &block_fops, NULL, 0400 },
	{ "relay", &relay_fops, NULL, 0400 },
	{ "stages", &stages_fops, NULL, 0400 },
	{ "sleep", &sleep_fops, NULL, 0400 },
	{ "eintr", &eintr_fops, NULL, 0400 },
	{ "busy", &busy_fops, NULL, 0400 },
	{ "idle", &idle_fops, NULL, 0400 },
	{ "hold", &hold_fops, NULL, 0200 },
	{ "asleep", &asleep_fops, NULL, 0400 },
	{ "stand", &stand_fops, NULL, 0200 },
	{ "threads", &threads_fops, NULL, 0600 },
	{ "wake", &event_fops, &wake, 0200 },
	{ "go_on", &event_fops, &go_on, 0200 },
};

static struct dentry *root;

static int __init tasks_init(void)
{
	unsigned int i;

	root = debugfs_create_dir("xlp_test_tasks", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i].name, files[i].mode, root, files[i].data,
				    files[i].fops);
	return 0;
}

static void __exit tasks_exit(void)
{
	debugfs_remove_recursive(root);
	mutex_lock(&threads_lock);
	stop_threads();
	mutex_unlock(&threads_lock);
}

module_init(tasks_init);
module_exit(tasks_exit);
MODULE_DESCRIPTION("Functions that tasks stay inside of, and tasks that do");
MODULE_LICENSE("GPL");
