// SPDX-License-Identifier: GPL-2.0
/* machine.c - a machine with a few functions, kprobes, and tasks that call */
#include "../../common/alloc.h"
#include "../../common/batch.h"
#include "../../common/engine.h"
#include "../../common/methods.h"
#include "../../common/log.h"
#include "../../common/patch.h"
#include <asm-generic/xlp/branch.h>
#include <compat/text.h>
#include "machine.h"

u32 text[NR_FUNCS];
struct xlp_stub xlp_stubs[XLP_NR_STUBS];
bool module_is_gone;
unsigned int references, probe_hits;
struct delayed_work *scheduled;
void (*before_stop)(void);
void (*before_settling)(void);
void (*before_asking)(void);
void (*behind_answer)(void);
bool memory_fails;
int probe_error;
unsigned int waits, stops;
char said[1000];
const char *xlp_log_prefix = "xlp";
bool xlp_compat;
LIST_HEAD(xlp_patches);

static bool is_stopped;
/* In the kernel's table; and one that is not there yet, while the lock of kprobes is held. */
static struct kprobe *probes[NR_FUNCS], *beginning;

static void bail_out(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(1);
}

void machine_reset(void)
{
	unsigned int i;

	for (i = 0; i < NR_FUNCS; i++) {
		text[i] = PUSH + i;
		probes[i] = NULL;
	}
	memset(xlp_stubs, 0, sizeof(xlp_stubs));
	module_is_gone = false;
	references = 0;
	probe_hits = 0;
	scheduled = NULL;
	before_stop = NULL;
	before_settling = NULL;
	before_asking = NULL;
	behind_answer = NULL;
	beginning = NULL;
	memory_fails = false;
	probe_error = 0;
	waits = 0;
	said[0] = '\0';
}

void *xlp_alloc(size_t size)
{
	return memory_fails ? NULL : calloc(1, size);
}

void xlp_free(const void *memory)
{
	free((void *)memory);
}

void mutex_lock(struct mutex *mutex)
{
	if (mutex->locked)
		bail_out("a task waits for itself");
	mutex->locked = true;
}

void mutex_unlock(struct mutex *mutex)
{
	mutex->locked = false;
}

void __module_get(const void *unused)
{
	references++;
}

void module_put(const void *unused)
{
	references--;
}

int stop_machine(int (*stopped)(void *data), void *data, const void *unused)
{
	void (*before)(void) = before_stop;

	before_stop = NULL;
	if (before)
		before();
	stops++;
	is_stopped = true;
	stopped(data);
	is_stopped = false;
	return 0;
}

/* ---- text ---- */

static bool is_of_module(unsigned long site)
{
	return (u32 *)site >= text + NR_FUNCS - 2;
}

bool xlp_in_compiled_code(unsigned long addr)
{
	bool is_text = (u32 *)addr >= text && (u32 *)addr < text + NR_FUNCS &&
		       (!module_is_gone || !is_of_module(addr));
	void (*behind)(void) = behind_answer;

	behind_answer = NULL;
	if (behind)
		behind();
	return is_text;
}

u32 xlp_arch_text_word(unsigned long site)
{
	if (!xlp_in_compiled_code(site))
		bail_out("reads a module that is gone");
	return *(u32 *)site;
}

void xlp_arch_write_word(unsigned long site, u32 word)
{
	if (!is_stopped)
		bail_out("writes into text while others run there");
	if (!xlp_in_compiled_code(site))
		bail_out("writes into a module that is gone");
	*(u32 *)site = word;
}

bool xlp_arch_branch_reaches(unsigned long site, const struct xlp_stub *stub)
{
	return site != (unsigned long)&text[0];
}

void xlp_arch_stub_continue_in(struct xlp_stub *stub, unsigned long site, u32 first)
{
	if (stub->busy)
		bail_out("a stub gets another function while tasks may be in it");
	stub->first = first;
	stub->next = site + sizeof(u32);
}

/* ---- calls ---- */

static bool is_probed(unsigned int func)
{
	return probes[func] && (text[func] == BREAKPOINT || text[func] == OPTIMIZED);
}

static bool leads_to(u32 word, const struct xlp_stub *stub)
{
	return word == xlp_arch_branch(0, stub);
}

