// SPDX-License-Identifier: GPL-2.0
/*
 * growing.c - do calls go where they should, while batches come and go?
 *
 * Whatever a scenario does, functions that are caught are called after each store; each scenario
 * ends with nothing hooked, and all memory free. The memory of a batch goes as soon as it may: the
 * sanitizer sees who still looks there.
 */
#include "../../common/alloc.h"
#include "../../common/batch.h"
#include "../../common/growing.h"
#include "../../common/method.h"
#include "machine.h"

#define REPLACEMENT	0x4000UL

static bool failed;

static void check(bool right, const char *what)
{
	if (!right)
		printf("# %s\n", what);
	failed |= !right;
}

#define CHECK(condition)	check(condition, #condition)

/* ---- batches ---- */

static void replace(struct xlp_hook *hook, unsigned long target)
{
	unsigned int func = (hook->site - site_of(0)) / (site_of(1) - site_of(0));

	/* As its transition begins and ends. */
	hook->targets.in[XLP_AFTER] = target;
	hook->targets.now = XLP_ASK;
	wanted[func] = target;
	machine_stored();
	hook->targets.now = target;
	machine_stored();
}

/* Functions from @first to the one before @end. */
static struct xlp_batch *try(unsigned int first, unsigned int end, int err)
{
	struct xlp_batch *batch = calloc(1, sizeof(*batch) + (end - first) * sizeof(*batch->hooks));
	unsigned int i;
	int said_err;

	batch->nr_hooks = end - first;
	for (i = first; i < end; i++)
		batch->hooks[i - first] = (struct xlp_hook){
			.site = site_of(i), .state = XLP_HOOK_ATTACHING, .batch = batch,
		};
	said_err = xlp_growing_method.prepare(batch);
	if (!said_err) {
		said_err = xlp_growing_method.attach(batch);
		if (said_err) {
			xlp_growing_method.abandon(batch);
			xlp_growing_method.release(batch);
		}
	}
	CHECK(said_err == err);
	if (said_err) {
		free(batch);
		return NULL;
	}
	return batch;
}

static struct xlp_batch *attach(unsigned int first, unsigned int end)
{
	struct xlp_batch *batch = try(first, end, 0);
	unsigned int i;

	for (i = first; batch && i < end; i++) {
		CHECK(is_caught(i) && call(i) == 0);
		batch->hooks[i - first].state = XLP_HOOK_ATTACHED;
		replace(&batch->hooks[i - first], REPLACEMENT + i);
	}
	return batch;
}

/* Hooks from @first to the one before @end, by their numbers in the batch. */
static void leave(struct xlp_batch *batch, unsigned int first, unsigned int end)
{
	unsigned int i, left = 0;

	for (i = first; i < end; i++) {
		replace(&batch->hooks[i], 0);
		batch->hooks[i].state = XLP_HOOK_LEAVING;
	}
	CHECK(!xlp_growing_method.detach(batch));
	for (i = first; i < end; i++)
		batch->hooks[i].state = XLP_HOOK_GONE;
	for (i = 0; i < batch->nr_hooks; i++)
		left += batch->hooks[i].state != XLP_HOOK_GONE;
	if (left)
		return;
	xlp_growing_method.release(batch);
	free(batch);
	machine_stored();
}

static void leave_all(struct xlp_batch *batch)
{
	if (batch)
		leave(batch, 0, batch->nr_hooks);
}

/* ---- scenarios ---- */

static void replaced_and_restored(void)
{
	struct xlp_batch *batch = attach(1, 2);

	CHECK(call(2) == 0);
	batch->hooks[0].targets.in[XLP_AFTER] = REPLACEMENT + 7;
	batch->hooks[0].targets.now = XLP_ASK;
	CHECK(call(1) == REPLACEMENT + 7);
	leave_all(batch);
	CHECK(!is_caught(1));
}

static void many_batches(void)
{
	struct xlp_batch *batches[60];
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 60; i++)
			batches[i] = attach(i * 3, i * 3 + 3);
		CHECK(registrations == round + 1);
		for (i = 0; i < 180; i++)
			CHECK(call(i) == REPLACEMENT + i);
		for (i = 60; i-- > 0;)
			if (i % 2 == 0)
				leave_all(batches[i]);
		for (i = 0; i < 180; i++)
			CHECK(call(i) == (i / 3 % 2 ? REPLACEMENT + i : 0));
		for (i = 1; i < 60; i += 2)
			leave_all(batches[i]);
	}
}

static void large_batch(void)
{
	struct xlp_batch *batch = attach(0, NR_FUNCS / 2), *more = attach(NR_FUNCS / 2, NR_FUNCS);

	leave_all(batch);
	CHECK(call(NR_FUNCS - 1) == REPLACEMENT + NR_FUNCS - 1);
	leave_all(more);
}

/* One after the other, and what has left is hooked by another batch while its own is there. */
static void one_by_one(void)
{
	struct xlp_batch *batch = attach(0, 4), *again;
	unsigned int i;

	leave(batch, 1, 2);
	CHECK(!waits && !is_caught(1) && is_caught(2));
	again = attach(1, 2);
	for (i = 0; i < 4; i++)
		CHECK(call(i) == REPLACEMENT + i);
	leave(batch, 2, 4);
	leave(batch, 0, 1);
	CHECK(call(1) == REPLACEMENT + 1);
	leave_all(again);
}

/* A CPU finds the table of before while the same functions come and go. */
static void cpu_lags_behind(void)
{
	struct xlp_batch *other = attach(10, 12), *batch;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		cpu_falls_behind();
		batch = attach(0, 2);
		if (i % 2)
			cpu_falls_behind();
		leave_all(batch);
	}
	leave_all(other);
	/* The first table of all is found a little longer. */
	cpu_falls_behind();
	batch = attach(0, 2);
	leave_all(batch);
}

