// SPDX-License-Identifier: GPL-2.0
/*
 * branch.c - reach functions by a branch at their entry
 *
 * For architectures whose ftrace cannot: where its call comes after the prologue, say. One that
 * has this file compiled brings <asm/xlp-branch.h>.
 *
 *	function:  branch             stub:  xlp_stub_choose() ──▶ new function
 *	           second instruction ◀───── first instruction, if that says 0
 *
 * The words of a batch are written in one stop of the machine, in which each entry is looked
 * at first: text that is not as it was found is left alone, and the batch is refused.
 *
 * A kprobe keeps the word that it has found and writes it back when it goes. One that has been
 * on the entry before would bring the old function back, so it refuses the batch. One that
 * comes later keeps the branch: it simulates that, and calls go on as they should. If it is
 * still there when the function is let go of, the stub stays, and leads back into the
 * function, until the probe has gone. So does xlp.ko.
 */
#include "log.h"

#include <asm-generic/xlp/branch.h>
#include <asm/xlp-branch.h>
#include <compat/text.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/stop_machine.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "batch.h"
#include "method.h"
#include "patch.h"

/* How often it is looked whether the probes that keep stubs have gone. */
#define PROBES_RETRY_MS	1000

/**
 * enum stub_state - who needs a stub
 * @STUB_FREE:	nobody
 * @STUB_HOOKED: a hook
 * @STUB_KEPT:	no hook any more, but somebody may write the branch back
 * @STUB_GOING:	nobody can do so any more, but tasks may still be in the stub
 *
 *	FREE --stub_take()--> HOOKED --stub_keep()--> KEPT --stubs_find_going()--> GOING
 *	  ^                      |                                                   |
 *	  '-------stub_free()----'------------------------stub_free()----------------'
 */
enum stub_state {
	STUB_FREE,
	STUB_HOOKED,
	STUB_KEPT,
	STUB_GOING,
};

/**
 * struct entry - what stands at the entry of a function that has a stub
 * @site:	the entry, or 0: it was a module's, which has gone
 * @first:	the instruction that was there
 * @state:	of its stub
 */
struct entry {
	unsigned long site;
	u32 first;
	enum stub_state state;
};

/* By stub. Their states change under the mutex. */
static struct entry entries[XLP_NR_STUBS];
static DEFINE_MUTEX(stubs_mutex);

/**
 * struct branch_memory - &xlp_batch.memory
 * @written:	the branches have been there, if only for a moment
 * @stubs:	of each hook, or NULL: it has none any more
 */
struct branch_memory {
	bool written;
	struct xlp_stub *stubs[];
};

static struct entry *entry_of(const struct xlp_stub *stub)
{
	return &entries[stub - xlp_stubs];
}

static struct xlp_stub **stub_of(const struct xlp_hook *hook)
{
	struct branch_memory *memory = hook->batch->memory;

	return &memory->stubs[hook - hook->batch->hooks];
}

/* The function has been let go of, and its stub not yet. */
static bool entry_is_left(const struct entry *entry)
{
	return entry->state == STUB_KEPT || entry->state == STUB_GOING;
}

static u32 branch_to(const struct xlp_stub *stub)
{
	return xlp_arch_branch(entry_of(stub)->site, stub);
}

/* What stands at an entry now; false: its module is gone, and something else may be there. */
static bool entry_read(const struct entry *entry, u32 *word)
{
	unsigned long site;
	bool exists;

	/* Modules wait for that before they are freed. */
	preempt_disable();
	/* The worker of what is left has no mutex here: branch_forget() may set it to 0. */
	site = READ_ONCE(entry->site);
	exists = xlp_in_compiled_code(site);
	if (exists)
		*word = xlp_arch_text_word(site);
	preempt_enable();
	return exists;
}

/* ---- the path of every call ---- */

unsigned long notrace xlp_stub_choose(const struct xlp_hook *hook)
{
	unsigned long target = xlp_target_now(&hook->targets);

	return likely(target != XLP_ASK) ? target : xlp_target_of_task(&hook->targets);
}

