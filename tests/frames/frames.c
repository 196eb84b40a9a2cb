// SPDX-License-Identifier: GPL-2.0
/*
 * frames.c - does common/frames.c walk every chain of records, and none that is corrupt?
 *
 * It is built once for each description of frame records in this directory. Chains have
 * frames of random sizes, always the same ones.
 * usage: frames [FIRST]	FIRST: what the first case's number is
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlp/arch.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define MAX_FRAMES		20U
#define CHAINS			200U

bool is_text_found = true, is_entry_found = true;

bool xlp_in_outermost_code(unsigned long addr)
{
	return is_in(ENTRY_CODE_HAS_RECORD ? ENTRY_CODE : OUTERMOST_CODE, addr) ||
	       is_in(NEWBORN_CODE, addr);
}

/* ---- a chain ---- */

static unsigned long memory[THREAD_SIZE / sizeof(long)] __attribute__((aligned(4096)));

enum kind { USER, IDLE, THREAD, NR_KINDS };

/*
 * Function i returns to pc[i + 1] in function i + 1; function @nr is the last, and the
 * task goes on at pc[0]. @begin is what a thread of the kernel is there for.
 */
static struct {
	struct task_struct task;
	enum kind kind;
	unsigned long begin;
	unsigned int nr;
	unsigned long pc[MAX_FRAMES + 1];
	unsigned long fp[MAX_FRAMES + 1];
} chain;

static unsigned long *record_of(unsigned int i)
{
	return (unsigned long *)(chain.fp[i] + xlp_arch_frame_record);
}

static unsigned long some_code(unsigned long code)
{
	return code + 4 + rand() % (CODE_SIZE - 4);
}

/* In what is said by its last record, and may be any function. */
static bool begins_anywhere(void)
{
	return chain.kind == THREAD && THREADS_BEGIN_ANYWHERE;
}

/* If the last thing that a function does is a call, that returns to where the next one begins. */
static unsigned long some_outermost_code(void)
{
	bool at_end = !(rand() % 4);

	if (ENTRY_CODE_HAS_RECORD)
		return some_code(ENTRY_CODE);
	if (begins_anywhere())
		return chain.begin + (at_end ? FUNCTION_SIZE : 4 + rand() % (FUNCTION_SIZE - 4));
	return at_end ? OUTERMOST_CODE + CODE_SIZE : some_code(OUTERMOST_CODE);
}

static void lay_frames(void)
{
	unsigned long fp = xlp_arch_last_fp(&chain.task);
	unsigned int i;

	chain.fp[chain.nr] = fp;
	chain.pc[chain.nr] = some_outermost_code();
	for (i = chain.nr; i--; ) {
		fp -= 2 * 16 + STACK_ALIGN * (rand() % 12);
		chain.fp[i] = fp;
		chain.pc[i] = some_code(PLAIN_CODE);
		record_of(i)[0] = chain.fp[i + 1];
		record_of(i)[1] = chain.pc[i + 1];
	}
}

/* It may be saved on the stack. */
static void switch_out(unsigned long sp)
{
	chain.task.thread.sp = sp;
	SAVED_PC(&chain.task) = chain.pc[0];
	SAVED_FP(&chain.task) = chain.fp[0];
}

static void make_chain(unsigned int nr)
{
	memset(memory, 0, sizeof(memory));
	memset(&chain, 0, sizeof(chain));
	chain.task.stack = memory;
	chain.kind = rand() % NR_KINDS;
	chain.task.is_idle = chain.kind == IDLE;
	chain.begin = THREAD_CODE + FUNCTION_SIZE * (rand() % 8);
	chain.nr = nr;
	if (XLP_FRAMES_DESCRIBED)
		lay_frames();
	if (!ENTRY_CODE_HAS_RECORD) {
		record_of(nr)[0] = chain.kind == THREAD ? chain.begin : 0x7fff0000;
		record_of(nr)[1] = some_code(ENTRY_CODE);
	}
	switch_out(chain.fp[0] - 64 - 16 * (rand() % 4));
}

/* ---- what tracers and probes have replaced ---- */

struct traced {
	unsigned long *place;
	unsigned long addr;
};

/* The latest is the last. */
static struct traced traced[MAX_FRAMES];
static unsigned int nr_traced;
static struct probed probed[2 * MAX_FRAMES];
static unsigned int nr_probed;

