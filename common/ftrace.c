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

#include <compat/direct.h>
#include <compat/unexported.h>
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "batch.h"
#include "ftrace.h"
#include "method.h"
#include "sites.h"

/* So often, and this long after each other, memory is asked for that has to come. */
#define MEMORY_TRIES	100
#define MEMORY_RETRY_MS	50

/**
 * struct ftrace_memory - &xlp_batch.memory: what ftrace and handlers have of a batch
 * @ops:	what ftrace knows it by, and calls handlers with
 * @addresses:	scratch space for as many addresses as there are hooks
 * @sites:	where handlers find the hook; freed when no handler uses it any more
 */
struct ftrace_memory {
	struct ftrace_ops ops;
	unsigned long *addresses;
	struct xlp_sites sites;
};

/* Apart, so that a handler needs no stack frame where the task does not matter. */
static noinline notrace void ftrace_redirect_by_task(const struct xlp_hook *hook,
						     struct ftrace_regs *fregs)
{
	unsigned long target = xlp_target_of_task(&hook->targets);

	if (target)
		xlp_arch_redirect(fregs, target, &hook->stack_args);
	else
		xlp_arch_continue(fregs);
}

/*
 * The path of every call of a replaced function. Nothing here can be traced or
 * sleeps, so there is no recursion to guard against. What is read stays valid
 * while a handler runs: the batch until ftrace has waited for all handlers, the
 * target until release.c has found no task that could still jump there.
 */
static __always_inline void ftrace_redirect(const struct xlp_hook *hook, struct ftrace_regs *fregs)
{
	unsigned long target = xlp_target_now(&hook->targets);

	if (likely(target > XLP_ASK))
		xlp_arch_redirect(fregs, target, &hook->stack_args);
	else if (target)
		ftrace_redirect_by_task(hook, fregs);
	else
		xlp_arch_continue(fregs);
}

static void notrace ftrace_handle_only(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	ftrace_redirect(container_of(ops, struct ftrace_memory, ops)->sites.slots[0].hook, fregs);
}

static void notrace ftrace_handle_one_of_many(unsigned long ip, unsigned long parent_ip,
					      struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct xlp_sites *sites = &container_of(ops, struct ftrace_memory, ops)->sites;
	const struct xlp_site *slot = xlp_sites_slot(sites, ip, 0);

	if (unlikely(slot->site != ip)) {
		slot = xlp_sites_slot(sites, ip, 1);
		/* ftrace calls for addresses of the filter only, all of which have a slot. */
		if (unlikely(slot->site != ip))
			return;
	}
	ftrace_redirect(slot->hook, fregs);
}

/*
 * Who shares a function is asked whether it can, and may refuse by an error that the
 * kernel alone knows: BPF says -ENOTSUPP (524) where its compiler cannot make a
 * trampoline that shares. For whoever enables a patch that is a function which
 * somebody else holds, and which is free when that has gone: -EBUSY.
 */
static int ftrace_known_error(int err)
{
	return err <= -ERESTARTSYS ? -EBUSY : err;
}

static void ftrace_batch_release(struct xlp_batch *batch)
{
	struct ftrace_memory *memory = batch->memory;

	xlp_free(memory->addresses);
	xlp_free(memory);
	batch->memory = NULL;
}

static int ftrace_batch_prepare_of_size(struct xlp_batch *batch, unsigned int bits)
{
	struct ftrace_memory *memory = xlp_alloc(struct_size(memory, sites.slots, 1UL << bits));

	if (!memory)
		return -ENOMEM;
	memory->addresses = xlp_alloc_array(batch->nr_hooks, sizeof(*memory->addresses));
	batch->memory = memory;
	if (!memory->addresses) {
		ftrace_batch_release(batch);
		return -ENOMEM;
	}
	if (!xlp_sites_fill(&memory->sites, bits, batch->hooks, batch->nr_hooks)) {
		ftrace_batch_release(batch);
		return -ENOSPC;
	}
	return 0;
}

static int ftrace_batch_prepare(struct xlp_batch *batch)
{
	unsigned int bits = xlp_sites_bits(batch->nr_hooks);
	unsigned int most = bits + XLP_SITES_DOUBLINGS;
	int err;

	do {
		err = ftrace_batch_prepare_of_size(batch, bits);
	} while (err == -ENOSPC && bits++ < most);
	if (err == -ENOSPC)
		pr_err("%u functions find no place in a table for %lu\n",
		       batch->nr_hooks, 1UL << most);
	return err;
}

static int ftrace_batch_attach(struct xlp_batch *batch)
{
	struct ftrace_memory *memory = batch->memory;
	struct xlp_hook *hook;
	unsigned int n = 0;
	int err;

	memory->ops.func = batch->nr_hooks == 1 ? ftrace_handle_only : ftrace_handle_one_of_many;
	memory->ops.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |
			    FTRACE_OPS_FL_DYNAMIC | xlp_arch_ftrace_flags;
	xlp_for_each_hook(batch, hook)
		memory->addresses[n++] = hook->site;
	err = ftrace_set_filter_ips(&memory->ops, memory->addresses, n, 0, 1) ?:
	      xlp_arch_ftrace_register(&memory->ops, memory->addresses, n);
	return ftrace_known_error(err);
}

void xlp_ftrace_forget_refused(struct ftrace_ops *ops)
{
	/*
	 * A refused ops has been on ftrace's list for a moment, and ftrace does
	 * not wait for those who walk the list with preemption off.
	 */
	synchronize_rcu_tasks_rude();
	synchronize_rcu();
	ftrace_free_filter(ops);
}

