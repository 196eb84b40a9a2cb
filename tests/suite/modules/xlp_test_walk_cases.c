// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_test_walk_cases.c - chains in tasks, while somebody else looks at them
 *
 * Reading /sys/kernel/debug/xlp_test_walk/CASE runs the case and returns a line:
 *
 *	resolved, ...	the walk showed every frame
 *	unreliable ...	the walk failed
 *	saved, ...	the saved registers are what the task has gone to sleep with
 *	running		it said that the task runs
 *	no stack ...	it said that the task has none
 *	skip: REASON
 *	FAIL: REASON	a walk succeeded without a frame, or a scan missed one
 */
#include <linux/anon_inodes.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "arch.h"
#include "xlp_test_walk.h"

static struct dentry *root;
static DEFINE_MUTEX(case_lock);
static struct xw_chain chain;

/* ---- a chain in a thread of its own ---- */

void xw_prepare(struct xw_chain *chain, const struct xw_shape *shape, xw_link end)
{
	memset(chain, 0, sizeof(*chain));
	chain->shape = shape;
	chain->end = end;
	init_completion(&chain->there);
	init_completion(&chain->go_on);
}

static int run_in_thread(void *data)
{
	xw_run_chain(data);
	while (!kthread_should_stop())
		usleep_range(500, 1000);
	return 0;
}

/* @cpu: where it has to run, or -1 */
struct task_struct *xw_start(struct xw_chain *chain, int cpu)
{
	struct task_struct *task = kthread_create(run_in_thread, chain, "xlp_walk");

	if (IS_ERR(task))
		return task;
	chain->task = task;
	if (cpu >= 0) {
		kthread_bind(task, cpu);
		set_user_nice(task, MAX_NICE);
	}
	wake_up_process(task);
	return task;
}

/* Return: who has come to the chain's end and falls asleep there, or NULL, which @m says. */
struct task_struct *xw_start_sleeper(struct seq_file *m, struct xw_chain *chain,
				     const struct xw_shape *shape)
{
	struct task_struct *task;

	xw_prepare(chain, shape, xw_end_sleep);
	task = xw_start(chain, -1);
	if (IS_ERR(task)) {
		seq_puts(m, "FAIL: no thread\n");
		return NULL;
	}
	wait_for_completion(&chain->there);
	return task;
}

void xw_finish(struct xw_chain *chain)
{
	WRITE_ONCE(chain->stop, true);
	complete(&chain->go_on);
	kthread_stop(chain->task);
}

/* On one CPU for the sake of probes: stay_on_one_cpu() of the suite says why. */
static void look_at_sleeper(struct seq_file *m, const struct xw_shape *shape)
{
	struct task_struct *task;

	xw_prepare(&chain, shape, xw_end_sleep);
	task = xw_start(&chain, raw_smp_processor_id());
	if (IS_ERR(task)) {
		chain.why_not = "no thread";
	} else {
		wait_for_completion(&chain.there);
		xw_look_when_asleep(task);
		xw_finish(&chain);
	}
	xw_show_chain(m, shape->expected, &chain);
}

static void look_at_plain(struct seq_file *m)
{
	look_at_sleeper(m, &xw_plain);
}

static void look_at_recursion(struct seq_file *m)
{
	look_at_sleeper(m, &xw_recursion);
}

static void look_at_alloca(struct seq_file *m)
{
	look_at_sleeper(m, &xw_alloca);
}

static void look_at_registers(struct seq_file *m)
{
	look_at_sleeper(m, &xw_registers);
}

/* ---- return addresses replaced by a probe ---- */

static int ignore_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return 0;
}

static struct kretprobe probes[2];

static int set_probe(struct kretprobe *probe, const char *function)
{
	memset(probe, 0, sizeof(*probe));
	probe->kp.symbol_name = function;
	probe->handler = ignore_return;
	probe->maxactive = 200;
	return register_kretprobe(probe);
}

static void probed(struct seq_file *m, const struct xw_shape *shape, const char *function)
{
	int err = set_probe(&probes[0], function);

	if (!err) {
		err = set_probe(&probes[1], function);
		if (err)
			unregister_kretprobe(&probes[0]);
	}
	if (err) {
		seq_printf(m, "skip: a kretprobe gave %d%s\n", err, XT_PROBE_OFFSET ?
			   ", as ftrace's call is at the entry, where none may stand" : "");
		return;
	}
	look_at_sleeper(m, shape);
	unregister_kretprobe(&probes[1]);
	unregister_kretprobe(&probes[0]);
}

