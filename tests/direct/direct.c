// SPDX-License-Identifier: GPL-2.0
/*
 * direct.c - do calls go where they should, while batches come and go?
 *
 * hook.c makes, attaches and detaches the batches. Whatever a scenario does, functions that call
 * the trampoline are called after each store; each scenario ends with nothing hooked, and all
 * memory free.
 */
#include "../../common/alloc.h"
#include "../../common/batch.h"
#include "../../common/hook.h"
#include "../../common/method.h"
#include "../../common/patch.h"
#include <xlp/arch.h>
#include "machine.h"

#define REPLACEMENT	0x4000UL

static struct module module = { .name = "p" };
static struct xlp_patch decl = { .mod = &module };
static struct xlp_live_patch patch = { .decl = &decl };
static struct xlp_object object_decl;
/* The second one begins where the first one ends. */
static struct xlp_live_object objects[2] = {
	{ .decl = &object_decl, .patch = &patch },
	{ .decl = &object_decl, .patch = &patch },
};

static struct xlp_func func_decl = { .old_name = "f" };
static struct xlp_live_func live[NR_FUNCS];
static bool failed;

static void check(bool right, const char *what)
{
	if (!right)
		printf("# %s\n", what);
	failed |= !right;
}

#define CHECK(condition)	check(condition, #condition)

/* ---- batches ---- */

static void replace(struct xlp_hook *hook, unsigned int func, unsigned long target)
{
	/* Calls see the one or the other. */
	hook->targets.now = target;
	wanted[func] = target;
}

/*
 * Functions from @first to the one before @end, of which those from @second on are of another
 * object. With the one that is held, if the batch is refused, in the log.
 */
static struct xlp_batch *attach(unsigned int first, unsigned int second, unsigned int end, int err)
{
	struct xlp_batch *batch = NULL;
	unsigned int i;
	LIST_HEAD(funcs);

	for (i = first; i < end; i++) {
		live[i].decl = &func_decl;
		live[i].object = &objects[i >= second];
		live[i].site = site_of(i);
		list_add_tail(&live[i].node, &funcs);
	}
	CHECK(!xlp_hooks_choose(&funcs, &batch));
	if (batch) {
		xlp_batch_attach(batch, false);
		CHECK(xlp_hooks_attached(batch, &funcs) == err);
	}
	for (i = first; i < end && !err; i++) {
		CHECK(calls_trampoline(i) && call(i) == 0);
		replace(live[i].hook, i, REPLACEMENT + i);
		CHECK(call(i) == REPLACEMENT + i);
	}
	xlp_hooks_not_wanted(&funcs);
	/* In use from here on, as if each had a version. */
	for (i = first; i < end && !err; i++) {
		INIT_LIST_HEAD(&live[i].node);
		list_add_tail(&live[i].node, &live[i].hook->versions);
	}
	return err ? NULL : batch;
}

/* No version any more. */
static void let_go(unsigned int first, unsigned int end)
{
	unsigned int i;

	for (i = first; i < end; i++) {
		list_del_init(&live[i].node);
		replace(live[i].hook, i, 0);
	}
}

/* As the thread of unhook.c does. */
static void unhook(void)
{
	struct xlp_batch *batch;

	while ((batch = xlp_hooks_detach_next())) {
		xlp_batch_detach(batch);
		CHECK(!batch->err);
		xlp_hooks_detached(batch);
	}
}

static bool any_calls_trampoline(unsigned int first, unsigned int end)
{
	for (; first < end; first++)
		if (calls_trampoline(first))
			return true;
	return false;
}

static bool all_call_trampoline(unsigned int first, unsigned int end)
{
	for (; first < end; first++)
		if (!calls_trampoline(first))
			return false;
	return true;
}

/* ---- scenarios ---- */

static void replaced_and_restored(void)
{
	attach(1, 2, 2, 0);
	CHECK(call(2) == 0);
	live[1].hook->targets.in[XLP_AFTER] = REPLACEMENT + 7;
	live[1].hook->targets.now = XLP_ASK;
	CHECK(call(1) == REPLACEMENT + 7);
	let_go(1, 2);
	CHECK(calls_trampoline(1) && call(1) == 0);
	unhook();
	CHECK(!calls_trampoline(1));
}

static void many_batches(void)
{
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 60; i++)
			attach(i * 3, i * 3 + 3, i * 3 + 3, 0);
		for (i = 0; i < 180; i++)
			CHECK(call(i) == REPLACEMENT + i);
		/* Every other one, the last first. */
		for (i = 60; i-- > 0;) {
			if (i % 2)
				continue;
			let_go(i * 3, i * 3 + 3);
			unhook();
		}
		for (i = 0; i < 180; i++)
			CHECK(call(i) == (i / 3 % 2 ? REPLACEMENT + i : 0));
		for (i = 0; i < 60; i++)
			if (i % 2)
				let_go(i * 3, i * 3 + 3);
		unhook();
	}
}

