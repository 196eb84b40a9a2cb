// SPDX-License-Identifier: GPL-2.0
/*
 * branch.c - do calls go where they should, whoever writes at the entries of functions?
 *
 * Each scenario begins and ends with functions as they were compiled, and no stub in use.
 */
#include "../../common/alloc.h"
#include "../../common/batch.h"
#include "../../common/hook.h"
#include <asm-generic/xlp/branch.h>
#include "../../common/method.h"
#include "../../common/patch.h"
#include "machine.h"

#define REPLACEMENT	0x4000UL
/* The first of a module; out of a branch's reach is function 0. */
#define OF_MODULE	(NR_FUNCS - 2)

static const struct xlp_method *method;
static struct module module = { .name = "p" };
static struct xlp_patch decl = { .mod = &module };
static struct xlp_live_patch patch = { .decl = &decl };
static struct xlp_object object_decl;
static struct xlp_live_object object = { .decl = &object_decl, .patch = &patch };
static struct xlp_func func_decl = { .old_name = "f" };
static struct xlp_live_func live_func = { .decl = &func_decl, .object = &object };
static struct kprobe probe;
static bool failed;

static void check(bool right, const char *what)
{
	if (!right)
		printf("# %s\n", what);
	failed |= !right;
}

#define CHECK(condition)	check(condition, #condition)

/* ---- batches ---- */

static struct xlp_batch *batch_of(unsigned int first, unsigned int nr)
{
	struct xlp_batch *batch = calloc(1, struct_size(batch, hooks, nr));
	struct xlp_hook *hook;

	batch->method = method;
	batch->nr_hooks = nr;
	batch->nr_attached = nr;
	xlp_for_each_hook(batch, hook) {
		hook->batch = batch;
		hook->first = &live_func;
		hook->site = (unsigned long)&text[first + (hook - batch->hooks)];
	}
	return batch;
}

static void discard(struct xlp_batch *batch)
{
	if (batch->memory)
		method->release(batch);
	free(batch);
}

static void attached(struct xlp_batch *batch)
{
	struct xlp_hook *hook;

	xlp_for_each_hook(batch, hook) {
		hook->state = XLP_HOOK_ATTACHED;
		hook->targets.now = REPLACEMENT;
	}
}

/* Whatever is to happen between the two. */
static void (*before_attach)(void);

/* Replaced from here on, or refused with an error. */
static struct xlp_batch *attach(unsigned int first, unsigned int nr, int wanted)
{
	struct xlp_batch *batch = batch_of(first, nr);
	int err = method->prepare(batch);

	if (before_attach)
		before_attach();
	before_attach = NULL;
	if (!err) {
		err = method->attach(batch);
		if (err)
			method->abandon(batch);
	}
	CHECK(err == wanted);
	if (!err) {
		attached(batch);
		return batch;
	}
	discard(batch);
	return NULL;
}

static void detach(struct xlp_batch *batch)
{
	struct xlp_hook *hook;

	if (!batch)
		return;
	xlp_for_each_hook(batch, hook) {
		if (hook->state == XLP_HOOK_GONE)
			continue;
		hook->targets.now = 0;
		hook->state = XLP_HOOK_LEAVING;
	}
	CHECK(!method->detach(batch) && batch->waited);
	/* Nobody may look at them any more: the sanitizer sees who does. */
	discard(batch);
}

static unsigned int lines_shown(void)
{
	struct seq_file file = { };

	method->show(&file);
	return file.lines;
}

/* ---- scenarios ---- */

static void replaced_and_restored(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);
	unsigned long size;

	CHECK(is_branch(text[1]) && call(1) == NEW && call(2) == OLD);
	CHECK(lines_shown() == 1);
	CHECK(method->code(batch->hooks, &size) == (unsigned long)xlp_stubs && size);
	batch->hooks[0].targets.now = 0;
	CHECK(call(1) == OLD);
	batch->hooks[0].targets.now = XLP_ASK;
	batch->hooks[0].targets.in[XLP_AFTER] = REPLACEMENT;
	CHECK(call(1) == NEW);
	detach(batch);
	CHECK(!scheduled);
}