static void ftrace_batch_abandon(struct xlp_batch *batch)
{
	struct ftrace_memory *memory = batch->memory;

	xlp_ftrace_forget_refused(&memory->ops);
}

static int ftrace_batch_detach_all(struct ftrace_ops *ops)
{
	/* Waits until no handler of these ops runs any more. */
	int err = unregister_ftrace_function(ops);

	if (!err)
		ftrace_free_filter(ops);
	return err;
}

/*
 * The first @n addresses leave. The rest stays, so handlers and the table they read stay
 * valid. ftrace needs memory for that, and what cannot leave stays hooked for ever: that
 * is worth a wait.
 */
static int ftrace_batch_detach_part(struct ftrace_memory *memory, unsigned int n)
{
	unsigned int tries = MEMORY_TRIES;
	int err;

	for (;;) {
		err = ftrace_set_filter_ips(&memory->ops, memory->addresses, n, 1, 0);
		if (err != -ENOMEM || !--tries)
			return err;
		msleep(MEMORY_RETRY_MS);
	}
}

static int ftrace_batch_detach(struct xlp_batch *batch)
{
	struct ftrace_memory *memory = batch->memory;
	struct xlp_hook *hook;
	unsigned int n = 0;
	int err;

	xlp_for_each_hook(batch, hook)
		if (hook->state == XLP_HOOK_LEAVING)
			memory->addresses[n++] = hook->site;
	if (n == batch->nr_attached) {
		err = ftrace_batch_detach_all(&memory->ops);
		batch->waited = !err && XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS;
	} else {
		err = ftrace_batch_detach_part(memory, n);
	}
	WARN(err, "xlp: ftrace does not let go of %u functions: %d\n", n, err);
	return err;
}

/* ---- who holds a function ---- */

static void notrace ftrace_leave_alone(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

/*
 * The switch itself is data, which not every kernel lists. Who may change where calls go
 * cannot have all functions, which is what an empty filter asks for: ftrace says -EINVAL, and
 * before that -EBUSY to who must not be switched off while it is. So nothing is hooked for an
 * answer, and nothing need be let go of, which would wait for RCU tasks under ftrace's lock:
 * a task that spins in the kernel would keep everybody waiting.
 */
static bool ftrace_is_switched_off(void)
{
	struct ftrace_ops *ops = xlp_alloc(sizeof(*ops));
	int err;

	if (!ops)
		return false;
	ops->func = ftrace_leave_alone;
	/* Never called, although ftrace has it on its list for a moment. */
	ops->flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_DYNAMIC |
		     FTRACE_OPS_FL_STUB;
	/* Only who has had a filter can be registered so: ftrace looks into it. */
	err = ftrace_set_filter(ops, NULL, 0, 1) ?: register_ftrace_function(ops);
	if (WARN_ON(!err) && unregister_ftrace_function(ops)) {
		/* It is hooked for ever, so neither it nor xlp.ko may go. */
		__module_get(THIS_MODULE);
		return false;
	}
	xlp_ftrace_forget_refused(ops);
	xlp_free(ops);
	return err == -EBUSY;
}

/* With one, kprobes change where the call goes. Without, or not through ftrace, they do not. */
static bool ftrace_has_post_handler(unsigned long site)
{
	const struct kprobe *probe = NULL;
	bool has;

	preempt_disable();
	if (unexported_found(get_kprobe))
		probe = unexported(get_kprobe)((void *)site);
	has = probe && probe->flags & KPROBE_FLAG_FTRACE && probe->post_handler;
	preempt_enable();
	return has;
}

void xlp_ftrace_holder(unsigned long site, char *text)
{
	unsigned long direct_caller = xlp_direct_caller(site);

	if (direct_caller)
		snprintf(text, XLP_HOLDER_LEN, "the direct caller %ps does not share it",
			 (void *)direct_caller);
	else if (ftrace_has_post_handler(site))
		strscpy(text, "a kprobe with a post_handler is on it", XLP_HOLDER_LEN);
	else if (ftrace_is_switched_off())
		strscpy(text, "kernel.ftrace_enabled is 0", XLP_HOLDER_LEN);
	else if (xlp_tells_direct_callers())
		strscpy(text, "another one redirects its calls, such as in-kernel livepatch",
			XLP_HOLDER_LEN);
	else
		strscpy(text,
			"another one redirects its calls: in-kernel livepatch or a direct caller",
			XLP_HOLDER_LEN);
}

/* What was to be attached is in memory->addresses. */
static const struct xlp_hook *ftrace_find_held(const struct xlp_batch *batch)
{
	const struct ftrace_memory *memory = batch->memory;
	unsigned int n = xlp_first_redirected(memory->addresses, batch->nr_hooks);

	return n < batch->nr_hooks ? &batch->hooks[n] : NULL;
}

/* Nothing here waits for other tasks, but for ftrace's own locks and where @detach does. */
const struct xlp_method xlp_ftrace_method = {
	.name	= "ftrace",
	.prepare = ftrace_batch_prepare,
	.release = ftrace_batch_release,
	.attach	= ftrace_batch_attach,
	.abandon = ftrace_batch_abandon,
	.detach	= ftrace_batch_detach,
	.holder	= xlp_ftrace_holder,
	.find_held = ftrace_find_held,
	.shrinks = true,
};