static void large_batch(void)
{
	attach(0, NR_FUNCS, NR_FUNCS, 0);
	CHECK(!wrong_calls);
	let_go(0, NR_FUNCS);
	unhook();
}

/* However many come and go, what has gone makes room. */
static void slots_are_used_again(void)
{
	const struct xlp_direct_table *before;
	unsigned int i, replaced = 0;

	attach(0, 1, 1, 0);
	for (i = 1; i < 500; i++) {
		before = xlp_direct_table;
		attach(i, i + 1, i + 1, 0);
		replaced += xlp_direct_table != before;
		let_go(i, i + 1);
		unhook();
	}
	CHECK(call(0) == REPLACEMENT);
	CHECK(replaced < 100);
	let_go(0, 1);
	unhook();
}

static void task_on_its_way(void)
{
	unsigned int i;

	attach(0, 1, 1, 0);
	call_begin(0);
	/* Its table has been replaced, more than once. */
	for (i = 1; i < 200; i++)
		attach(i, i + 1, i + 1, 0);
	CHECK(!waits);
	let_go(1, 2);
	unhook();
	/* ftrace has waited. */
	CHECK(!waits && !is_on_its_way());
	call_begin(0);
	let_go(2, 200);
	unhook();
	call_end();
	call_begin(0);
	let_go(0, 1);
	unhook();
}

/* Are so many functions shown as hooked, and so many of them as idle? */
static bool shows(unsigned int hooked, unsigned int idle)
{
	struct seq_file file = { };

	shown_idle = 0;
	xlp_hooks_show(&file);
	return file.lines == hooked && shown_idle == idle;
}

/* ---- what one object has leaves together, and without the other's ---- */

static void object_by_object(void)
{
	attach(0, 4, 8, 0);
	let_go(0, 3);
	unhook();
	/* One of the first object is still in use. */
	CHECK(all_call_trampoline(0, 8) && call(0) == 0 && call(3) == REPLACEMENT + 3);
	CHECK(shows(8, 3));
	let_go(3, 4);
	unhook();
	CHECK(!any_calls_trampoline(0, 4) && all_call_trampoline(4, 8));
	CHECK(shows(4, 0));
	/* Another one has them meanwhile. */
	attach(0, 4, 4, 0);
	let_go(4, 8);
	unhook();
	CHECK(all_call_trampoline(0, 4) && call(1) == REPLACEMENT + 1);
	let_go(0, 4);
	unhook();
}

static void wanted_again(void)
{
	struct xlp_batch *batch;
	LIST_HEAD(funcs);

	attach(0, 2, 2, 0);
	let_go(0, 1);
	unhook();
	/* Idle, and held for the other one's sake: it is there for whoever comes. */
	list_add_tail(&live[0].node, &funcs);
	CHECK(!xlp_hooks_choose(&funcs, &batch) && !batch);
	let_go(1, 2);
	unhook();
	CHECK(all_call_trampoline(0, 2));
	list_del_init(&live[0].node);
	xlp_hooks_not_wanted(&funcs);
	unhook();
	CHECK(!any_calls_trampoline(0, 2));
}

/* ---- refusals ---- */

static void held_by_another(void)
{
	is_held[2] = true;
	attach(0, 2, 4, -EBUSY);
	CHECK(strstr(said, "cannot be hooked") || strstr(said, "failed to register"));
	CHECK(!any_calls_trampoline(0, 4));
	/* A task that spins holds nobody up who is refused. */
	CHECK(!waits);
	is_held[2] = false;
	is_redirected[3] = true;
	attach(0, 2, 4, -EBUSY);
	CHECK(!any_calls_trampoline(0, 4));
	is_redirected[3] = false;
	attach(0, 2, 4, 0);
	let_go(0, 4);
	unhook();
}

/* The second object is refused when the first one has been hooked, or the first one is. */
static void held_and_nobody_tells(void)
{
	nobody_tells = true;
	is_held[3] = true;
	attach(0, 2, 4, -EBUSY);
	CHECK(waits && !any_calls_trampoline(0, 4));
	is_held[3] = false;
	is_redirected[0] = true;
	attach(0, 2, 4, -EBUSY);
	CHECK(!any_calls_trampoline(0, 4));
	is_redirected[0] = false;
	/* There is nothing else to be waited for. */
	attach(8, 9, 9, 0);
	is_held[1] = true;
	attach(1, 2, 2, -EBUSY);
	CHECK(!is_on_its_way() && call(8) == REPLACEMENT + 8);
	is_held[1] = false;
	let_go(8, 9);
	unhook();
	attach(0, 2, 4, 0);
	let_go(0, 4);
	unhook();
}