static void part_of_a_batch(void)
{
	struct xlp_batch *batch = attach(1, 3, 0);

	batch->hooks[1].state = XLP_HOOK_LEAVING;
	batch->hooks[1].targets.now = 0;
	CHECK(!method->detach(batch));
	batch->hooks[1].state = XLP_HOOK_GONE;
	CHECK(call(1) == NEW && call(2) == OLD && call(3) == NEW && text[2] == PUSH + 2);
	detach(batch);
}

static void refused_for_probe(bool armed)
{
	struct xlp_batch *batch = batch_of(1, 2);
	char text_of[XLP_HOLDER_LEN];

	probe_begin(&probe, 2, armed);
	probe_end(&probe);
	CHECK(!method->prepare(batch) && method->attach(batch) == -EBUSY);
	CHECK(method->find_held(batch) == &batch->hooks[1]);
	method->holder(batch->hooks[1].site, text_of);
	CHECK(strstr(text_of, "kprobe"));
	method->abandon(batch);
	discard(batch);
	CHECK(call(1) == OLD && call(2) == OLD && !scheduled);
	probe_remove(&probe);
}

static void probe_first(void)
{
	refused_for_probe(true);
}

static void unarmed_probe_first(void)
{
	refused_for_probe(false);
}

static void optimized_probe_first(void)
{
	probe_begin(&probe, 1, true);
	probe_end(&probe);
	probe_optimize(&probe);
	attach(1, 1, -EBUSY);
	CHECK(text[1] == OPTIMIZED && call(1) == OLD);
	probe_remove(&probe);
}

static void begin_probe(void)
{
	probe_begin(&probe, 1, true);
}

static void begin_unarmed_probe(void)
{
	probe_begin(&probe, 1, false);
}

/* It has read the old word, and is in the table when the branch has been written. */
static void probe_in_between(void)
{
	before_stop = begin_probe;
	attach(1, 1, -EBUSY);
	CHECK(call(1) == OLD && probe_hits == 1);
	probe_remove(&probe);
	CHECK(call(1) == OLD);
	second();
}

static void unarmed_probe_in_between(void)
{
	before_stop = begin_unarmed_probe;
	attach(1, 1, -EBUSY);
	CHECK(call(1) == OLD);
	probe_arm(&probe);
	CHECK(call(1) == OLD);
	probe_remove(&probe);
	second();
}

static void later_probe(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	probe_begin(&probe, 1, true);
	probe_end(&probe);
	CHECK(call(1) == NEW && probe_hits == 1);
	probe_remove(&probe);
	CHECK(call(1) == NEW);
	detach(batch);
}

/*
 * Until it has gone the stub leads back, xlp.ko stays, and nobody can replace the function. The
 * machine is not stopped for that.
 */
static void stub_is_kept(void)
{
	unsigned int stops_before = stops;

	CHECK(references == 1 && call(1) == OLD && lines_shown() == 1);
	second();
	CHECK(references == 1 && call(1) == OLD);
	/* There is nothing to be written. */
	CHECK(stops == stops_before);
	attach(1, 1, -EBUSY);
	CHECK(references == 1 && call(1) == OLD);
}

static void probe_outlives(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	probe_begin(&probe, 1, true);
	probe_end(&probe);
	detach(batch);
	stub_is_kept();
	probe_remove(&probe);
	CHECK(is_branch(text[1]) && call(1) == OLD);
	second();
}

static void unarmed_probe_outlives(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	probe_begin(&probe, 1, false);
	probe_end(&probe);
	detach(batch);
	stub_is_kept();
	probe_arm(&probe);
	stub_is_kept();
	probe_remove(&probe);
	second();
}

/* It has read the branch, and is in the table when the old word has been written. */
static void probe_while_leaving(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	before_stop = begin_unarmed_probe;
	detach(batch);
	stub_is_kept();
	probe_arm(&probe);
	CHECK(call(1) == OLD);
	probe_remove(&probe);
	second();
}

