// SPDX-License-Identifier: GPL-2.0
/*
 * xlp_bench_call.c - what a call of a replaced function costs
 *
 * Reading the parameter "instructions" calls the first @functions of 500 functions by
 * turns and says how many nanoseconds a call takes on top of one of a function like the
 * replacement that nobody replaces; and who has answered: old, new or mixed. With qemu
 * -icount shift=0 a nanosecond is an instruction.
 *
 * A write to "handler" puts an ftrace handler that does nothing on the functions of those names
 * (xtm_000, xtm_0*), caught as xlp catches calls; an empty one takes it away.
 *
 * Who reads /sys/kernel/debug/xlp_bench_call/stay stays inside the first function until
 * "hold" is 0 again, so that a transition stays open.
 */
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include <xlp/arch.h>

#include "xlp_many.h"

#define CALLS	20000

static unsigned int functions = 1;
module_param(functions, uint, 0600);

static bool hold;
static struct task_struct *inside;
static DECLARE_WAIT_QUEUE_HEAD(let_go);

/* Nobody wakes it but hold_set(), and it does not count as hung. */
static noinline void bench_stay(void)
{
	wait_event_idle(let_go, !READ_ONCE(hold));
}

static int hold_set(const char *value, const struct kernel_param *kp)
{
	int err = param_set_bool(value, kp);

	wake_up(&let_go);
	return err;
}

static const struct kernel_param_ops hold_ops = { .set = hold_set, .get = param_get_bool };

module_param_cb(hold, &hold_ops, &hold, 0600);

typedef long (*bench_function)(void);

/* Each has an answer of its own: the compiler would merge equal functions. */
#define XB_DEFINE(n)						\
static noinline __noclone long xtm_##n(void)			\
{								\
	if (unlikely(READ_ONCE(inside) == current))		\
		bench_stay();					\
	return 1##n;						\
}

XT_MANY(XB_DEFINE)

#define XB_ADDRESS(n) xtm_##n,

static const bench_function replaced[] = { XT_MANY(XB_ADDRESS) };

/* As xlp_bench_patch.h has it. */
static noinline __noclone long bench_return_0(void)
{
	barrier();
	return 0;
}

#define XB_PLAIN(n) bench_return_0,

static const bench_function plain[] = { XT_MANY(XB_PLAIN) };

/* Return: nanoseconds of so many rounds; @nr_new counts the new functions' answers. */
static noinline u64 bench_time(const bench_function *called, unsigned int rounds,
			       unsigned int *nr_new)
{
	unsigned int i, nr = 0;
	unsigned long flags;
	u64 started, ns;

	local_irq_save(flags);
	started = ktime_get_ns();
	while (rounds--)
		for (i = 0; i < functions; i++)
			nr += !called[i]();
	ns = ktime_get_ns() - started;
	local_irq_restore(flags);
	*nr_new = nr;
	return ns;
}

static const char *bench_who(unsigned int nr_new, unsigned int nr_calls)
{
	if (!nr_new)
		return "old";
	return nr_new == nr_calls ? "new" : "mixed";
}

static int instructions_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int rounds, calls, nr_new;
	s64 ns, tenths;

	if (!functions || functions > ARRAY_SIZE(replaced))
		return -EINVAL;
	rounds = max(1U, CALLS / functions);
	calls = rounds * functions;
	/* Twice, as what is called first has to be translated by the emulator. */
	bench_time(replaced, 1, &nr_new);
	bench_time(plain, 1, &nr_new);
	ns = -(s64)bench_time(plain, rounds, &nr_new);
	ns += bench_time(replaced, rounds, &nr_new);
	tenths = div_s64(10 * ns + calls / 2, calls);
	return sysfs_emit(buffer, "%lld.%u %s\n", tenths / 10, (unsigned int)abs(tenths % 10),
			  bench_who(nr_new, calls));
}

static const struct kernel_param_ops instructions_ops = { .get = instructions_get };

module_param_cb(instructions, &instructions_ops, NULL, 0400);

static void notrace bench_do_nothing(unsigned long ip, unsigned long parent_ip,
				     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops nothing_ops = {
	.func	= bench_do_nothing,
	.flags	= FTRACE_OPS_FL_IPMODIFY | xlp_arch_ftrace_flags,
};

static bool nothing_is_on;

/* It keeps its filter: one that was freed is not to be set again. */
static void nothing_remove(void)
{
	if (nothing_is_on)
		unregister_ftrace_function(&nothing_ops);
	nothing_is_on = false;
}

/* Writers come one at a time: they hold the lock of parameters. */
static int handler_set(const char *value, const struct kernel_param *kp)
{
	char *names = kstrndup(value, strcspn(value, "\n"), GFP_KERNEL);
	int err = 0;

	if (!names)
		return -ENOMEM;
	nothing_remove();
	if (*names) {
		err = ftrace_set_filter(&nothing_ops, (unsigned char *)names, strlen(names), 1) ?:
		      register_ftrace_function(&nothing_ops);
		nothing_is_on = !err;
	}
	kfree(names);
	return err;
}

static const struct kernel_param_ops handler_ops = { .set = handler_set };

module_param_cb(handler, &handler_ops, NULL, 0200);

static ssize_t stay_read(struct file *file, char __user *buffer, size_t size, loff_t *pos)
{
	WRITE_ONCE(inside, current);
	xtm_000();
	WRITE_ONCE(inside, NULL);
	return 0;
}

static const struct file_operations stay_fops = {
	.owner	= THIS_MODULE,
	.read	= stay_read,
};

static struct dentry *root;

static int __init bench_call_init(void)
{
	root = debugfs_create_dir("xlp_bench_call", NULL);
	debugfs_create_file("stay", 0400, root, NULL, &stay_fops);
	return 0;
}

static void __exit bench_call_exit(void)
{
	debugfs_remove(root);
	nothing_remove();
	ftrace_free_filter(&nothing_ops);
}

module_init(bench_call_init);
module_exit(bench_call_exit);
MODULE_DESCRIPTION("xlp bench: calls of replaced functions");
MODULE_LICENSE("GPL");
