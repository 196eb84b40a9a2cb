// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_shadow_race.c - everybody uses the same few shadow variables at once
 *
 * Writing 1 to /sys/kernel/debug/xlp_test_shadow/race starts it, 0 ends it:
 * on each CPU two threads and a hard timer, which interrupts them and whoever is
 * making the table larger, attach, find and free the variables of a few objects.
 * One more thread makes the table grow, and knows which of its own variables there
 * have to be. Reading gives
 *
 *	calls N interrupts N made N undone N filled N wrong N WHY
 *
 * calls and interrupts: steps of threads and timers; made and undone: calls of the
 * constructor and the destructor; filled: variables attached by the thread that
 * fills the table; wrong: how often something was seen that cannot be, the first
 * time WHY.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <xlp/shadow.h>

#include "xlp_test_shadow.h"

#define ID		0x5ad8
#define ID_FILL		0x5ad9
#define NR_OBJS		4
#define NR_FILL		20000
#define BODY		512
#define STEPS_PER_NAP	200
#define TIMER_NS	(200 * NSEC_PER_USEC)
#define THREADS_PER_CPU	2

#define MADE		0x6d61646521ULL
#define UNDONE		0x756e646f6e65ULL

/* Large, so that it takes a while to allocate and to construct. */
struct value {
	u64 first;
	u64 obj;
	u64 body[BODY / sizeof(u64)];
	u64 last;
};

/* Only addresses count, except that lives are counted by object. */
static atomic_t lives[NR_OBJS];
static char fill_objs[NR_FILL];

static atomic_long_t calls, interrupts, made, undone, filled, wrong;
static const char *first_why;

static void complain(const char *why)
{
	if (!atomic_long_fetch_inc(&wrong))
		WRITE_ONCE(first_why, why);
}

/* ---- life of a variable ---- */

static int make(void *obj, void *shadow_data, void *ctor_data)
{
	struct value *value = shadow_data;
	unsigned int i;

	atomic_long_inc(&made);
	if (atomic_xchg((atomic_t *)obj, 1))
		complain("constructed while there is one");
	value->first = MADE;
	value->obj = (unsigned long)obj;
	for (i = 0; i < ARRAY_SIZE(value->body); i++)
		WRITE_ONCE(value->body[i], MADE);
	value->last = MADE;
	return 0;
}

static void undo(void *obj, void *shadow_data)
{
	struct value *value = shadow_data;

	atomic_long_inc(&undone);
	if (!atomic_xchg((atomic_t *)obj, 0))
		complain("destroyed though there is none");
	if (value->first != MADE || value->last != MADE)
		complain("destroyed twice, or before it was constructed");
	WRITE_ONCE(value->first, UNDONE);
	WRITE_ONCE(value->last, UNDONE);
}

static bool was_made(u64 word)
{
	return word == MADE || word == UNDONE;
}

/* Under rcu_read_lock(): it may be destroyed meanwhile, but is not used again. */
static void look_at(void *obj, struct value *value)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		if (READ_ONCE(value->obj) != (unsigned long)obj)
			complain("memory of another variable was found");
		if (!was_made(READ_ONCE(value->first)) || !was_made(READ_ONCE(value->last)))
			complain("found before it was constructed");
		cpu_relax();
	}
}

/* ---- who uses them ---- */