/* Tasks are in a stub whenever one may get there, and stay until they are waited for. */
static void tasks_call(void)
{
	struct xlp_stub *stub;
	unsigned int i;

	for (stub = xlp_stubs; stub < xlp_stubs + XLP_NR_STUBS; stub++)
		for (i = 0; i < NR_FUNCS; i++)
			stub->busy |= xlp_in_compiled_code((unsigned long)&text[i]) &&
				      (leads_to(text[i], stub) ||
				       (is_probed(i) &&
					leads_to(probes[i]->opcode, stub)));
}

void synchronize_rcu_tasks(void)
{
	struct xlp_stub *stub;

	waits++;
	for (stub = xlp_stubs; stub < xlp_stubs + XLP_NR_STUBS; stub++)
		stub->busy = false;
	tasks_call();
}

unsigned int stubs_busy(void)
{
	struct xlp_stub *stub;
	unsigned int nr = 0;

	for (stub = xlp_stubs; stub < xlp_stubs + XLP_NR_STUBS; stub++)
		nr += stub->busy;
	return nr;
}

void xlp_targets_publish(struct xlp_targets *targets, unsigned long before, unsigned long after)
{
	targets->now = after;
}

const struct xlp_method *xlp_method(void)
{
	return xlp_branch_method_if_any();
}

void xlp_engine_assert(void)
{
}

void xlp_engine_changed(void)
{
}

unsigned long xlp_target_of_task(const struct xlp_targets *targets)
{
	return targets->in[XLP_AFTER];
}

static enum answer call_stub(unsigned int func, const struct xlp_stub *stub)
{
	if (xlp_stub_choose(stub->hook))
		return NEW;
	return stub->first == PUSH + func && stub->next == (unsigned long)&text[func + 1] ? OLD :
	       CRASH;
}

enum answer call(unsigned int func)
{
	u32 word = text[func];

	tasks_call();
	if (is_probed(func)) {
		probe_hits++;
		word = probes[func]->opcode;
	}
	if (is_branch(word) && word - BRANCH < XLP_NR_STUBS)
		return call_stub(func, &xlp_stubs[word - BRANCH]);
	return word == PUSH + func ? OLD : CRASH;
}

/* ---- kprobes ---- */

void probe_begin(struct kprobe *probe, unsigned int func, bool armed)
{
	*probe = (struct kprobe){
		.addr = &text[func],
		.opcode = text[func],
		.flags = armed ? 0 : KPROBE_FLAG_DISABLED,
	};
	beginning = probe;
}

void probe_arm(struct kprobe *probe)
{
	tasks_call();
	*probe->addr = BREAKPOINT;
	probe->flags = 0;
}

void probe_end(struct kprobe *probe)
{
	beginning = NULL;
	probes[probe->addr - text] = probe;
	if (!probe->flags)
		probe_arm(probe);
}

void probe_remove(struct kprobe *probe)
{
	tasks_call();
	if (!probe->flags && (!module_is_gone || !is_of_module((unsigned long)probe->addr)))
		*probe->addr = probe->opcode;
	probes[probe->addr - text] = NULL;
	tasks_call();
}

void probe_optimize(struct kprobe *probe)
{
	*probe->addr = OPTIMIZED;
}

struct kprobe *machine_get_kprobe(kprobe_opcode_t *addr)
{
	void (*before)(void) = before_asking;

	before_asking = NULL;
	if (before)
		before();
	return probes[addr - text];
}

/* Whoever registers one waits until the one before is through. */
int register_kprobe(struct kprobe *probe)
{
	void (*before)(void) = before_settling;

	if (probe_error)
		return probe_error;
	before_settling = NULL;
	if (before)
		before();
	if (beginning)
		probe_end(beginning);
	return 0;
}

void unregister_kprobe(struct kprobe *probe)
{
}

/* ---- later ---- */

void schedule_delayed_work(struct delayed_work *work, unsigned long unused)
{
	work->pending = true;
	scheduled = work;
}

void flush_delayed_work(struct delayed_work *work)
{
	if (!work->pending)
		return;
	work->pending = false;
	scheduled = NULL;
	work->look(NULL);
}

void cancel_delayed_work(struct delayed_work *work)
{
	work->pending = false;
	scheduled = NULL;
}

void second(void)
{
	if (scheduled)
		flush_delayed_work(scheduled);
}