unsigned long ftrace_graph_ret_addr(struct task_struct *task, int *index, unsigned long addr,
				    unsigned long *place)
{
	unsigned int i = *index ? (unsigned int)*index : nr_traced;

	if (addr != GRAPH_TRAMPOLINE)
		return addr;
	while (i--) {
		if (traced[i].place != place || traced[i].addr == GRAPH_TRAMPOLINE)
			continue;
		*index = i;
		return traced[i].addr;
	}
	return addr;
}

static void forget_replaced(void)
{
	nr_traced = 0;
	nr_probed = 0;
}

static void trace(unsigned int i)
{
	traced[nr_traced++] = (struct traced){
		(unsigned long *)(TRACED_PLACE(chain.fp[i], chain.fp[i + 1])), record_of(i)[1]
	};
	record_of(i)[1] = GRAPH_TRAMPOLINE;
}

static void probe(unsigned int i)
{
	struct probed *latest = &probed[nr_probed++];

	*latest = (struct probed){
		{ chain.task.probes }, PROBED_FRAME(chain.fp[i], chain.fp[i + 1]), record_of(i)[1]
	};
	chain.task.probes = &latest->node;
	record_of(i)[1] = PROBE_TRAMPOLINE;
}

/* ---- a walk ---- */

static unsigned long visited[2 * MAX_FRAMES];
static unsigned int nr_visited, nr_allowed;

static bool visit(void *data, unsigned long addr)
{
	if (data != visited || nr_visited == ARRAY_SIZE(visited))
		abort();
	visited[nr_visited++] = addr;
	return nr_visited < nr_allowed;
}

static int walk(void)
{
	nr_visited = 0;
	nr_allowed = -1;
	return xlp_walk_frames(&chain.task, visit, visited);
}

static bool shows_all(void)
{
	int err = walk();

	if (!err && nr_visited == chain.nr + 1 &&
	    !memcmp(visited, chain.pc, nr_visited * sizeof(long)))
		return true;
	printf("# %u frames: error %d after %u addresses\n", chain.nr, err, nr_visited);
	return false;
}

static bool fails(void)
{
	int err = walk();

	if (err == -EINVAL)
		return true;
	printf("# %u frames: error %d after %u addresses\n", chain.nr, err, nr_visited);
	return false;
}

/* ---- cases ---- */

static bool fails_with(unsigned long *word, unsigned long bad)
{
	unsigned long good = *word;
	bool right;

	if (good == bad)
		return true;
	*word = bad;
	right = fails();
	*word = good;
	if (!right)
		printf("# 0x%lx in place of 0x%lx\n", bad, good);
	return right;
}

static bool no_link_is_replaced(unsigned long *link, unsigned int i)
{
	unsigned long low = (unsigned long)memory;
	const unsigned long bad[] = {
		0, 1, ~0UL, ~15UL, -16UL, *link + 8, *link + 1, low, low - 64, low + THREAD_SIZE,
		low + THREAD_SIZE - 8, low + THREAD_SIZE - 16, low + THREAD_SIZE + 16,
		(unsigned long)link, (unsigned long)&chain, chain.task.thread.sp - 16,
		xlp_arch_last_fp(&chain.task),
	};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(bad); n++)
		if (!fails_with(link, bad[n]))
			return false;
	for (n = 0; n < i; n++)
		if (!fails_with(link, chain.fp[n]))
			return false;
	return true;
}

static bool no_return_is_replaced(unsigned long *addr)
{
	const unsigned long bad[] = {
		0, 1, ~0UL, (unsigned long)addr, GRAPH_TRAMPOLINE, PROBE_TRAMPOLINE,
	};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(bad); n++)
		if (!fails_with(addr, bad[n]))
			return false;
	return true;
}

static bool walks_all(void)
{
	return shows_all();
}

static bool link_is_corrupt(void)
{
	unsigned int i;

	for (i = 0; i < chain.nr; i++)
		if (!no_link_is_replaced(record_of(i), i + 1))
			return false;
	return no_link_is_replaced(&SAVED_FP(&chain.task), 0);
}

static bool return_is_corrupt(void)
{
	unsigned int i;

	for (i = 0; i < chain.nr; i++)
		if (!no_return_is_replaced(record_of(i) + 1))
			return false;
	return no_return_is_replaced(&SAVED_PC(&chain.task));
}

/* What a thread begins in is said by its last record, which entry code has left. */
static bool ends_elsewhere(void)
{
	unsigned long *addr = record_of(chain.nr - 1) + 1;
	unsigned long *last_record = record_of(chain.nr);

	return fails_with(addr, some_code(PLAIN_CODE)) &&
	       fails_with(addr, chain.begin + FUNCTION_SIZE + 4) &&
	       (!begins_anywhere() ||
		(fails_with(last_record, chain.begin + 4) &&
		 fails_with(last_record, chain.begin + FUNCTION_SIZE) &&
		 fails_with(last_record + 1, some_code(PLAIN_CODE))));
}

