// SPDX-License-Identifier: GPL-2.0
/*
 * trampoline.c - does the trampoline find functions and leave everything as it was?
 *
 * A function begins with a call of it, as ftrace makes one. The caller has its own values in
 * all registers that a function may be given something in, or has to preserve, and arguments on
 * the stack.
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __aarch64__
# include "arm64.h"
#elif defined(__riscv)
# include "riscv.h"
#elif defined(__s390x__)
# include "s390.h"
#else
# include "x86_64.h"
#endif
#include <asm-generic/xlp/direct.h>
#include "functions.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define NR_SLOTS	32
#define SLOT_GONE	1UL

struct slot {
	unsigned long address;
	const unsigned long *target;
};

static struct {
	unsigned long mask;
	unsigned long unused;
	struct slot slots[NR_SLOTS];
} table;

struct xlp_direct_table *xlp_direct_table = (void *)&table;

/* What the function that a call has reached was given, and what the caller was left with. */
struct registers given;
unsigned long kept[NR_KEPT], after_call;
static unsigned int nr_asked;
static const void *asked_about;
static unsigned long answer;

#if defined(HAS_BACK_CHAIN) || defined(HAS_SINGLE_STEPS)
static bool is_in_trampoline(unsigned long ip)
{
	return ip >= (unsigned long)xlp_direct_trampoline &&
	       ip < (unsigned long)xlp_direct_trampoline_end;
}
#endif

#ifdef HAS_BACK_CHAIN
/* Of the question, the function, and whoever has called that. */
static unsigned long returns[3];
#endif

/* A function of C, which may change whatever C may. */
unsigned long xlp_target_of_task(const void *targets)
{
	nr_asked++;
	asked_about = targets;
#ifdef HAS_BACK_CHAIN
	find_returns(returns, ARRAY_SIZE(returns));
#endif
	change_registers();
	return answer;
}

static bool all_is_kept(void)
{
	const struct registers wanted = registers_wanted(after_call);

	return !memcmp(&given, &wanted, sizeof(wanted)) &&
	       !memcmp(kept, kept_wanted, sizeof(kept_wanted));
}

/* ---- the table ---- */

static unsigned long address_of(unsigned long (*func)(void))
{
	return xlp_arch_direct_return((unsigned long)func);
}

static unsigned int first_slot(unsigned long address)
{
	return ((address * XLP_DIRECT_FACTOR >> XLP_DIRECT_SHIFT) & table.mask) /
	       XLP_DIRECT_SLOT_SIZE;
}

/* With so many slots that a product can name. */
static void empty_table(unsigned int nr)
{
	memset(&table, 0, sizeof(table));
	table.mask = (nr - 1) * XLP_DIRECT_SLOT_SIZE;
	memset(&given, 0, sizeof(given));
	nr_asked = 0;
}

static void put(unsigned int behind, unsigned long address, unsigned long (*func)(void),
		const unsigned long *target)
{
	table.slots[first_slot(address_of(func)) + behind] = (struct slot){ address, target };
}

static unsigned long to_new, to_old, to_ask = XLP_DIRECT_ASK;

static bool goes_to(unsigned long (*func)(void), unsigned long result)
{
	return call_with_all(func) == result && all_is_kept();
}

static bool found_at_once(void)
{
	empty_table(1);
	put(0, address_of(old_one), old_one, &to_new);
	return goes_to(old_one, 3) && goes_to(old_two, 2);
}

static bool found_by_its_product(void)
{
	unsigned int nr;

	for (nr = 1; nr <= NR_SLOTS / 2; nr *= 2) {
		empty_table(nr);
		put(0, address_of(old_two), old_two, &to_new);
		if (!goes_to(old_two, 3) || !goes_to(old_one, 1))
			return false;
	}
	return true;
}

static bool found_behind_others(void)
{
	empty_table(4);
	put(0, address_of(old_two), old_one, &to_old);
	put(1, SLOT_GONE, old_one, NULL);
	put(2, address_of(old_one) + 1, old_one, &to_old);
	put(3, address_of(old_one), old_one, &to_new);
	return goes_to(old_one, 3);
}

static bool ends_at_empty_slot(void)
{
	empty_table(1);
	put(0, SLOT_GONE, old_one, NULL);
	put(2, address_of(old_one), old_one, &to_new);
	return goes_to(old_one, 1);
}

static bool no_target(void)
{
	empty_table(1);
	put(0, address_of(old_one), old_one, &to_old);
	return goes_to(old_one, 1) && !nr_asked;
}

static bool asks_and_goes(void)
{
	empty_table(1);
	put(0, address_of(old_one), old_one, &to_ask);
	answer = (unsigned long)new_one;
	return goes_to(old_one, 3) && nr_asked == 1 && asked_about == &to_ask;
}

