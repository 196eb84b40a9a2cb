// SPDX-License-Identifier: GPL-2.0
/* model.c - when a change takes effect, of which a patch chooses one */
#include "log.h"

#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include "affected.h"
#include "code.h"
#include "model.h"
#include "patch.h"
#include "publish.h"
#include "transition.h"

void xlp_try_forget(struct xlp_try *try)
{
	xlp_clear_tasks_free(try->instant.clear);
	try->instant.clear = NULL;
	xlp_code_free(try->instant.code);
	try->instant.code = NULL;
	try->looked = false;
}

/* ---- at once ---- */

static int model_begin_immediate(struct xlp_try *try)
{
	xlp_publish_settled(&try->plan, XLP_AFTER);
	xlp_publish_finished(&try->plan);
	xlp_publish_notify(try->plan.patch);
	return 0;
}

/* ---- at one instant ---- */

static void model_settle_stopped(void *data)
{
	const struct xlp_plan *plan = data;

	xlp_publish_settled(plan, XLP_AFTER);
}

/*
 * The code of a module that was loading when xlp was joins the set once it has come, and who
 * has been clear so far may sleep inside of it.
 */
static int model_collect_code(struct xlp_try *try)
{
	struct xlp_code *code = xlp_affected_functions(try->plan.affected, try->plan.nr_affected);

	if (!code)
		return -ENOMEM;
	if (try->instant.code && xlp_code_equal(try->instant.code, code)) {
		xlp_code_free(code);
		return 0;
	}
	xlp_try_forget(try);
	try->instant.code = code;
	return 0;
}

/* With the code of now: what was seen of other code counts for nothing. */
static int model_check_stop(struct xlp_try *try)
{
	int err = model_collect_code(try);

	if (err)
		return err;
	if (!try->looked)
		return -EAGAIN;
	/* Each look serves one try. */
	try->looked = false;
	try->blocked = try->seen == -EBUSY;
	return try->seen;
}

static void model_look(struct xlp_try *try)
{
	try->seen = xlp_instant_look(&try->instant);
	try->looked = true;
}

static void model_note_figures(const struct xlp_try *try)
{
	const struct xlp_instant *instant = &try->instant;
	struct xlp_live_patch *patch = try->plan.patch;

	patch->figures.nr_stops = try->nr_stops;
	patch->figures.nr_checks = instant->blockers->try;
	patch->figures.freeze_ns = instant->freeze_ns;
	patch->figures.check_ns = instant->check_ns;
	patch->figures.nr_tasks = instant->nr_tasks;
	patch->figures.nr_rechecked = instant->nr_rechecked;
	xlp_own_info("'%s': switched at one instant, machine stopped for %llu us, try %u\n",
		     xlp_patch_name(patch), div_u64(instant->freeze_ns, NSEC_PER_USEC),
		     try->nr_stops);
}

static int model_begin_stop(struct xlp_try *try)
{
	int err;

	try->instant.commit = model_settle_stopped;
	try->instant.data = &try->plan;
	err = xlp_instant_stop(&try->instant);
	try->nr_stops += try->instant.stopped;
	try->blocked = err == -EBUSY;
	if (err)
		return err;
	model_note_figures(try);
	xlp_publish_finished(&try->plan);
	xlp_publish_notify(try->plan.patch);
	return 0;
}

/* ---- task by task ---- */

static int model_begin_per_task(struct xlp_try *try)
{
	struct xlp_plan *plan = &try->plan;
	int err;

	plan->code = xlp_affected_functions(plan->affected, plan->nr_affected);
	err = plan->code ? xlp_transition_begin(plan) : -ENOMEM;
	if (err) {
		xlp_code_free(plan->code);
		plan->code = NULL;
	}
	return err;
}

const struct xlp_model_ops *xlp_model(enum xlp_model model)
{
	static const struct xlp_model_ops models[] = {
		[XLP_IMMEDIATE] = {
			.begin = model_begin_immediate,
		},
		[XLP_STOP] = {
			.check = model_check_stop,
			.look = model_look,
			.begin = model_begin_stop,
		},
		[XLP_PER_TASK] = {
			.begin = model_begin_per_task,
			.goes_on = true,
		},
	};

	return &models[model];
}
