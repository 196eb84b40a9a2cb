// SPDX-License-Identifier: GPL-2.0
/*
 * ftrace.c - reach functions through ftrace, the generic method
 *
 * One struct ftrace_ops for each batch of functions, its filter complete before
 * it is registered: registering is one pass over the kernel's text however many
 * functions there are, and it is the only moment at which ftrace looks for
 * direct callers of them. (Adding addresses to the filter of a registered ops
 * skips that look and leaves such a function unpatched without an error, which
 * is why batches never grow.)
 *
 * IPMODIFY makes ftrace refuse a function whose instruction pointer somebody
 * else changes already. PERMANENT makes it refuse, now and later, to be
 * switched off by sysctl.
 */
#include "log.h"

#include <linux/compiler.h>
#include <linux/rcupdate.h>
#include <xlp/arch.h>
#include "hook.h"

/*
 * The path of every call of a replaced function. Nothing here can be traced or
 * sleeps, so there is no recursion to guard against. What is read stays valid
 * while a handler runs: the batch until ftrace has waited for all handlers, the
 * target until release.c has found no task that could still jump there.
 */
static __always_inline void redirect(const struct xlp_hook *hook, struct ftrace_regs *fregs)
{
	unsigned long target = xlp_target(&hook->targets);

	if (target)
		xlp_arch_redirect(fregs, target, READ_ONCE(hook->stack_args));
}

static void notrace handle_only(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	redirect(&container_of(ops, struct xlp_batch, ops)->hooks[0], fregs);
}

static void notrace handle_one_of_many(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct xlp_batch *batch = container_of(ops, struct xlp_batch, ops);
	const struct xlp_hook *hook = *xlp_batch_slot(batch, ip);

	/* ftrace calls for addresses of the filter only, all of which have a slot. */
	if (likely(hook))
		redirect(hook, fregs);
}

static int attach(struct xlp_batch *batch)
{
	struct xlp_hook *hook;
	unsigned int n = 0;

	batch->ops.func = batch->nr_hooks == 1 ? handle_only : handle_one_of_many;
	batch->ops.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |
			   FTRACE_OPS_FL_DYNAMIC | xlp_arch_ftrace_flags;
	xlp_for_each_hook(batch, hook)
		batch->sites[n++] = hook->site;
	return ftrace_set_filter_ips(&batch->ops, batch->sites, n, 0, 1) ?:
	       register_ftrace_function(&batch->ops);
}

static void abandon(struct xlp_batch *batch)
{
	/*
	 * A refused ops has been on ftrace's list for a moment, and ftrace does
	 * not wait for those who walk the list with preemption off.
	 */
	synchronize_rcu_tasks_rude();
	synchronize_rcu();
	ftrace_free_filter(&batch->ops);
}

static int detach_all(struct xlp_batch *batch)
{
	/* Waits until no handler of these ops runs any more. */
	int err = unregister_ftrace_function(&batch->ops);

	if (!err)
		ftrace_free_filter(&batch->ops);
	return err;
}

static int detach(struct xlp_batch *batch)
{
	struct xlp_hook *hook;
	unsigned int n = 0;
	int err;

	xlp_for_each_hook(batch, hook)
		if (hook->state == XLP_HOOK_LEAVING)
			batch->sites[n++] = hook->site;
	if (n == batch->nr_attached)
		err = detach_all(batch);
	else	/* The rest stays, so handlers and the table they read stay valid. */
		err = ftrace_set_filter_ips(&batch->ops, batch->sites, n, 1, 0);
	WARN(err, "xlp: ftrace does not let go of %u functions: %d\n", n, err);
	return err;
}

const struct xlp_method xlp_ftrace_method = {
	.name	= "ftrace",
	.attach	= attach,
	.abandon = abandon,
	.detach	= detach,
};
