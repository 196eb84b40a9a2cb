// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_world_calls.c - calls the members from every context
 *
 * As long as it is loaded, kernel threads, a work item, timers, tasklets, hard
 * timers and irq_work visit all sets. Tasks of user space do so by reading
 *
 *	/sys/kernel/debug/xlp_test_world_calls/visit	all but the napping set
 *	/sys/kernel/debug/xlp_test_world_calls/nap	that one: they sleep inside
 *
 * which are always empty, and each open file is a caller of its own.
 *
 * Whoever stops the machine has, now and then, to wait before for as many
 * milliseconds as the parameter "hesitate" says, while the others go on: what was found out about
 * them before the stop may be wrong then. On an emulator that runs the CPUs in
 * turns that would happen too rarely.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "xlp_test_world.h"

/* Visits of a thread before it sleeps, and its turns from one nap to the next. */
#define VISITS_PER_TURN	4
#define TURNS_PER_NAP	16
/* Stops of the machine from one that has to wait to the next. */
#define STOPS_PER_PAUSE	4
/* Whoever is preempted inside a set is to come out of it soon. */
#define CALLER_NICE	-10
#define HRTIMER_NS	(4 * NSEC_PER_MSEC)

/* What calls on each CPU. */
struct callers {
	struct task_struct *task;
	struct timer_list timer;
	struct xw_caller from_timer;
	struct tasklet_struct tasklet;
	struct xw_caller from_tasklet;
	struct hrtimer hrtimer;
	struct xw_caller from_hrtimer;
	struct irq_work irq_work;
	struct xw_caller from_irq_work;
};

/* Allocated for the reason that xlp_test_world.c gives. */
static struct callers __percpu *callers;
static bool stopping;
static struct dentry *root;

/* ---- what a visit is ---- */

/* A function of vmlinux does not tell the checker of itself, unless replaced. */
static void notify(struct xw_caller *caller)
{
	caller->notifier_known = false;
	xw_before_call(caller);
	atomic_notifier_call_chain(&xw_notifiers, 0, caller);
	caller->inside = 0;
}

static void visit(struct xw_caller *caller)
{
	xw_begin(caller);
	xw_call(caller, xw_chain_outer);
	xw_call(caller, xw_row_first);
	xw_call(caller, xw_row_second);
	xw_call(caller, xw_row_third);
	xw_call(caller, xw_row_all);
	notify(caller);
}

static void take_nap(struct xw_caller *caller)
{
	xw_begin(caller);
	xw_call(caller, xw_nap_outer);
}

/* ---- tasks ---- */

static int keep_visiting(void *unused)
{
	struct xw_caller caller = { .context = XW_KTHREAD };
	unsigned int turn, i;

	set_user_nice(current, CALLER_NICE);
	for (turn = 0; !kthread_should_stop(); turn++) {
		for (i = 0; i < VISITS_PER_TURN; i++)
			visit(&caller);
		if (turn % TURNS_PER_NAP == 0)
			take_nap(&caller);
		schedule_timeout_uninterruptible(2);
	}
	return 0;
}

static void visit_from_work(struct work_struct *work)
{
	static struct xw_caller caller = { .context = XW_WORK };
	static unsigned int turn;

	visit(&caller);
	if (turn++ % TURNS_PER_NAP == 0)
		take_nap(&caller);
	schedule_delayed_work(to_delayed_work(work), 2);
}

static DECLARE_DELAYED_WORK(visiting_work, visit_from_work);

/* ---- interrupts ---- */

static void visit_from_tasklet(struct tasklet_struct *tasklet)
{
	visit(&container_of(tasklet, struct callers, tasklet)->from_tasklet);
}

static void visit_from_irq_work(struct irq_work *irq_work)
{
	visit(&container_of(irq_work, struct callers, irq_work)->from_irq_work);
}

static void visit_from_timer(struct timer_list *timer)
{
	struct callers *c = container_of(timer, struct callers, timer);

	visit(&c->from_timer);
	if (READ_ONCE(stopping))
		return;
	tasklet_schedule(&c->tasklet);
	irq_work_queue(&c->irq_work);
	mod_timer(timer, jiffies + 2);
}

static enum hrtimer_restart visit_from_hrtimer(struct hrtimer *hrtimer)
{
	visit(&container_of(hrtimer, struct callers, hrtimer)->from_hrtimer);
	hrtimer_forward_now(hrtimer, ns_to_ktime(HRTIMER_NS));
	return HRTIMER_RESTART;
}