static void remove_probe(void)
{
	probe_remove(&probe);
}

/* The old word could not be written, and then the branch has come back. */
static void probe_goes_while_leaving(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	probe_begin(&probe, 1, true);
	probe_end(&probe);
	before_settling = remove_probe;
	detach(batch);
	CHECK(text[1] == PUSH + 1 && !references);
}

static void replaced_again(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	probe_begin(&probe, 1, true);
	probe_end(&probe);
	detach(batch);
	probe_remove(&probe);
	/* Nobody has looked yet. */
	batch = attach(1, 1, 0);
	CHECK(call(1) == NEW && !references);
	detach(batch);
}

static void changed_meanwhile(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);
	u32 branch = text[1];

	text[1] = 0xe1a00000;
	detach(batch);
	CHECK(text[1] == 0xe1a00000 && references == 1);
	second();
	CHECK(text[1] == 0xe1a00000 && references == 1);
	text[1] = branch;
	CHECK(call(1) == OLD);
	second();
}

static void change_second(void)
{
	text[2] = 0xe1a00000;
}

static void changed_before(void)
{
	char text_of[XLP_HOLDER_LEN];

	before_attach = change_second;
	attach(1, 2, -EBUSY);
	method->holder((unsigned long)&text[2], text_of);
	CHECK(strstr(text_of, "another one has changed"));
	CHECK(text[1] == PUSH + 1 && text[2] == 0xe1a00000);
	text[2] = PUSH + 2;
}

static void module_goes(void)
{
	struct xlp_batch *batch = attach(OF_MODULE, 1, 0);

	probe_begin(&probe, OF_MODULE, true);
	probe_end(&probe);
	detach(batch);
	CHECK(references == 1);
	module_is_gone = true;
	second();
	CHECK(!references);
	probe_remove(&probe);
	module_is_gone = false;
	text[OF_MODULE] = PUSH + OF_MODULE;
}

/* Something else is loaded at its place, before anybody has looked. */
static void another_module_comes(void)
{
	struct xlp_batch *batch = attach(OF_MODULE, 1, 0);

	probe_begin(&probe, OF_MODULE, true);
	probe_end(&probe);
	detach(batch);
	CHECK(references == 1);
	method->forget((unsigned long)&text[1], (unsigned long)&text[OF_MODULE]);
	second();
	CHECK(references == 1 && lines_shown() == 1);
	method->forget((unsigned long)&text[OF_MODULE], (unsigned long)&text[NR_FUNCS]);
	CHECK(references == 1 && !lines_shown());
	/* Whoever has registered the probe may leave it where it is. */
	probe.flags |= KPROBE_FLAG_GONE;
	text[OF_MODULE] = PUSH + 100;
	batch = attach(OF_MODULE, 1, 0);
	CHECK(is_branch(text[OF_MODULE]) && xlp_stubs[1].first == PUSH + 100);
	second();
	CHECK(!references && is_branch(text[OF_MODULE]));
	detach(batch);
	probe_remove(&probe);
	CHECK(text[OF_MODULE] == PUSH + 100);
	text[OF_MODULE] = PUSH + OF_MODULE;
}

static void free_module(void)
{
	module_is_gone = true;
}

static void forget_module(void)
{
	method->forget((unsigned long)&text[OF_MODULE], (unsigned long)&text[NR_FUNCS]);
	before_settling = free_module;
}

/* Its text is there as long as who looks is not preempted; what is known of it is not. */
static void module_goes_while_looking(void)
{
	struct xlp_batch *batch = attach(OF_MODULE, 1, 0);

	probe_begin(&probe, OF_MODULE, true);
	probe_end(&probe);
	detach(batch);
	behind_answer = forget_module;
	second();
	CHECK(module_is_gone && !lines_shown() && !references);
	probe_remove(&probe);
	module_is_gone = false;
	text[OF_MODULE] = PUSH + OF_MODULE;
}