static void others_stay(void)
{
	attach(8, 10, 10, 0);
	is_held[2] = true;
	attach(0, 2, 4, -EBUSY);
	CHECK(call(8) == REPLACEMENT + 8 && call(9) == REPLACEMENT + 9);
	let_go(8, 10);
	unhook();
}

static void ftrace_switched_off(void)
{
	ftrace_is_off = true;
	attach(0, 1, 1, -EBUSY);
	CHECK(!calls_trampoline(0));
}

static void cannot_be_switched_off(void)
{
	CHECK(can_switch_off());
	attach(0, 1, 1, 0);
	attach(1, 2, 2, 0);
	CHECK(!can_switch_off());
	let_go(0, 1);
	unhook();
	CHECK(!can_switch_off());
	let_go(1, 2);
	unhook();
	CHECK(can_switch_off());
}

/* Wherever it is that there is none: in xlp_hooks_choose(), or later. */
static void no_memory(void)
{
	struct xlp_batch *batch;
	int nr, err;
	LIST_HEAD(funcs);

	attach(8, 9, 9, 0);
	for (nr = 0, err = -ENOMEM; err && nr < 20; nr++) {
		live[1] = (struct xlp_live_func){ .decl = &func_decl, .object = objects };
		live[1].site = site_of(1);
		list_add_tail(&live[1].node, &funcs);
		memory_left = nr;
		err = xlp_hooks_choose(&funcs, &batch);
		if (!err) {
			xlp_batch_attach(batch, false);
			err = xlp_hooks_attached(batch, &funcs);
		}
		memory_left = -1;
		CHECK(!err || err == -ENOMEM);
		CHECK(call(8) == REPLACEMENT + 8 && calls_trampoline(1) == !err);
		list_del_init(&live[1].node);
		xlp_hooks_not_wanted(&funcs);
		unhook();
	}
	CHECK(nr > 2 && !err);
	let_go(8, 9);
	unhook();
}

/* Some of the batch have found room in the table that there is. */
static void no_memory_for_larger_table(void)
{
	struct xlp_batch *batch = NULL;
	unsigned int i;
	LIST_HEAD(funcs);

	attach(0, 1, 1, 0);
	for (i = 1; i < 100; i++) {
		live[i] = (struct xlp_live_func){ .decl = &func_decl, .object = objects };
		live[i].site = site_of(i);
		list_add_tail(&live[i].node, &funcs);
	}
	CHECK(!xlp_hooks_choose(&funcs, &batch));
	memory_left = 0;
	xlp_batch_attach(batch, false);
	memory_left = -1;
	CHECK(xlp_hooks_attached(batch, &funcs) == -ENOMEM);
	/* Nothing of it is left, which would be found before what comes now. */
	attach(1, 100, 100, 0);
	let_go(0, 100);
	unhook();
}

static void unknown_to_walks(void)
{
	CHECK(xlp_direct_method_if_any());
	trampoline_is_known = false;
	CHECK(!xlp_direct_method_if_any());
}

static const struct scenario {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "a function is replaced and restored", replaced_and_restored },
	{ "batch after batch, while others stay", many_batches },
	{ "a large batch", large_batch },
	{ "slots of what has gone are used again", slots_are_used_again },
	{ "a task in the trampoline while its table is replaced", task_on_its_way },
	{ "objects leave one by one", object_by_object },
	{ "an idle function that is held is wanted again", wanted_again },
	{ "a function that another one has refuses its batch", held_by_another },
	{ "or does so when ftrace is asked", held_and_nobody_tells },
	{ "and no other batch", others_stay },
	{ "nothing is hooked while ftrace is switched off", ftrace_switched_off },
	{ "ftrace is not switched off while a function is hooked", cannot_be_switched_off },
	{ "no memory", no_memory },
	{ "no memory for a larger table", no_memory_for_larger_table },
	{ "a trampoline that walks do not know is not used", unknown_to_walks },
};

int main(void)
{
	const struct scenario *this;
	bool any_failed = false;

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(scenarios));
	for (this = scenarios; this < scenarios + ARRAY_SIZE(scenarios); this++) {
		machine_reset();
		failed = false;
		this->run();
		CHECK(!wrong_calls);
		/* Eight, and the empty one behind them. */
		CHECK(longest_search <= 9);
		CHECK(all_is_free());
		printf("%s %td %s\n", failed ? "not ok" : "ok", this - scenarios + 1, this->name);
		any_failed |= failed;
	}
	return any_failed;
}