/* Whatever it has interrupted, in whatever frame. */
static bool has_exception(void)
{
	unsigned int i;

	for (i = 0; i + 1 < chain.nr; i++)
		if (!fails_with(record_of(i) + 1, some_code(ENTRY_CODE)))
			return false;
	return true;
}

/* What its registers begin with is no matter of its stack. */
static bool never_ran(void)
{
	chain.nr = 0;
	chain.pc[0] = some_code(NEWBORN_CODE);
	chain.fp[0] = ENTRY_CODE_HAS_RECORD ? xlp_arch_last_fp(&chain.task) : some_code(PLAIN_CODE);
	switch_out(task_pt_regs(&chain.task) - 64);
	return shows_all();
}

static bool below_sp(void)
{
	switch_out(chain.fp[0] + xlp_arch_frame_record + 8);
	return fails();
}

static bool is_traced(void)
{
	unsigned int i;

	for (i = chain.nr; i--; )
		if (rand() % 2)
			trace(i);
	return shows_all();
}

static bool is_traced_elsewhere(void)
{
	unsigned int i = rand() % chain.nr;

	trace(i);
	traced[0].place++;
	return fails();
}

static bool is_probed(void)
{
	unsigned int i, n;

	for (i = chain.nr; i--; )
		for (n = rand() % 3; n; n--)
			probe(i);
	return shows_all();
}

static bool is_probed_elsewhere(void)
{
	probe(rand() % chain.nr);
	probed[0].frame += 16;
	return fails();
}

static bool is_both(void)
{
	unsigned int i;

	for (i = chain.nr; i--; ) {
		if (rand() % 2) {
			probe(i);
			trace(i);
		} else {
			trace(i);
			probe(i);
		}
	}
	return shows_all();
}

static bool is_ended(void)
{
	int err;

	nr_visited = 0;
	nr_allowed = 1 + rand() % chain.nr;
	err = xlp_walk_frames(&chain.task, visit, visited);
	return err == -EINVAL && nr_visited == nr_allowed;
}

static bool walks_nothing(void)
{
	return walk() == -EOPNOTSUPP && !nr_visited;
}

static bool is_unknown(void)
{
	bool right;

	is_text_found = false;
	right = walks_nothing();
	is_text_found = true;
	is_entry_found = false;
	right &= walks_nothing();
	is_entry_found = true;
	return right;
}

struct frames_case {
	const char *name;
	bool (*is_right)(void);
};

static const struct frames_case cases[] = {
	{ "every address of every chain is shown", walks_all },
	{ "no link can be another", link_is_corrupt },
	{ "no return address can be what is no code", return_is_corrupt },
	{ "a last frame in another function", ends_elsewhere },
	{ "an exception", has_exception },
	{ "a task that never ran", never_ran },
	{ "a record below the stack pointer", below_sp },
	{ "return addresses that the graph tracer has replaced", is_traced },
	{ "one that it has replaced elsewhere", is_traced_elsewhere },
	{ "those that probes have replaced, twice even", is_probed },
	{ "one that a probe has replaced elsewhere", is_probed_elsewhere },
	{ "those that both have replaced", is_both },
	{ "a visitor that has seen enough", is_ended },
	{ "a kernel that does not list its code", is_unknown },
};

static const struct frames_case cases_of_none[] = {
	{ "no stack is walked", walks_nothing },
};

static bool is_right(bool (*holds)(void))
{
	unsigned int i;

	srand(1);
	for (i = 0; i < CHAINS; i++) {
		forget_replaced();
		make_chain(1 + i % MAX_FRAMES);
		if (!holds())
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned int number = argc > 1 ? atoi(argv[1]) : 1, i;
	const struct frames_case *made = cases;
	unsigned int nr = ARRAY_SIZE(cases);
	bool all = true;

	if (!XLP_FRAMES_DESCRIBED) {
		made = cases_of_none;
		nr = ARRAY_SIZE(cases_of_none);
	}
	if (number == 1)
		printf("KTAP version 1\n1..%zu\n",
		       3 * ARRAY_SIZE(cases) + ARRAY_SIZE(cases_of_none));
	for (i = 0; i < nr; i++) {
		bool right = is_right(made[i].is_right);

		printf("%sok %u records %s: %s\n", right ? "" : "not ", number++, DESCRIPTION,
		       made[i].name);
		all &= right;
	}
	return !all;
}