static bool asks_and_stays(void)
{
	empty_table(1);
	put(0, address_of(old_one), old_one, &to_ask);
	answer = 0;
	return goes_to(old_one, 1) && nr_asked == 1;
}

#ifdef HAS_LANDING_PADS
/* ---- what the processor checks ---- */

static bool looks_for_landing_pads;

/* Before any of it runs. From there on nothing may branch to what has no landing pad. */
static void look_for_landing_pads(void)
{
	const size_t page = 4096;

	looks_for_landing_pads =
		!mprotect(xlp_direct_trampoline, page, PROT_READ | PROT_EXEC | PROT_BTI) &&
		!mprotect(new_one, page, PROT_READ | PROT_EXEC | PROT_BTI);
}

/* How a call comes there whose BL does not reach it. */
static bool reached_by_a_branch(void)
{
	empty_table(1);
	put(0, address_of(old_far), old_far, &to_new);
	put(1, address_of(old_one), old_far, &to_old);
	return looks_for_landing_pads && goes_to(old_far, 3) && goes_to(old_one, 1);
}
#else
static void look_for_landing_pads(void)
{
}
#endif

#ifdef HAS_BACK_CHAIN
static bool stack_has_all(void)
{
	empty_table(1);
	put(0, address_of(old_one), old_one, &to_ask);
	answer = (unsigned long)new_one;
	return goes_to(old_one, 3) && is_in_trampoline(returns[0]) &&
	       returns[1] == address_of(old_one) && returns[2] == after_call;
}
#endif

#ifdef HAS_SINGLE_STEPS
/* ---- how long it takes ---- */

/* Instructions of the trampoline that one call of a function takes, step by step; 0: none. */
static unsigned int instructions(unsigned long (*func)(void))
{
	struct user_regs_struct regs;
	unsigned int nr = 0;
	int status;
	pid_t child = fork();

	if (!child) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		call_with_all(func);
		_exit(0);
	}
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		if (ptrace(PTRACE_GETREGS, child, NULL, &regs))
			break;
		nr += is_in_trampoline(regs.rip);
		ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);
	}
	return nr;
}

static bool is_short(void)
{
	unsigned int found, asked;

	empty_table(1);
	put(0, address_of(old_one), old_one, &to_new);
	put(1, address_of(old_two), old_one, &to_ask);
	answer = (unsigned long)new_one;
	found = instructions(old_one);
	/* In the second slot. */
	asked = instructions(old_two);
	printf("# %u instructions, %u and world.c's in a transition, in the second slot\n", found,
	       asked);
	return found && found <= MOST_INSTRUCTIONS && asked > found;
}
#endif

#ifdef HAS_ODD_ADDRESSES
static bool address_is_even(void)
{
	return !((unsigned long)xlp_direct_trampoline & 15);
}
#endif

static const struct {
	const char *name;
	bool (*is_right)(void);
} cases[] = {
	{ "a function in its first slot goes on in the new one", found_at_once },
	{ "its slot is where the product says", found_by_its_product },
	{ "it is found behind other functions and such as have gone", found_behind_others },
	{ "an empty slot ends the search", ends_at_empty_slot },
	{ "a function without a target goes on in itself", no_target },
	{ "whose target is a matter of the task asks, and goes there", asks_and_goes },
	{ "or stays", asks_and_stays },
#ifdef HAS_LANDING_PADS
	{ "a branch leads there where a call does not reach", reached_by_a_branch },
#endif
#ifdef HAS_BACK_CHAIN
	{ "the stack has the function and its caller while it asks", stack_has_all },
#endif
#ifdef HAS_SINGLE_STEPS
	{ "a call takes no more instructions than it may", is_short },
#endif
#ifdef HAS_ODD_ADDRESSES
	{ "its address is none that means a jump to ftrace", address_is_even },
#endif
};

/* The function was left with something else than it needs. */
static void crashed(int signal)
{
	printf("# signal %d\n", signal);
	fflush(stdout);
	_exit(1);
}

/* trampoline.MACHINE NUMBER: the number of the first result */
int main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : 1;
	bool any_failed = false, right;
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Or it goes round in circles. */
	signal(SIGALRM, crashed);
	alarm(20);
	signal(SIGILL, crashed);
	signal(SIGSEGV, crashed);
	signal(SIGBUS, crashed);
	signal(SIGTRAP, crashed);
	look_for_landing_pads();
	to_new = (unsigned long)new_one;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		right = cases[i].is_right();
		printf("%sok %zu %s: %s\n", right ? "" : "not ", number + i, MACHINE,
		       cases[i].name);
		any_failed |= !right;
	}
	return any_failed;
}