/* What stubs are asked about that no hook has any more: go on in the function. */
static const struct xlp_hook no_hook;

/* ---- writing ---- */

/**
 * struct stop - what is written while the machine is stopped
 * @write:	writes, on one CPU
 * @batch:	for it
 * @arrived:	how many CPUs have come
 * @done:	it has been written
 * @err:	how that has ended
 */
struct stop {
	int (*write)(struct xlp_batch *batch);
	struct xlp_batch *batch;
	atomic_t arrived;
	bool done;
	int err;
};

/* No CPU goes on with what it has fetched before. */
static int stopped(void *data)
{
	struct stop *stop = data;

	if (atomic_inc_return(&stop->arrived) == 1) {
		stop->err = stop->write(stop->batch);
		/* Pairs with the acquire below: who goes on finds what has been written. */
		smp_store_release(&stop->done, true);
	}
	/* Pairs with the release above. */
	while (!smp_load_acquire(&stop->done))
		cpu_relax();
	xlp_arch_sync_core();
	return 0;
}

static int write_stopped(int (*write)(struct xlp_batch *batch), struct xlp_batch *batch)
{
	struct stop stop = { .write = write, .batch = batch };

	stop_machine(stopped, &stop, cpu_online_mask);
	return stop.err;
}

/* A probe may have kept hook_read_first() from judging the instruction. */
static bool entry_is_held(const struct entry *entry)
{
	u32 word;

	return xlp_arch_text_word(entry->site) != entry->first ||
	       xlp_is_probed(entry->site, &word) || !xlp_arch_may_be_displaced(entry->first);
}

static int write_branches(struct xlp_batch *batch)
{
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		if (entry_is_held(entry_of(*stub_of(hook))))
			return -EBUSY;
	xlp_for_each_hook(batch, hook)
		xlp_arch_write_word(hook->site, branch_to(*stub_of(hook)));
	return 0;
}

static bool entry_has_branch(const struct xlp_stub *stub)
{
	u32 word;

	return entry_read(entry_of(stub), &word) && word == branch_to(stub);
}

/* Can somebody write the branch back, or has he something else there? */
static bool entry_is_touched(const struct xlp_stub *stub)
{
	const struct entry *entry = entry_of(stub);
	u32 word;

	if (!entry_read(entry, &word))
		return false;
	return word != entry->first ||
	       (xlp_is_probed(entry->site, &word) && word == branch_to(stub));
}

static void write_first_word(const struct xlp_stub *stub)
{
	const struct entry *entry = entry_of(stub);

	if (entry_has_branch(stub))
		xlp_arch_write_word(entry->site, entry->first);
}

/* Is this hook to be let go of? */
static bool hook_leaves(const struct xlp_hook *hook)
{
	return *stub_of(hook) && (hook->state == XLP_HOOK_LEAVING ||
				  hook->state == XLP_HOOK_ATTACHING);
}

static int write_first_words(struct xlp_batch *batch)
{
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		if (hook_leaves(hook))
			write_first_word(*stub_of(hook));
	return 0;
}

static int write_left_words(struct xlp_batch *unused)
{
	struct xlp_stub *stub;

	for (stub = xlp_stubs; stub < xlp_stubs + XLP_NR_STUBS; stub++)
		if (entry_is_left(entry_of(stub)))
			write_first_word(stub);
	return 0;
}

/*
 * Whoever is just registering a probe may have read an entry, and not be in the kernel's
 * table yet. He holds a lock meanwhile, which this takes. The probe itself is never armed, on
 * a function that this file calls, so that the kernel has it.
 */
static int probes_settle(void)
{
	struct kprobe probe = {
		.symbol_name = "queue_delayed_work_on",
		.flags = KPROBE_FLAG_DISABLED,
	};
	int err = register_kprobe(&probe);

	if (!err)
		unregister_kprobe(&probe);
	return err;
}