static void set_up_hrtimer(struct hrtimer *hrtimer)
{
#ifdef XT_HAVE_HRTIMER_SETUP
	hrtimer_setup(hrtimer, visit_from_hrtimer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer->function = visit_from_hrtimer;
#endif
}

static void start_hrtimer(void *unused)
{
	hrtimer_start(&this_cpu_ptr(callers)->hrtimer, ns_to_ktime(HRTIMER_NS),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

/* ---- user space ---- */

/* An open file. The lock is held by whoever calls on its behalf. */
struct reader {
	struct mutex lock;	/* protects @caller */
	struct xw_caller caller;
};

static int reader_open(struct inode *inode, struct file *file)
{
	struct reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);

	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->lock);
	reader->caller.context = XW_SYSCALL;
	file->private_data = reader;
	return 0;
}

static int reader_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t read_with(struct file *file, void (*call)(struct xw_caller *caller))
{
	struct reader *reader = file->private_data;

	/* Two tasks that share the file are not one caller. */
	if (!mutex_trylock(&reader->lock))
		return -EBUSY;
	call(&reader->caller);
	mutex_unlock(&reader->lock);
	return 0;
}

static ssize_t visit_read(struct file *file, char __user *buffer, size_t count, loff_t *pos)
{
	return read_with(file, visit);
}

static ssize_t nap_read(struct file *file, char __user *buffer, size_t count, loff_t *pos)
{
	return read_with(file, take_nap);
}

static const struct file_operations visit_fops = {
	.owner = THIS_MODULE,
	.open = reader_open,
	.read = visit_read,
	.release = reader_release,
};

static const struct file_operations nap_fops = {
	.owner = THIS_MODULE,
	.open = reader_open,
	.read = nap_read,
	.release = reader_release,
};

/* ---- who stops the machine ---- */

static unsigned int hesitate;
module_param(hesitate, uint, 0644);

/*
 * Not by a kprobe, which powerpc 7.2 does not survive: stay_on_one_cpu() of the suite
 * says why. Not each time: whoever is in vain every time is refused at last.
 */
static void notrace before_stop(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	static unsigned int stops;

	if (stops++ % STOPS_PER_PAUSE == 0)
		mdelay(READ_ONCE(hesitate));
}

static struct ftrace_ops stop_ops = { .func = before_stop };

static int watch_stops(void)
{
	static unsigned char name[] = "stop_machine";

	return ftrace_set_filter(&stop_ops, name, strlen(name), 1) ?:
	       register_ftrace_function(&stop_ops);
}

static void ignore_stops(void)
{
	unregister_ftrace_function(&stop_ops);
	ftrace_free_filter(&stop_ops);
}

/* ---- start and stop ---- */

static void prepare(struct callers *c)
{
	c->from_timer.context = XW_TIMER;
	timer_setup(&c->timer, visit_from_timer, TIMER_PINNED);
	c->from_tasklet.context = XW_TASKLET;
	tasklet_setup(&c->tasklet, visit_from_tasklet);
	c->from_hrtimer.context = XW_HRTIMER;
	set_up_hrtimer(&c->hrtimer);
	c->from_irq_work.context = XW_IRQ_WORK;
	c->irq_work = IRQ_WORK_INIT_HARD(visit_from_irq_work);
}

static void stop_calling(void)
{
	struct callers *c;
	unsigned int cpu;

	WRITE_ONCE(stopping, true);
	cancel_delayed_work_sync(&visiting_work);
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(callers, cpu);
		if (c->task)
			kthread_stop(c->task);
		hrtimer_cancel(&c->hrtimer);
		timer_delete_sync(&c->timer);
		tasklet_kill(&c->tasklet);
		irq_work_sync(&c->irq_work);
	}
}

static int create_thread(unsigned int cpu)
{
	struct task_struct *task;

	task = kthread_create_on_cpu(keep_visiting, NULL, cpu, "xlp_world/%u");
	if (IS_ERR(task))
		return PTR_ERR(task);
	per_cpu_ptr(callers, cpu)->task = task;
	wake_up_process(task);
	return 0;
}

static int start_calling(void)
{
	struct callers *c;
	unsigned int cpu;
	int err;

	for_each_possible_cpu(cpu)
		prepare(per_cpu_ptr(callers, cpu));
	for_each_online_cpu(cpu) {
		err = create_thread(cpu);
		if (err)
			return err;
		c = per_cpu_ptr(callers, cpu);
		c->timer.expires = jiffies + 1;
		add_timer_on(&c->timer, cpu);
	}
	on_each_cpu(start_hrtimer, NULL, 1);
	schedule_delayed_work(&visiting_work, 1);
	return 0;
}

static int __init world_calls_init(void)
{
	int err;

	callers = alloc_percpu(struct callers);
	if (!callers)
		return -ENOMEM;
	err = start_calling() ?: watch_stops();
	if (err) {
		stop_calling();
		free_percpu(callers);
		return err;
	}
	root = debugfs_create_dir("xlp_test_world_calls", NULL);
	debugfs_create_file("visit", 0400, root, NULL, &visit_fops);
	debugfs_create_file("nap", 0400, root, NULL, &nap_fops);
	return 0;
}

static void __exit world_calls_exit(void)
{
	debugfs_remove_recursive(root);
	ignore_stops();
	stop_calling();
	free_percpu(callers);
}

module_init(world_calls_init);
module_exit(world_calls_exit);
MODULE_DESCRIPTION("Calls the functions that xlp's test suite replaces together");
MODULE_LICENSE("GPL");