static void look_at_kretprobe(struct seq_file *m)
{
	probed(m, &xw_plain, "xw_second");
}

static void look_at_kretprobe_recursion(struct seq_file *m)
{
	probed(m, &xw_recursion, "xw_recurse");
}

/* ---- a chain through a function that xlp has replaced ---- */

/* What the replacement calls. Where the compiler knows of no call, names serve. */
void xw_in_replacement(u64 argument)
{
	struct xw_chain *chain = (struct xw_chain *)(unsigned long)argument;

	xw_note(chain, 0, "xw_call_replaced");
	if (XT_RETURN_STUB[0])
		xw_note(chain, 0, XT_RETURN_STUB);
	xw_note(chain, 0, "new_nap");
	xw_end_sleep(chain);
	chain->sum++;
	barrier();
}
EXPORT_SYMBOL_GPL(xw_in_replacement);

static void look_at_replaced(struct seq_file *m)
{
	struct task_struct *task;

	xw_prepare(&chain, &xw_replaced, NULL);
	task = xw_start(&chain, -1);
	if (IS_ERR(task)) {
		chain.why_not = "no thread";
	} else if (!wait_for_completion_timeout(&chain.there, HZ)) {
		chain.why_not = "nobody has replaced xt_nap()";
		kthread_stop(task);
	} else {
		xw_look_when_asleep(task);
		xw_finish(&chain);
	}
	xw_show_chain(m, &chain.live, &chain);
}

/* ---- asleep in a page fault, which a copy in a chain of calls has caused ---- */

/* The copy may try again byte by byte. */
static xt_noipa vm_fault_t sleep_in_fault(struct vm_fault *fault)
{
	if (!chain.spinning) {
		chain.spinning = true;
		xw_end_sleep(&chain);
	}
	return xt_answer(VM_FAULT_SIGBUS);
}

static const struct vm_operations_struct fault_ops = { .fault = sleep_in_fault };

static int map_chain(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &fault_ops;
	return 0;
}

static const struct file_operations map_fops = {
	.owner = THIS_MODULE,
	.mmap = map_chain,
};

static int look_at_faulter(void *unused)
{
	wait_for_completion(&chain.there);
	xw_look_when_asleep(chain.task);
	complete(&chain.go_on);
	while (!kthread_should_stop())
		usleep_range(500, 1000);
	return 0;
}

static void run_and_fault(void)
{
	struct task_struct *looker = kthread_run(look_at_faulter, NULL, "xlp_looker");

	if (IS_ERR(looker)) {
		chain.why_not = "no thread";
		return;
	}
	xw_run_chain(&chain);
	/* if there was no fault nobody has looked */
	complete(&chain.there);
	kthread_stop(looker);
}

