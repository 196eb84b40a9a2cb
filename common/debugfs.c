// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs.c - /sys/kernel/debug/xlp
 *
 *	blocked		one line for each task in the way of a patch, now or when
 *			that was last tried:
 *			<patch> <change> <pid> <comm> <reason> <times> <place>
 *			reasons: running, preempted, sleeping (interruptibly),
 *			uninterruptible: inside the code named by place; unreliable:
 *			the walk of its stack fails there; unwalkable: there may be
 *			that code on its stack, and no walker to tell; unrecorded:
 *			there was no memory to remember some task, exiting or moved
 *	switches	one line for each patch, how it was last switched:
 *			<patch> <model> <enabled> tries <n> freeze_ns <n>
 *			check_ns <n> tasks <n> rechecked <n> checks <n>
 *			moved_ns <n> woken <n> set <n>
 *			a try is a stop of the machine; many a check of all tasks
 *			shows that there is no point in one. moved: by the per-task
 *			model, until every task had changed over; set: the one that the
 *			patch belongs to
 *	passes		what looking at tasks costs, one line "<name> <n>" each:
 *			longest_hold_ns: for how long any pass or check since xlp.ko was
 *			loaded has held RCU, or has kept a CPU from being preempted, at
 *			a time; last_pass_ns: how long the last pass over all tasks
 *			took; places_lost: how often a walk over the task list found
 *			that the task where it had paused was gone
 *	functions	one line "<function> <method>" for each function that is hooked, with
 *			" idle" behind it where no patch replaces it any more: a method that
 *			lets functions go object by object holds it until the last of its
 *			object is idle
 *	hooks		one line "<function> (1)" for each function whose calls are caught, by
 *			what is in the text, and "<function> (0), kept as ..." for each that
 *			xlp.ko has to stay for although no patch replaces it any more; only
 *			where that is not done through ftrace, which has a list of its own
 *	crawl		not 0: walks over the task list pause after each task; for tests
 *	fail_allocation, fail_atomic_allocation
 *			from the how-many-th on xlp's allocations fail; 0: none does;
 *			for tests
 *	hold_coming	not 0: a target module that comes waits before its functions are
 *			hooked; for tests
 *	ignore_walker	not 0: stacks are scanned only, as on an architecture that has
 *			no walker; for tests
 *
 * Fields are separated by single spaces; a name's own are written as \040. The
 * place comes last: it is function+offset/size, and [module] if it is in one.
 */

#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "change.h"
#include "costs.h"
#include "debugfs.h"
#include "engine.h"
#include "hook.h"
#include "method.h"
#include "methods.h"
#include "patch.h"
#include "tasklist.h"

static struct dentry *root;

static void debugfs_show_blocker(struct seq_file *file, const struct xlp_live_patch *patch,
				 const struct xlp_blocker *task)
{
	seq_printf(file, "%s %s %d ", xlp_patch_name(patch), patch->blockers.change,
		   task->pid);
	seq_escape(file, task->comm, " \t\n\\");
	seq_printf(file, " %s %u %pS\n", task->why, task->times,
		   xlp_verdict_where(&task->verdict));
}

static void debugfs_show_blockers(struct seq_file *file, const struct xlp_live_patch *patch)
{
	const struct xlp_blockers *blockers = &patch->blockers;
	const struct xlp_blocker *task;
	unsigned int shown = 0;

	if (!blockers->change)
		return;
	xlp_for_each_blocker_slot(blockers, task) {
		if (task->try && task->try == blockers->try) {
			debugfs_show_blocker(file, patch, task);
			shown++;
		}
	}
	if (blockers->unseen)
		seq_printf(file, "%s %s 0 ? unrecorded 1 unknown\n", xlp_patch_name(patch),
			   blockers->change);
	if (blockers->nr > shown)
		seq_printf(file, "# %s: %u more\n", xlp_patch_name(patch),
			   blockers->nr - shown);
}

/* Patches are few and lines short, so all are shown in one go. */
static int blocked_show(struct seq_file *file, void *unused)
{
	struct xlp_live_patch *patch;

	xlp_engine_enter();
	list_for_each_entry(patch, &xlp_patches, node)
		debugfs_show_blockers(file, patch);
	xlp_engine_leave();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(blocked);

static int switches_show(struct seq_file *file, void *unused)
{
	struct xlp_live_patch *patch;

	xlp_engine_enter();
	list_for_each_entry(patch, &xlp_patches, node)
		seq_printf(file, "%s %s %d tries %u freeze_ns %llu check_ns %llu tasks %u rechecked %u checks %u moved_ns %llu woken %u set %u\n",
			   xlp_patch_name(patch), xlp_patch_model_name(patch->model),
			   xlp_patch_is_enabled(patch), patch->figures.nr_stops,
			   patch->figures.freeze_ns, patch->figures.check_ns,
			   patch->figures.nr_tasks, patch->figures.nr_rechecked,
			   patch->figures.nr_checks, patch->figures.moved_ns,
			   patch->figures.nr_signals, xlp_patch_set(patch));
	xlp_engine_leave();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(switches);

static int passes_show(struct seq_file *file, void *unused)
{
	xlp_costs_show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(passes);

static int functions_show(struct seq_file *file, void *unused)
{
	xlp_engine_enter();
	xlp_hooks_show(file);
	xlp_engine_leave();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(functions);

static int hooks_show(struct seq_file *file, void *unused)
{
	xlp_method()->show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hooks);

/* Nobody depends on debugfs, so nothing here is checked for errors. */
void xlp_debugfs_init(void)
{
	const struct xlp_method *method = xlp_method();

	root = debugfs_create_dir("xlp", NULL);
	debugfs_create_file("blocked", 0400, root, NULL, &blocked_fops);
	debugfs_create_file("switches", 0400, root, NULL, &switches_fops);
	debugfs_create_file("passes", 0400, root, NULL, &passes_fops);
	debugfs_create_file("functions", 0400, root, NULL, &functions_fops);
	if (method && method->show)
		debugfs_create_file("hooks", 0400, root, NULL, &hooks_fops);
	debugfs_create_atomic_t("crawl", 0600, root, &xlp_tasklist_crawls);
	debugfs_create_atomic_t("fail_allocation", 0600, root, &xlp_failing_allocation);
	debugfs_create_atomic_t("fail_atomic_allocation", 0600, root,
				&xlp_failing_atomic_allocation);
	debugfs_create_atomic_t("hold_coming", 0600, root, &xlp_change_holds_coming);
	debugfs_create_atomic_t("ignore_walker", 0600, root, &xlp_ignoring_walker);
}

void xlp_debugfs_exit(void)
{
	debugfs_remove(root);
}