/* One that is refused may not have come as far as to the lock, for lack of memory apart. */
static int probes_try_to_settle(void)
{
	static bool has_settled;
	int err = has_settled ? 0 : probes_settle();

	has_settled = !err || err == -ENOMEM;
	if (has_settled)
		return 0;
	pr_err("no function can be replaced: whether kprobes are being registered cannot be told, as one on queue_delayed_work_on() is refused (%d)\n",
	       err);
	return -EOPNOTSUPP;
}

/* ---- stubs that are kept ---- */

static void stubs_look(struct work_struct *work);
static DECLARE_DELAYED_WORK(stubs_work, stubs_look);

static void stub_free(struct xlp_stub *stub)
{
	*entry_of(stub) = (struct entry){ };
}

/* Under the mutex. xlp.ko stays loaded meanwhile. */
static void stub_keep(struct xlp_stub *stub)
{
	__module_get(THIS_MODULE);
	xlp_arch_stub_point_at(stub, &no_hook);
	entry_of(stub)->state = STUB_KEPT;
	schedule_delayed_work(&stubs_work, msecs_to_jiffies(PROBES_RETRY_MS));
}

static unsigned int stubs_left(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < XLP_NR_STUBS; i++)
		nr += entry_is_left(&entries[i]);
	return nr;
}

/* Has the probe gone for which it was kept? */
static void stubs_find_going(void)
{
	unsigned int i;

	mutex_lock(&stubs_mutex);
	for (i = 0; i < XLP_NR_STUBS; i++)
		if (entries[i].state == STUB_KEPT && !entry_is_touched(&xlp_stubs[i]))
			entries[i].state = STUB_GOING;
	mutex_unlock(&stubs_mutex);
}

static unsigned int stubs_free_going(void)
{
	unsigned int i, nr = 0;

	mutex_lock(&stubs_mutex);
	for (i = 0; i < XLP_NR_STUBS; i++) {
		if (entries[i].state != STUB_GOING)
			continue;
		stub_free(&xlp_stubs[i]);
		nr++;
	}
	/* Who has kept one meanwhile has asked for another look, for which xlp.ko must stay. */
	if (stubs_left())
		schedule_delayed_work(&stubs_work, msecs_to_jiffies(PROBES_RETRY_MS));
	else
		cancel_delayed_work(&stubs_work);
	mutex_unlock(&stubs_mutex);
	return nr;
}

/* Who asks first spares the machine a stop each second, for as long as a probe stays. */
static bool any_left_has_branch(void)
{
	const struct xlp_stub *stub;

	for (stub = xlp_stubs; stub < xlp_stubs + XLP_NR_STUBS; stub++)
		if (entry_is_left(entry_of(stub)) && entry_has_branch(stub))
			return true;
	return false;
}

/* The last thing it does with this module is to let it go: see xlp_unhook_exit(). */
static void stubs_look(struct work_struct *work)
{
	unsigned int nr;

	if (any_left_has_branch())
		write_stopped(write_left_words, NULL);
	probes_settle();
	stubs_find_going();
	synchronize_rcu_tasks();
	nr = stubs_free_going();
	while (nr--)
		module_put(THIS_MODULE);
}

/* ---- taking stubs ---- */

static const struct entry *entry_left(unsigned long site)
{
	unsigned int i;

	for (i = 0; i < XLP_NR_STUBS; i++)
		if (entry_is_left(&entries[i]) && entries[i].site == site)
			return &entries[i];
	return NULL;
}

static struct xlp_stub *stub_find_free(void)
{
	unsigned int i;

	for (i = 0; i < XLP_NR_STUBS; i++)
		if (entries[i].state == STUB_FREE)
			return &xlp_stubs[i];
	return NULL;
}