static void look_at_page_fault(struct seq_file *m)
{
	struct file *file = anon_inode_getfile("xlp_test_walk", &map_fops, NULL, O_RDWR);

	xw_prepare(&chain, &xw_user, xw_end_fault);
	chain.task = current;
	if (IS_ERR(file)) {
		seq_puts(m, "FAIL: no file\n");
		return;
	}
	chain.user = vm_mmap(file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	if (IS_ERR_VALUE(chain.user)) {
		chain.why_not = "no mapping";
	} else {
		run_and_fault();
		vm_munmap(chain.user, PAGE_SIZE);
	}
	fput(file);
	xw_show_chain(m, &chain.live, &chain);
}

/* ---- tasks that have not given up their CPU by themselves ---- */

/* What the end of a chain adds to what it is known to show. */
static struct xw_frames known;

static void expect_more(const struct xw_frames *outer, unsigned int but, const char *in)
{
	known = *outer;
	known.n -= but;
	if (in) {
		known.addr[known.n] = 0;
		known.in[known.n++] = in;
	}
}

/* A task that waits for another of lower priority on its own CPU preempts it. */
static void look_from_the_same_cpu(struct seq_file *m, int cpu)
{
	struct task_struct *task = xw_start(&chain, cpu);
	unsigned int tries = XW_SPIN_MS / 5;

	if (IS_ERR(task)) {
		chain.why_not = "no thread";
		return;
	}
	do {
		usleep_range(5000, 6000);
	} while (!READ_ONCE(chain.spinning) && tries--);
	xw_look_at(task);
	if (!READ_ONCE(chain.spinning) || READ_ONCE(chain.bytes[0]))
		chain.why_not = "the thread could not be preempted there";
	xw_finish(&chain);
}

static void preempt_chain(struct seq_file *m, xw_link end)
{
	cpumask_var_t old;
	int cpu;

	xw_prepare(&chain, &xw_registers, end);
	if (!preempt_model_preemptible()) {
		chain.why_not = "the kernel is not preemptible";
		return;
	}
	if (!alloc_cpumask_var(&old, GFP_KERNEL)) {
		chain.why_not = "out of memory";
		return;
	}
	cpumask_copy(old, current->cpus_ptr);
	cpu = cpumask_any_and(old, cpu_online_mask);
	set_cpus_allowed_ptr(current, cpumask_of(cpu));
	look_from_the_same_cpu(m, cpu);
	set_cpus_allowed_ptr(current, old);
	free_cpumask_var(old);
}

static void spin_and_tell(struct xw_chain *chain)
{
	xw_end_spin(chain);
	chain->bytes[0] = !READ_ONCE(chain->stop);
}

static void look_at_preempted(struct seq_file *m)
{
	preempt_chain(m, spin_and_tell);
	expect_more(xw_registers.expected, 1, "xw_spin");
	xw_show_chain(m, &known, &chain);
}

/* In a handler of ftrace: the function it has been called for must not be lost. */
static void notrace spin_in_handler(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	if (current != chain.task || chain.spinning)
		return;
	if (preemptible())
		xw_spin(&chain);
	chain.bytes[0] = !READ_ONCE(chain.stop);
}

static struct ftrace_ops handler = {
	.func = spin_in_handler,
};

static void return_at_once(struct xw_chain *chain)
{
	barrier();
}

static void in_handler(struct seq_file *m, unsigned long flags)
{
	static const char function[] = "xw_last";
	int err;

	handler.flags = flags;
	err = ftrace_set_filter(&handler, (unsigned char *)function, strlen(function), 1);
	if (!err)
		err = register_ftrace_function(&handler);
	if (err) {
		seq_printf(m, "skip: a handler gave %d\n", err);
		return;
	}
	preempt_chain(m, return_at_once);
	unregister_ftrace_function(&handler);
	/* without the call in xw_last() and the one in the end */
	expect_more(xw_registers.expected, 1, NULL);
	xw_show_chain(m, &known, &chain);
}

static void look_at_preempted_handler(struct seq_file *m)
{
	in_handler(m, 0);
}

static void look_at_preempted_handler_regs(struct seq_file *m)
{
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_REGS
	in_handler(m, FTRACE_OPS_FL_SAVE_REGS);
#else
	seq_puts(m, "skip: handlers never get all registers here\n");
#endif
}

/* A task that is ready to run and has a return address replaced by a probe. */
static void look_at_preempted_probed(struct seq_file *m)
{
	int err = set_probe(&probes[0], "xw_second");

	if (err) {
		seq_printf(m, "skip: a kretprobe gave %d%s\n", err, XT_PROBE_OFFSET ?
			   ", as ftrace's call is at the entry, where none may stand" : "");
		return;
	}
	preempt_chain(m, spin_and_tell);
	unregister_kretprobe(&probes[0]);
	expect_more(xw_registers.expected, 1, "xw_spin");
	xw_show_chain(m, &known, &chain);
}

static int another_cpu(void)
{
	int cpu = cpumask_any_but(cpu_online_mask, raw_smp_processor_id());

	return cpu < nr_cpu_ids ? cpu : -1;
}

static void look_at_running(struct seq_file *m)
{
	unsigned int tries = 1000;
	struct task_struct *task;
	int cpu = another_cpu();

	if (cpu < 0) {
		seq_puts(m, "skip: only one CPU\n");
		return;
	}
	xw_prepare(&chain, &xw_plain, xw_end_spin);
	task = xw_start(&chain, cpu);
	if (IS_ERR(task)) {
		seq_puts(m, "FAIL: no thread\n");
		return;
	}
	do {
		usleep_range(200, 400);
		xw_look_at(task);
	} while ((!READ_ONCE(chain.spinning) || xw_look.walk_err != -EAGAIN) && tries--);
	xw_finish(&chain);
	if (xw_look.walk_err == -EAGAIN && xw_look.scan_err == -EAGAIN)
		seq_puts(m, "running\n");
	else
		seq_printf(m, "FAIL: walk gives %d, scan %d\n", xw_look.walk_err,
			   xw_look.scan_err);
}

/* ---- a thread that was created and never woken ---- */

static int never_called(void *unused)
{
	return 0;
}

static void look_at_created(struct seq_file *m)
{
	struct task_struct *task = kthread_create(never_called, NULL, "xlp_created");

	xw_prepare(&chain, &xw_plain, NULL);
	known.n = 0;
	if (IS_ERR(task)) {
		chain.why_not = "no thread";
	} else {
		xw_look_when_asleep(task);
		kthread_stop(task);
	}
	xw_show_chain(m, &known, &chain);
}

/* ---- files ---- */

struct walk_case {
	const char *name;
	void (*run)(struct seq_file *m);
};

static const struct walk_case cases[] = {
	{ "plain", look_at_plain },
	{ "recursion", look_at_recursion },
	{ "alloca", look_at_alloca },
	{ "registers", look_at_registers },
	{ "page_fault", look_at_page_fault },
	{ "kretprobe", look_at_kretprobe },
	{ "kretprobe_recursion", look_at_kretprobe_recursion },
	{ "replaced", look_at_replaced },
	{ "preempted", look_at_preempted },
	{ "preempted_handler", look_at_preempted_handler },
	{ "preempted_handler_regs", look_at_preempted_handler_regs },
	{ "preempted_probed", look_at_preempted_probed },
	{ "saved", xw_saved },
	{ "running", look_at_running },
	{ "created", look_at_created },
	{ "never_ran", xw_never_ran },
	{ "zombie", xw_zombie },
	{ "exiting", xw_exiting },
	{ "corrupt_returns", xw_corrupt_returns },
	{ "corrupt_links", xw_corrupt_links },
	{ "tasks", xw_tasks },
	{ "idle", xw_idle },
	{ "idle_links", xw_idle_links },
};

static int case_show(struct seq_file *m, void *unused)
{
	const struct walk_case *c = m->private;

	mutex_lock(&case_lock);
	c->run(m);
	mutex_unlock(&case_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(case);

/* The caller of this is about to fork; the kernel's thread is made here. */
static int arm_set(void *unused, u64 on)
{
	int err = xw_arm_never_ran(on);
	struct task_struct *task;

	if (err || !on)
		return err;
	task = kthread_create(never_called, NULL, "xlp_newborn");
	return IS_ERR(task) ? PTR_ERR(task) : kthread_stop(task) == -EINTR ? 0 : -EIO;
}
DEFINE_DEBUGFS_ATTRIBUTE(arm_fops, NULL, arm_set, "%llu\n");

static int pid_set(void *unused, u64 pid)
{
	xw_zombie_pid = pid;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(pid_fops, NULL, pid_set, "%llu\n");

static int boot_code_set(void *unused, u64 addr)
{
	xw_boot_code = addr;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(boot_code_fops, NULL, boot_code_set, "%llu\n");

static int __init walk_init(void)
{
	unsigned int i;

	root = debugfs_create_dir("xlp_test_walk", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	xw_learn_chains();
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		debugfs_create_file(cases[i].name, 0400, root, (void *)&cases[i], &case_fops);
	debugfs_create_file("arm", 0200, root, NULL, &arm_fops);
	debugfs_create_file("boot_code", 0200, root, NULL, &boot_code_fops);
	debugfs_create_file("pid", 0200, root, NULL, &pid_fops);
	return 0;
}

static void __exit walk_exit(void)
{
	debugfs_remove_recursive(root);
	xw_arm_never_ran(false);
}

module_init(walk_init);
module_exit(walk_exit);
MODULE_DESCRIPTION("Chains of calls, and what xlp sees of them");
MODULE_LICENSE("GPL");