/* Nobody waits for RCU tasks on behalf of others. */
static void another_is_replaced(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	probe_begin(&probe, 1, true);
	probe_end(&probe);
	detach(batch);
	waits = 0;
	batch = attach(2, 1, 0);
	CHECK(!waits && call(2) == NEW && call(1) == OLD && references == 1);
	detach(batch);
	probe_remove(&probe);
	second();
}

/* Whether probes are being registered cannot be told then. */
static void no_probes(void)
{
	probe_error = -EINVAL;
	detach(attach(1, 1, -EOPNOTSUPP));
	CHECK(strstr(said, "no function can be replaced") && text[1] == PUSH + 1);
	probe_error = -ENOMEM;
	detach(attach(1, 1, 0));
}

static void branch_at_entry(void)
{
	text[1] = BRANCH + 77;
	attach(1, 1, -EINVAL);
	CHECK(strstr(said, "function 'f': its first instruction (ea00004d) branches"));
	CHECK(text[1] == BRANCH + 77);
	text[1] = PUSH + 1;
}

/* A probe that is not armed has hidden nothing but that it was not to be looked at. */
static void branch_at_probed_entry(void)
{
	text[1] = BRANCH + 77;
	probe_begin(&probe, 1, false);
	probe_end(&probe);
	before_attach = remove_probe;
	attach(1, 1, -EBUSY);
	CHECK(text[1] == BRANCH + 77);
	text[1] = PUSH + 1;
}

static void probe_goes_while_looking(void)
{
	probe_begin(&probe, 1, true);
	probe_end(&probe);
	probe_optimize(&probe);
	before_asking = remove_probe;
	attach(1, 1, -EBUSY);
	CHECK(call(1) == OLD);
}

/* Somebody lets go of a function, for which a probe has come and goes again, in one look. */
static struct xlp_batch *second_batch;
static struct kprobe second_probe;

static void remove_second_probe(void)
{
	probe_remove(&second_probe);
}

static void detach_second(void)
{
	probe_begin(&second_probe, 2, false);
	probe_end(&second_probe);
	detach(second_batch);
	before_settling = remove_second_probe;
}

/* What is to be looked at once more would be looked at when xlp.ko has gone. */
static void kept_while_looking(void)
{
	struct xlp_batch *batch = attach(1, 1, 0);

	second_batch = attach(2, 1, 0);
	probe_begin(&probe, 1, true);
	probe_end(&probe);
	detach(batch);
	probe_remove(&probe);
	before_stop = detach_second;
	second();
	CHECK(!references && !scheduled);
}

/* ---- the search for the function that is held, by hook.c ---- */

#define NR_SEARCHED	4

static struct xlp_func searched_decls[NR_SEARCHED] = {
	{ .old_name = "f1" }, { .old_name = "f2" }, { .old_name = "f3" }, { .old_name = "f4" },
};

static struct xlp_live_func searched[NR_SEARCHED];

static void search(int wanted)
{
	struct xlp_batch *batch;
	unsigned int i;
	LIST_HEAD(funcs);

	for (i = 0; i < NR_SEARCHED; i++) {
		searched[i].decl = &searched_decls[i];
		searched[i].object = &object;
		searched[i].site = (unsigned long)&text[i + 1];
		list_add_tail(&searched[i].node, &funcs);
	}
	CHECK(!xlp_hooks_choose(&funcs, &batch));
	xlp_batch_attach(batch, false);
	CHECK(xlp_hooks_attached(batch, &funcs) == wanted);
}

static void change_third(void)
{
	text[3] ^= 1;
}

static void change_third_each_time(void)
{
	change_third();
	before_stop = change_third_each_time;
}

/* There is room for it, although the batch that was refused has had most of the stubs. */
static void third_is_held(void)
{
	before_stop = change_third_each_time;
	search(-EBUSY);
	before_stop = NULL;
	CHECK(strstr(said, "function 'f3' (-16)"));
	CHECK(call(1) == OLD && call(2) == OLD && !is_branch(text[3]));
	text[3] = PUSH + 3;
}

