// SPDX-License-Identifier: GPL-2.0
/*
 * contexts.c - the victims called in hard interrupt and softirq context
 *
 * The callback that the kernel calls through a pointer is itself a victim.
 */
#include <linux/completion.h>
#include <linux/preempt.h>

#include "xlp_test.h"

static DECLARE_COMPLETION(done);

static void in_hardirq_run(struct xt_context *c)
{
	c->right = in_hardirq();
	xt_run_all(c->result);
	complete(&done);
}

static void in_softirq_run(struct xt_context *c)
{
	c->right = in_serving_softirq();
	xt_run_all(c->result);
	complete(&done);
}

static void check_context(const struct xt_context *c)
{
	if (!c->right)
		xt_fail(c->result, "not in the interrupt", 0, 1, 1);
}

void xt_hardirq(struct xt_result *r)
{
	struct xt_context c = {
		.work = IRQ_WORK_INIT_HARD(xt_irq_entry),
		.run = in_hardirq_run,
		.result = r,
	};

	reinit_completion(&done);
	irq_work_queue(&c.work);
	wait_for_completion(&done);
	irq_work_sync(&c.work);
	check_context(&c);
}

void xt_softirq(struct xt_result *r)
{
	struct xt_context c = {
		.run = in_softirq_run,
		.result = r,
	};

	reinit_completion(&done);
	tasklet_setup(&c.tasklet, xt_softirq_entry);
	tasklet_schedule(&c.tasklet);
	wait_for_completion(&done);
	tasklet_kill(&c.tasklet);
	check_context(&c);
}
