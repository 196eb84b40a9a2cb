// SPDX-License-Identifier: GPL-2.0
/* blocked.c - tasks in the way of a patch */
#include "log.h"

#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include "blocked.h"

void xlp_blockers_let_go(struct xlp_blockers *blockers)
{
	struct xlp_blocker *slot;

	xlp_for_each_blocker_slot(blockers, slot) {
		if (slot->task)
			put_task_struct(slot->task);
		slot->task = NULL;
	}
}

void xlp_blockers_start(struct xlp_blockers *blockers, const char *change)
{
	xlp_blockers_let_go(blockers);
	memset(blockers, 0, sizeof(*blockers));
	blockers->change = change;
}

void xlp_blockers_next_try(struct xlp_blockers *blockers)
{
	xlp_blockers_let_go(blockers);
	blockers->try++;
	blockers->nr = 0;
	blockers->unseen = false;
}

void xlp_blockers_publish(struct xlp_blockers *blockers, const struct xlp_blockers *found)
{
	struct xlp_blocker *slot;

	*blockers = *found;
	xlp_for_each_blocker_slot(blockers, slot)
		slot->task = NULL;
}

static const char *blocker_reason(struct task_struct *task,
				  const struct xlp_stack_verdict *verdict)
{
	unsigned int state = READ_ONCE(task->__state);

	if (verdict->state == XLP_STACK_RUNNING)
		return "running";
	if (verdict->state == XLP_STACK_UNRELIABLE)
		return "unreliable";
	if (verdict->state == XLP_STACK_MAYBE)
		return "unwalkable";
	if (state == TASK_RUNNING)
		return "preempted";
	return state & TASK_INTERRUPTIBLE ? "sleeping" : "uninterruptible";
}

/* Idle tasks have one number, all of them, and a name each. */
static bool blocker_is(const struct xlp_blocker *slot, struct task_struct *task)
{
	return slot->try && slot->pid == task_pid_nr(task) &&
	       (slot->pid || !strncmp(slot->comm, task->comm, TASK_COMM_LEN - 1));
}

/* Its slot from an earlier try, or one that nobody needs any more. */
static struct xlp_blocker *blockers_slot_for(struct xlp_blockers *blockers,
					     struct task_struct *task)
{
	struct xlp_blocker *slot, *stale = NULL;

	xlp_for_each_blocker_slot(blockers, slot) {
		if (blocker_is(slot, task))
			return slot;
		if (slot->try != blockers->try && !stale)
			stale = slot;
	}
	return stale;
}

void xlp_blockers_add(struct xlp_blockers *blockers, struct task_struct *task,
		      struct xlp_stack_verdict verdict)
{
	struct xlp_blocker *slot = blockers_slot_for(blockers, task);
	bool is_known = slot && blocker_is(slot, task);

	/* A task on its way out may be met twice. */
	if (is_known && slot->try == blockers->try)
		return;
	blockers->nr++;
	if (!slot)
		return;
	if (!is_known || slot->try + 1 < blockers->try)
		slot->times = 0;
	slot->times++;
	slot->try = blockers->try;
	slot->task = get_task_struct(task);
	slot->pid = task_pid_nr(task);
	slot->verdict = verdict;
	slot->why = blocker_reason(task, &verdict);
	memcpy(slot->comm, task->comm, TASK_COMM_LEN);
	slot->comm[TASK_COMM_LEN - 1] = '\0';
}

const struct xlp_blocker *xlp_blockers_first(const struct xlp_blockers *blockers)
{
	const struct xlp_blocker *slot;

	xlp_for_each_blocker_slot(blockers, slot)
		if (slot->try && slot->try == blockers->try)
			return slot;
	return NULL;
}

void xlp_blockers_report(const struct xlp_blockers *blockers, const char *patch,
			 unsigned int nr_stops)
{
	const struct xlp_blocker *first = xlp_blockers_first(blockers);

	if (!first) {
		pr_err("patch '%s' cannot be %s: a task is exiting that could not be noted (%u checks, %u stops)\n",
		       patch, blockers->change, blockers->try, nr_stops);
		return;
	}
	pr_err("patch '%s' cannot be %s: task %s/%d is in the way, %s in %pS, and %u more (%u checks, %u stops)\n",
	       patch, blockers->change, first->comm, first->pid, first->why,
	       xlp_verdict_where(&first->verdict), blockers->nr - 1, blockers->try, nr_stops);
}