static void restore_third(void)
{
	text[3] = PUSH + 3;
	begin_probe();
}

static void change_third_for_now(void)
{
	change_third();
	before_stop = restore_third;
}

/* Somebody has let go of one, and a probe has come to another one meanwhile. */
static void held_while_searching(void)
{
	before_stop = change_third_for_now;
	search(-EBUSY);
	CHECK(call(1) == OLD && call(2) == OLD && call(3) == OLD);
	probe_remove(&probe);
	CHECK(call(1) == OLD);
	second();
}

static void out_of_reach(void)
{
	attach(0, 2, -ERANGE);
	CHECK(strstr(said, "function 'f': it is") && strstr(said, "a branch reaches 32768 KiB"));
}

static void too_many(void)
{
	struct xlp_batch *batch = attach(1, 3, 0);

	attach(4, 2, -ENOSPC);
	CHECK(strstr(said, "all 4 stubs are in use"));
	detach(attach(4, 1, 0));
	detach(batch);
}

static void no_memory(void)
{
	memory_fails = true;
	attach(1, 1, -ENOMEM);
	memory_fails = false;
}

struct scenario {
	const char *name;
	void (*run)(void);
};

static const struct scenario scenarios[] = {
	{ "without kprobes nothing is replaced", no_probes },
	{ "a function is replaced, and restored", replaced_and_restored },
	{ "one function of a batch leaves", part_of_a_batch },
	{ "a probe that is there first refuses", probe_first },
	{ "one that is not armed does, too", unarmed_probe_first },
	{ "and one that is optimized", optimized_probe_first },
	{ "one that is registered while the branch is written does, too", probe_in_between },
	{ "and if it is not armed", unarmed_probe_in_between },
	{ "a later probe takes nothing away", later_probe },
	{ "a probe outlives the patch", probe_outlives },
	{ "one that is armed afterwards", unarmed_probe_outlives },
	{ "one that is registered while the old word is written", probe_while_leaving },
	{ "one that goes while the old word is written", probe_goes_while_leaving },
	{ "replaced again as soon as it has gone", replaced_again },
	{ "text that another one has changed is left alone", changed_meanwhile },
	{ "text that has changed since it was read refuses", changed_before },
	{ "a module goes and a probe outlives it", module_goes },
	{ "it goes while its text is looked at", module_goes_while_looking },
	{ "another one comes to its place", another_module_comes },
	{ "another function is replaced while a stub is kept", another_is_replaced },
	{ "a branch at the entry refuses", branch_at_entry },
	{ "one that a probe has kept from being looked at does, too", branch_at_probed_entry },
	{ "one that goes while the entry is looked at", probe_goes_while_looking },
	{ "nothing is looked at when nothing is kept", kept_while_looking },
	{ "the function that is held is found", third_is_held },
	{ "a function that is held while another one is looked for", held_while_searching },
	{ "what a branch does not reach is refused", out_of_reach },
	{ "more functions than stubs are refused", too_many },
	{ "no memory", no_memory },
};

static bool all_is_free(void)
{
	struct xlp_batch *batch = attach(1, XLP_NR_STUBS, 0);

	detach(batch);
	return batch && !references && !stubs_busy();
}

int main(void)
{
	const struct scenario *this;
	bool any_failed = false;
	unsigned int i;

	method = xlp_branch_method_if_any();
	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(scenarios));
	for (this = scenarios; this < scenarios + ARRAY_SIZE(scenarios); this++) {
		machine_reset();
		failed = false;
		this->run();
		for (i = 0; i < NR_FUNCS; i++)
			CHECK(text[i] == PUSH + i);
		CHECK(!references);
		CHECK(all_is_free());
		printf("%s %td %s\n", failed ? "not ok" : "ok", this - scenarios + 1, this->name);
		any_failed |= failed;
	}
	return any_failed;
}
