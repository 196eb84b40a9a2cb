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
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "batch.h"
#include "ftrace.h"
#include "handler.h"
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

void xlp_redirect_by_task(const struct xlp_hook *hook, struct ftrace_regs *fregs)
{
	unsigned long target = xlp_target_of_task(&hook->targets);

	if (target)
		xlp_arch_redirect(fregs, target, &hook->stack_args);
	else
		xlp_arch_continue(fregs);
}

static void notrace ftrace_handle_only(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	xlp_redirect(container_of(ops, struct ftrace_memory, ops)->sites.slots[0].hook, fregs);
}

static void notrace ftrace_handle_one_of_many(unsigned long ip, unsigned long parent_ip,
					      struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct xlp_sites *sites = &container_of(ops, struct ftrace_memory, ops)->sites;
	const struct xlp_hook *hook;

	/* ftrace calls for addresses of the filter only, all of which are there. */
	if (xlp_sites_find(sites, ip, &hook))
		xlp_redirect(hook, fregs);
}

int xlp_ftrace_known_error(int err)
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

static int ftrace_batch_prepare(struct xlp_batch *batch)
{
	struct xlp_site *list = xlp_alloc_array(batch->nr_hooks, sizeof(*list));
	struct ftrace_memory *memory;
	struct xlp_hook *hook;

	if (!list)
		return -ENOMEM;
	xlp_for_each_hook(batch, hook)
		list[hook - batch->hooks] = (struct xlp_site){ hook->site, hook };
	memory = xlp_sites_make(offsetof(struct ftrace_memory, sites), list, batch->nr_hooks);
	xlp_free(list);
	if (IS_ERR(memory))
		return PTR_ERR(memory);
	batch->memory = memory;
	memory->addresses = xlp_alloc_array(batch->nr_hooks, sizeof(*memory->addresses));
	if (memory->addresses)
		return 0;
	ftrace_batch_release(batch);
	return -ENOMEM;
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
	return xlp_ftrace_known_error(err);
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

int xlp_ftrace_unregister(struct ftrace_ops *ops)
{
	int err = unregister_ftrace_function(ops);

	if (!err)
		ftrace_free_filter(ops);
	return err;
}

void xlp_ftrace_wait_for_handlers(void)
{
	/* Idle tasks are none that RCU tasks wait for. */
	synchronize_rcu_tasks_rude();
	synchronize_rcu_tasks();
}

int xlp_ftrace_take_out(struct ftrace_ops *ops, unsigned long *addresses, unsigned int nr)
{
	unsigned int tries = MEMORY_TRIES;
	int err;

	for (;;) {
		err = ftrace_set_filter_ips(ops, addresses, nr, 1, 0);
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
		err = xlp_ftrace_unregister(&memory->ops);
		batch->waited = !err && XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS;
	} else {
		/* Handlers and the table they read stay valid for the rest. */
		err = xlp_ftrace_take_out(&memory->ops, memory->addresses, n);
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

/* With preemption off. */
static const struct kprobe *ftrace_probe_at(unsigned long addr)
{
	return unexported_found(get_kprobe) ? unexported(get_kprobe)((void *)addr) : NULL;
}

/*
 * Kprobes know the first instruction of a site as ftrace's, and no other: where there are two, one
 * may be on the second. What ftrace finds there is not what it has written, or what the probe puts
 * back is not. Not so of code that has gone: what is there now it leaves alone.
 */
bool xlp_ftrace_is_probed_inside(unsigned long site)
{
	const struct kprobe *probe;
	bool is_probed = false;
	unsigned long addr;

	preempt_disable();
	for (addr = site + 1; addr < site + xlp_arch_call_size && !is_probed; addr++) {
		probe = ftrace_probe_at(addr);
		is_probed = probe && !(probe->flags & KPROBE_FLAG_GONE);
	}
	preempt_enable();
	return is_probed;
}

/* With one, kprobes change where the call goes. Without, or not through ftrace, they do not. */
static bool ftrace_has_post_handler(unsigned long site)
{
	const struct kprobe *probe;
	bool has;

	preempt_disable();
	probe = ftrace_probe_at(site);
	has = probe && probe->flags & KPROBE_FLAG_FTRACE && probe->post_handler;
	preempt_enable();
	return has;
}

void xlp_ftrace_holder(unsigned long site, char *text)
{
	unsigned long direct_caller = xlp_direct_caller(site);

	/* First, as a direct caller may share the function. */
	if (xlp_ftrace_is_probed_inside(site))
		strscpy(text, "a kprobe is on the second instruction of ftrace's call of it",
			XLP_HOLDER_LEN);
	else if (direct_caller)
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
	.is_hindered = xlp_ftrace_is_probed_inside,
	.holder	= xlp_ftrace_holder,
	.find_held = ftrace_find_held,
	.shrinks = true,
};