static u32 next_random(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void *some_obj(u32 *seed)
{
	return &lives[next_random(seed) % NR_OBJS];
}

static void find_or_make(void *obj)
{
	struct value *value;

	rcu_read_lock();
	value = xlp_shadow_get_or_alloc(obj, ID, sizeof(*value), GFP_ATOMIC | __GFP_NOWARN,
					make, NULL);
	if (value)
		look_at(obj, value);
	rcu_read_unlock();
}

static void find(void *obj)
{
	struct value *value;

	rcu_read_lock();
	value = xlp_shadow_get(obj, ID);
	if (value)
		look_at(obj, value);
	rcu_read_unlock();
}

static void step(u32 *seed, gfp_t gfp)
{
	void *obj = some_obj(seed);
	u32 what = next_random(seed) % 64;

	if (what < 20)
		find_or_make(obj);
	else if (what < 32)
		xlp_shadow_get_or_alloc(obj, ID, sizeof(struct value), gfp, make, NULL);
	else if (what < 48)
		find(obj);
	else if (what < 63)
		xlp_shadow_free(obj, ID, undo);
	else
		xlp_shadow_free_all(ID, undo);
}

static int use(void *unused)
{
	u32 seed = current->pid;
	unsigned int i;

	while (!kthread_should_stop()) {
		for (i = 0; i < STEPS_PER_NAP; i++)
			step(&seed, GFP_KERNEL);
		atomic_long_add(STEPS_PER_NAP, &calls);
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

/* What interrupts each CPU. Allocated: a module's static ones crash s390's 7.2. */
struct interrupter {
	struct hrtimer timer;
	u32 seed;
};

static struct interrupter __percpu *interrupters;

static enum hrtimer_restart use_in_interrupt(struct hrtimer *timer)
{
	step(&container_of(timer, struct interrupter, timer)->seed, GFP_ATOMIC | __GFP_NOWARN);
	atomic_long_inc(&interrupts);
	hrtimer_forward_now(timer, ns_to_ktime(TIMER_NS));
	return HRTIMER_RESTART;
}

static void start_timer(void *unused)
{
	struct interrupter *interrupter = this_cpu_ptr(interrupters);
	struct hrtimer *timer = &interrupter->timer;

	interrupter->seed = smp_processor_id();
#ifdef XT_HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, use_in_interrupt, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	timer->function = use_in_interrupt;
#endif
	hrtimer_start(timer, ns_to_ktime(TIMER_NS), HRTIMER_MODE_REL_PINNED);
}

/* ---- who makes the table grow ---- */

static bool has_filled(unsigned int i)
{
	return xlp_shadow_get(&fill_objs[i], ID_FILL);
}

static void fill(u32 *seed)
{
	unsigned int i;

	for (i = 0; i < NR_FILL && !kthread_should_stop(); i++) {
		if (has_filled(i))
			complain("found before it was attached");
		if (!xlp_shadow_alloc(&fill_objs[i], ID_FILL, 8, GFP_KERNEL, NULL, NULL))
			complain("not attached");
		if (!has_filled(i) || !has_filled(next_random(seed) % (i + 1)))
			complain("attached and not found");
		atomic_long_inc(&filled);
		cond_resched();
	}
}

/* Every other one by itself, all others together. */
static void drain(void)
{
	unsigned int i;

	for (i = 0; i < NR_FILL; i += 2) {
		xlp_shadow_free(&fill_objs[i], ID_FILL, NULL);
		if (has_filled(i))
			complain("freed and found");
		cond_resched();
	}
	xlp_shadow_free_all(ID_FILL, NULL);
	for (i = 0; i < NR_FILL; i++)
		if (has_filled(i))
			complain("all were freed and one is found");
}

static int fill_and_drain(void *unused)
{
	u32 seed = current->pid;

	while (!kthread_should_stop()) {
		fill(&seed);
		drain();
	}
	return 0;
}

/* ---- begin and end ---- */

static DEFINE_MUTEX(race_lock);
static struct task_struct *threads[NR_CPUS * THREADS_PER_CPU + 1];
static unsigned int nr_threads;
static bool running;

static void stop_locked(void)
{
	unsigned int cpu, i;

	if (!running)
		return;
	for_each_possible_cpu(cpu)
		if (per_cpu_ptr(interrupters, cpu)->timer.base)
			hrtimer_cancel(&per_cpu_ptr(interrupters, cpu)->timer);
	/* The filling thread is the first: it hardly lets go of the lock that the others take. */
	for (i = 0; i < nr_threads; i++)
		kthread_stop(threads[i]);
	nr_threads = 0;
	xlp_shadow_free_all(ID, undo);
	xlp_shadow_free_all(ID_FILL, NULL);
	free_percpu(interrupters);
	running = false;
}

static int add_thread(int (*function)(void *), unsigned int cpu)
{
	struct task_struct *task = kthread_create(function, NULL, "xs_race/%u", cpu);

	if (IS_ERR(task))
		return PTR_ERR(task);
	if (function == use)
		kthread_bind(task, cpu);
	threads[nr_threads++] = task;
	wake_up_process(task);
	return 0;
}

static int add_threads(void)
{
	int err = add_thread(fill_and_drain, 0);
	unsigned int cpu, i;

	for_each_online_cpu(cpu)
		for (i = 0; i < THREADS_PER_CPU && !err; i++)
			err = add_thread(use, cpu);
	return err;
}

static int start_locked(void)
{
	int err;

	if (running)
		return -EBUSY;
	atomic_long_set(&calls, 0);
	atomic_long_set(&interrupts, 0);
	atomic_long_set(&made, 0);
	atomic_long_set(&undone, 0);
	atomic_long_set(&filled, 0);
	atomic_long_set(&wrong, 0);
	first_why = "";
	interrupters = alloc_percpu(struct interrupter);
	if (!interrupters)
		return -ENOMEM;
	running = true;
	err = add_threads();
	if (err)
		stop_locked();
	else if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		on_each_cpu(start_timer, NULL, 1);
	return err;
}

void xs_race_stop(void)
{
	mutex_lock(&race_lock);
	stop_locked();
	mutex_unlock(&race_lock);
}

static int race_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "calls %ld interrupts %ld made %ld undone %ld filled %ld wrong %ld %s\n",
		   atomic_long_read(&calls), atomic_long_read(&interrupts),
		   atomic_long_read(&made), atomic_long_read(&undone),
		   atomic_long_read(&filled), atomic_long_read(&wrong), first_why ?: "");
	return 0;
}

static ssize_t race_write(struct file *file, const char __user *buffer, size_t count,
			  loff_t *pos)
{
	bool on;
	int err = kstrtobool_from_user(buffer, count, &on);

	if (err)
		return err;
	mutex_lock(&race_lock);
	if (on)
		err = start_locked();
	else
		stop_locked();
	mutex_unlock(&race_lock);
	return err ? err : count;
}

static int race_open(struct inode *inode, struct file *file)
{
	return single_open(file, race_show, NULL);
}

const struct file_operations xs_race_fops = {
	.owner = THIS_MODULE,
	.open = race_open,
	.read = seq_read,
	.write = race_write,
	.llseek = seq_lseek,
	.release = single_release,
};