static void handler_on_its_way(void)
{
	struct xlp_batch *other = attach(10, 12), *batch = attach(0, 2);

	batch->hooks[0].targets.now = XLP_ASK;
	call_begin(0);
	leave(batch, 0, 1);
	CHECK(!waits && is_on_its_way());
	leave(batch, 1, 2);
	CHECK(waits == 1 && !is_on_its_way());
	batch = attach(0, 2);
	leave_all(other);
	batch->hooks[0].targets.now = XLP_ASK;
	call_begin(0);
	/* The last of all. */
	leave_all(batch);
	CHECK(!is_on_its_way());
}

/* As the thread of unhook.c has it done. */
static void older_tables_go(void)
{
	struct xlp_batch *batches[200];
	unsigned int i, most = 0;

	for (i = 0; i < 200; i++) {
		batches[i] = attach(i, i + 1);
		cpu_falls_behind();
		if (i == 100) {
			batches[i]->hooks[0].targets.now = XLP_ASK;
			call_begin(i);
		}
		xlp_growing_method.tidy();
		/* Each batch has three pieces, of which the first has given one away. */
		most = max(most, memory_held() - 3 * (i + 1));
	}
	CHECK(most <= 10 && !is_on_its_way());
	/* That is not done for each one. */
	CHECK(waits && waits < 30);
	for (i = 0; i < 200; i++)
		leave_all(batches[i]);
}

/* ---- refusals ---- */

static void held_by_another(void)
{
	struct xlp_batch *batch;
	unsigned int i;

	is_redirected[2] = true;
	try(0, 4, -EBUSY);
	CHECK(!is_caught(0));
	/* When there are others, nobody need wait. */
	batch = attach(8, 10);
	waits = 0;
	for (i = 0; i < 5; i++) {
		cpu_is_to_fall_behind();
		try(0, 4, -EBUSY);
	}
	CHECK(!waits && !is_caught(0) && call(8) == REPLACEMENT + 8);
	is_redirected[2] = false;
	leave_all(attach(0, 4));
	leave_all(batch);
}

static void find_held(void)
{
	struct xlp_batch *batch = attach(0, 4);

	CHECK(!xlp_growing_method.find_held(batch));
	is_redirected[2] = true;
	CHECK(xlp_growing_method.find_held(batch) == &batch->hooks[2]);
	leave_all(batch);
}

static void no_memory(void)
{
	struct xlp_batch *batch = attach(8, 9), *more = NULL;
	int nr;

	for (nr = 0; !more && nr < 10; nr++) {
		memory_left = nr;
		more = try(0, 4, nr < 5 ? -ENOMEM : 0);
		memory_left = -1;
		CHECK(is_caught(0) == !!more && call(8) == REPLACEMENT + 8);
	}
	CHECK(nr == 6);
	leave_all(more);
	leave_all(batch);
}

static void cannot_leave(struct xlp_batch *batch, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		replace(&batch->hooks[i], 0);
		batch->hooks[i].state = XLP_HOOK_LEAVING;
	}
	ftrace_fails = true;
	expect_warning = true;
	CHECK(xlp_growing_method.detach(batch) == -ENODEV && !batch->waited);
	expect_warning = false;
	ftrace_fails = false;
	for (i = 0; i < nr; i++) {
		batch->hooks[i].state = XLP_HOOK_ATTACHED;
		replace(&batch->hooks[i], REPLACEMENT + i);
	}
	for (i = 0; i < batch->nr_hooks; i++)
		CHECK(call(i) == REPLACEMENT + i);
}

/* What ftrace keeps can be replaced again. */
static void kept_by_ftrace(void)
{
	struct xlp_batch *batch = attach(0, 2), *other = attach(4, 6);

	cannot_leave(batch, 1);
	leave_all(other);
	cannot_leave(batch, 1);
	/* The last of all. */
	cannot_leave(batch, 2);
	leave_all(batch);
}

/* Nor is its place anybody else's. */
static void kept_and_wanted(void)
{
	struct xlp_batch *batch = attach(0, 2), *other = attach(4, 6);

	cannot_leave(batch, 1);
	try(0, 1, -EBUSY);
	CHECK(call(0) == REPLACEMENT);
	leave_all(batch);
	leave_all(attach(0, 1));
	leave_all(other);
}

/* Who is registered hears nothing of it. What it calls then goes on in its function. */
static void ftrace_dies(void)
{
	struct xlp_batch *batch = attach(0, 2);

	dies_at = 5;
	try(4, 7, -ENODEV);
	CHECK(is_caught(4) && call(4) == 0 && call(1) == REPLACEMENT + 1);
	cpu_falls_behind();
	ftrace_revives();
	leave_all(batch);
}

static const struct scenario {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "a function is replaced and restored", replaced_and_restored },
	{ "batch after batch, by one ops", many_batches },
	{ "large batches", large_batch },
	{ "functions of a batch leave one by one", one_by_one },
	{ "a CPU finds the table of before", cpu_lags_behind },
	{ "a handler is on its way when its function leaves", handler_on_its_way },
	{ "older tables go, though nothing leaves", older_tables_go },
	{ "a function that another redirects refuses its batch, and no other", held_by_another },
	{ "who is held is found", find_held },
	{ "no memory", no_memory },
	{ "what ftrace does not let go of stays as it was", kept_by_ftrace },
	{ "and is nobody else's", kept_and_wanted },
	{ "ftrace dies while functions are added", ftrace_dies },
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
		CHECK(all_is_free());
		printf("%s %td %s\n", failed ? "not ok" : "ok", this - scenarios + 1, this->name);
		any_failed |= failed;
	}
	return any_failed;
}