/* The instruction to be displaced; what a probe has there attaching will tell. */
static int hook_read_first(const struct xlp_hook *hook, u32 *first)
{
	const struct entry *left = entry_left(hook->site);
	u32 word;

	*first = left ? left->first : xlp_arch_text_word(hook->site);
	if (left || xlp_is_probed(hook->site, &word) || xlp_arch_may_be_displaced(*first))
		return 0;
	/* It was a probe's, which has just gone: that will be told, too. */
	if (xlp_arch_text_word(hook->site) != *first)
		return 0;
	xlp_func_err(hook->first, "its first instruction (%08x) branches, traps or uses pc, so no branch can stand in its place",
		     *first);
	return -EINVAL;
}

static int stub_take(const struct xlp_hook *hook)
{
	struct xlp_stub *stub = stub_find_free();
	long far;
	u32 first;
	int err;

	if (!stub) {
		xlp_func_err(hook->first, "all %u stubs are in use: disable other patches first",
			     XLP_NR_STUBS);
		return -ENOSPC;
	}
	if (!xlp_arch_branch_reaches(hook->site, stub)) {
		far = (unsigned long)stub - hook->site;
		xlp_func_err(hook->first, "it is %lu KiB away from xlp.ko, and a branch reaches %u KiB",
			     abs(far) >> 10, XLP_BRANCH_REACH >> 10);
		return -ERANGE;
	}
	err = hook_read_first(hook, &first);
	if (err)
		return err;
	*entry_of(stub) = (struct entry){
		.site = hook->site,
		.first = first,
		.state = STUB_HOOKED,
	};
	*stub_of(hook) = stub;
	return 0;
}

/* ---- the method ---- */

static void branch_release(struct xlp_batch *batch)
{
	struct xlp_hook *hook;

	mutex_lock(&stubs_mutex);
	xlp_for_each_hook(batch, hook)
		if (*stub_of(hook))
			stub_free(*stub_of(hook));
	mutex_unlock(&stubs_mutex);
	xlp_free(batch->memory);
	batch->memory = NULL;
}

static int branch_prepare(struct xlp_batch *batch)
{
	struct xlp_hook *hook;
	struct branch_memory *memory = xlp_alloc(struct_size(memory, stubs, batch->nr_hooks));
	int err = 0;

	if (!memory)
		return -ENOMEM;
	batch->memory = memory;
	mutex_lock(&stubs_mutex);
	xlp_for_each_hook(batch, hook) {
		err = stub_take(hook);
		if (err)
			break;
	}
	mutex_unlock(&stubs_mutex);
	if (err)
		branch_release(batch);
	return err;
}

/* Nobody comes here before there are branches. */
static void stub_write(struct xlp_stub *stub, const struct xlp_hook *hook)
{
	xlp_arch_stub_continue_in(stub, hook->site, entry_of(stub)->first);
	xlp_arch_stub_point_at(stub, hook);
}

/* A probe that was there before the branch takes it away when it goes. */
static bool entry_lost(const struct xlp_stub *stub)
{
	u32 word;

	return xlp_is_probed(entry_of(stub)->site, &word) && word != branch_to(stub);
}

/* Has one of the functions a stub of an earlier patch? */
static bool any_is_left(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;
	bool is_left = false;

	mutex_lock(&stubs_mutex);
	xlp_for_each_hook(batch, hook)
		is_left |= !!entry_left(hook->site);
	mutex_unlock(&stubs_mutex);
	return is_left;
}

static int branch_attach(struct xlp_batch *batch)
{
	struct branch_memory *memory = batch->memory;
	struct xlp_hook *hook;
	int err = probes_try_to_settle();

	if (err)
		return err;
	/* Where a probe has just gone. */
	if (any_is_left(batch))
		flush_delayed_work(&stubs_work);
	xlp_for_each_hook(batch, hook)
		stub_write(*stub_of(hook), hook);
	err = write_stopped(write_branches, batch);
	if (err)
		return err;
	memory->written = true;
	probes_settle();
	xlp_for_each_hook(batch, hook)
		if (entry_lost(*stub_of(hook)))
			return -EBUSY;
	return 0;
}

static bool any_has_branch(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		if (hook_leaves(hook) && entry_has_branch(*stub_of(hook)))
			return true;
	return false;
}

static void stubs_keep_touched(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;

	mutex_lock(&stubs_mutex);
	xlp_for_each_hook(batch, hook) {
		if (hook_leaves(hook) && entry_is_touched(*stub_of(hook))) {
			stub_keep(*stub_of(hook));
			*stub_of(hook) = NULL;
		}
	}
	mutex_unlock(&stubs_mutex);
}

static void stubs_free(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;

	mutex_lock(&stubs_mutex);
	xlp_for_each_hook(batch, hook) {
		if (hook_leaves(hook)) {
			stub_free(*stub_of(hook));
			*stub_of(hook) = NULL;
		}
	}
	mutex_unlock(&stubs_mutex);
}

/* Hooks that leave have no stub afterwards, and nobody uses them. */
static void branch_leave(struct xlp_batch *batch)
{
	do {
		write_stopped(write_first_words, batch);
		probes_settle();
	} while (any_has_branch(batch));
	stubs_keep_touched(batch);
	synchronize_rcu_tasks();
	stubs_free(batch);
}

/* Whoever tries a part of a batch has its hooks ATTACHED before they are: none of them is. */
static void branch_abandon(struct xlp_batch *batch)
{
	const struct branch_memory *memory = batch->memory;
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook)
		hook->state = XLP_HOOK_ATTACHING;
	if (memory->written)
		branch_leave(batch);
	else
		stubs_free(batch);
}

static int branch_detach(struct xlp_batch *batch)
{
	branch_leave(batch);
	batch->waited = true;
	return 0;
}

static void branch_holder(unsigned long site, char *text)
{
	u32 word;

	strscpy(text, xlp_is_probed(site, &word) ?
		"a kprobe is on its first instruction" :
		"another one has changed its first instruction", XLP_HOLDER_LEN);
}

static const struct xlp_hook *branch_find_held(const struct xlp_batch *batch)
{
	const struct xlp_hook *hook;
	u32 word;

	xlp_for_each_hook(batch, hook)
		if (xlp_is_probed(hook->site, &word))
			return hook;
	return NULL;
}

static unsigned long branch_code(const struct xlp_hook *hook, unsigned long *size)
{
	*size = sizeof(struct xlp_stub);
	return (unsigned long)*stub_of(hook);
}

/* Nothing is said of a function that has gone. */
static void branch_show(struct seq_file *file)
{
	const struct entry *entry;
	unsigned int i;

	mutex_lock(&stubs_mutex);
	for (i = 0; i < XLP_NR_STUBS; i++) {
		entry = &entries[i];
		if (!entry->site)
			continue;
		if (entry_is_left(entry))
			seq_printf(file, "%ps (0), kept as somebody else writes there\n",
				   (void *)entry->site);
		else if (entry->state == STUB_HOOKED && entry_has_branch(&xlp_stubs[i]))
			seq_printf(file, "%ps (1)\n", (void *)entry->site);
	}
	mutex_unlock(&stubs_mutex);
}

/*
 * No probe writes there any more. What comes to the same place would else count as changed text
 * for ever, and its functions as those of the old stubs.
 */
static void branch_forget(unsigned long start, unsigned long end)
{
	unsigned int i;

	mutex_lock(&stubs_mutex);
	for (i = 0; i < XLP_NR_STUBS; i++)
		if (entry_is_left(&entries[i]) && entries[i].site - start < end - start)
			WRITE_ONCE(entries[i].site, 0);
	mutex_unlock(&stubs_mutex);
}

static const struct xlp_method branch_method = {
	.name	= "branch",
	.prepare = branch_prepare,
	.release = branch_release,
	.attach	= branch_attach,
	.abandon = branch_abandon,
	.detach	= branch_detach,
	.holder	= branch_holder,
	.find_held = branch_find_held,
	.code	= branch_code,
	.show	= branch_show,
	.forget	= branch_forget,
	.shrinks = true,
};

const struct xlp_method *xlp_branch_method_if_any(void)
{
	return xlp_arch_can_write_text() && unexported_found(get_kprobe) ? &branch_method : NULL;
}
