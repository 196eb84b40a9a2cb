// SPDX-License-Identifier: GPL-2.0
/*
 * sites.c - does every site get a place where handlers look?
 *
 * Each case is a pattern of addresses. Tables are made as a method makes them, doubled
 * while sites find no place, and searched as handlers search them. The table has guards
 * behind its end: the sanitizer sees who writes or reads there.
 */
#include "../../common/hook.h"
#include "../../common/sites.h"

#define MOST_SITES	50000

/**
 * struct owner - what a method has a table in
 * @before:	something of its own
 * @sites:	the table
 */
struct owner {
	unsigned long before[3];
	struct xlp_sites sites;
};

/* As compilers and the module loader lay out code. */
#define KERNEL_TEXT	0xffffffff81000000UL
#define MODULE_TEXT	0xffffffffc0201000UL

static struct xlp_hook *hooks;
static bool has_memory = true;
static unsigned int nr_logged;
static unsigned int nr_cases;
static unsigned int nr_failed;

/**
 * struct outcome - what became of a pattern
 * @sets:	how many sets of sites were tried
 * @sites:	in all of them
 * @second:	how many of those are not in their first place
 * @doublings:	of the table that was doubled most
 */
struct outcome {
	unsigned int sets;
	unsigned long sites;
	unsigned long second;
	unsigned int doublings;
};

void *xlp_alloc(size_t size)
{
	return has_memory ? calloc(1, size) : NULL;
}

void xlp_free(const void *memory)
{
	free((void *)memory);
}

void log_line(void)
{
	nr_logged++;
}

/* Return: what a method keeps, or an error pointer. */
static struct owner *make_owner(unsigned int nr)
{
	struct xlp_site *list = malloc(nr * sizeof(*list));
	struct owner *owner;
	unsigned int i;

	for (i = 0; i < nr; i++)
		list[i] = (struct xlp_site){ hooks[i].site, &hooks[i] };
	owner = xlp_sites_make(offsetof(struct owner, sites), list, nr);
	free(list);
	return owner;
}

static unsigned int nr_doublings(const struct xlp_sites *sites, unsigned int nr)
{
	return ilog2(sites->places[0].mask / sizeof(sites->slots[0]) + 1) - xlp_sites_bits(nr);
}

/* Return: in which place a site is, or XLP_SITE_PLACES: in none. */
static unsigned int place_of(const struct xlp_sites *sites, const struct xlp_hook *hook)
{
	const struct xlp_site *slot;
	unsigned int place;

	for (place = 0; place < XLP_SITE_PLACES; place++) {
		slot = xlp_sites_slot(sites, hook->site, place);
		if (slot->site == hook->site)
			return slot->hook == hook ? place : XLP_SITE_PLACES;
	}
	return XLP_SITE_PLACES;
}

/* No call of another function is taken for one of these. */
static bool finds_stranger(const struct xlp_sites *sites, unsigned long stranger)
{
	return xlp_sites_slot(sites, stranger, 0)->site == stranger ||
	       xlp_sites_slot(sites, stranger, 1)->site == stranger;
}

static bool try_set(unsigned int nr, struct outcome *outcome)
{
	struct owner *owner = make_owner(nr);
	unsigned int i, place, doublings;
	const struct xlp_sites *sites;
	bool right;

	if (IS_ERR(owner)) {
		printf("# %u sites find no place\n", nr);
		return false;
	}
	sites = &owner->sites;
	doublings = nr_doublings(sites, nr);
	right = !owner->before[0] && !owner->before[2];
	for (i = 0; i < nr && right; i++) {
		place = place_of(sites, &hooks[i]);
		right = place < XLP_SITE_PLACES && !finds_stranger(sites, hooks[i].site + 1);
		if (!right)
			printf("# of %u sites the one at %#lx is not found\n", nr, hooks[i].site);
		outcome->second += place == 1;
	}
	/* It is allowed for bad luck, which these sets do not have. */
	if (doublings > 1) {
		printf("# a table of %u sites had to be doubled %u times\n", nr, doublings);
		right = false;
	}
	outcome->sets++;
	outcome->sites += nr;
	if (doublings > outcome->doublings)
		outcome->doublings = doublings;
	free(owner);
	return right;
}

static void result(bool passed, const char *title, const struct outcome *outcome)
{
	if (outcome)
		printf("# %u sets, %lu sites, %.1f %% in their second place, doubled %u times\n",
		       outcome->sets, outcome->sites, 100.0 * outcome->second / outcome->sites,
		       outcome->doublings);
	printf("%sok %u %s\n", passed ? "" : "not ", ++nr_cases, title);
	nr_failed += !passed;
}

/* ---- patterns ---- */

static unsigned long chance;

static unsigned long next_chance(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return chance;
}

static void at_stride(unsigned int nr, unsigned long start, unsigned long stride)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		hooks[i].site = start + i * stride;
}

/* As functions are: aligned, of any size. */
static void as_functions(unsigned int nr, unsigned long start, unsigned int most_bytes)
{
	unsigned long site = start;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		hooks[i].site = site + 4;
		site += 16 + (next_chance() % most_bytes & ~15UL);
	}
}

static const unsigned int numbers[] = {
	1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 255, 256,
	257, 500, 511, 512, 513, 1000, 1023, 1024, 1025, 2000, 4096, 10000, 32768, MOST_SITES,
};

#define for_each_number(number)							\
	for ((number) = numbers; (number) < numbers + ARRAY_SIZE(numbers); (number)++)

static void case_stride(unsigned long stride)
{
	struct outcome outcome = { };
	const unsigned int *number;
	bool passed = true;
	char title[64];

	for_each_number(number) {
		at_stride(*number, KERNEL_TEXT, stride);
		passed &= try_set(*number, &outcome);
		at_stride(*number, MODULE_TEXT + 4, stride);
		passed &= try_set(*number, &outcome);
	}
	snprintf(title, sizeof(title), "sites %lu bytes apart", stride);
	result(passed, title, &outcome);
}

/* The size does what it should for each number, not only for chosen ones. */
static void case_each_number(void)
{
	struct outcome outcome = { };
	bool passed = true;
	unsigned int nr;

	for (nr = 1; nr <= 2000; nr++) {
		at_stride(nr, MODULE_TEXT, 16);
		passed &= try_set(nr, &outcome);
	}
	result(passed, "1 to 2000 sites 16 bytes apart", &outcome);
}

static void case_functions(void)
{
	struct outcome outcome = { };
	const unsigned int *number;
	bool passed = true;

	for_each_number(number) {
		as_functions(*number, KERNEL_TEXT, 256);
		passed &= try_set(*number, &outcome);
		as_functions(*number, MODULE_TEXT, 4096);
		passed &= try_set(*number, &outcome);
	}
	result(passed, "sites as functions are", &outcome);
}

/* Half in the kernel, the rest in modules far away from it and from each other. */
static void case_far_apart(void)
{
	struct outcome outcome = { };
	const unsigned int *number;
	bool passed = true;
	unsigned int i;

	for_each_number(number) {
		for (i = 0; i < *number; i++)
			hooks[i].site = i % 2 ? KERNEL_TEXT + i * 32UL :
					MODULE_TEXT + i / 100 * 0x40000UL + i * 16UL;
		passed &= try_set(*number, &outcome);
	}
	result(passed, "sites in the kernel and in modules", &outcome);
}

/* How many sites are looked for a second time decides what a call takes. */
static void case_few_in_second(void)
{
	struct outcome outcome = { };
	bool passed = true;
	unsigned int set;

	for (set = 0; set < 200; set++) {
		as_functions(100, MODULE_TEXT, 512);
		passed &= try_set(100, &outcome);
	}
	passed &= 4 * outcome.second < outcome.sites;
	result(passed, "of 100 sites less than a quarter are in their second place", &outcome);
}

/* ---- when there is no place for each ---- */

static void case_same_site(void)
{
	/* Three of one address cannot have two places: it must come to an end. */
	at_stride(3, MODULE_TEXT, 0);
	result(PTR_ERR(make_owner(3)) == -ENOSPC && nr_logged == 1,
	       "one site three times is given up, with a line", NULL);
}

static void case_no_memory(void)
{
	bool passed;

	at_stride(9, MODULE_TEXT, 16);
	has_memory = false;
	passed = PTR_ERR(make_owner(9)) == -ENOMEM && nr_logged == 1;
	has_memory = true;
	result(passed, "without memory there is no table, and no line", NULL);
}

/* ---- hooks that go ---- */

/* Each third of them has gone. */
static bool are_removed(const struct xlp_sites *sites, unsigned int nr)
{
	const struct xlp_hook *hook;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		hook = NULL;
		if (xlp_sites_find(sites, hooks[i].site, &hook) != (i % 3 > 0) ||
		    hook != (i % 3 ? &hooks[i] : NULL))
			return false;
	}
	return true;
}

static void case_removed(void)
{
	struct xlp_hook stranger = { }, namesake = { };
	struct owner *owner;
	bool passed;
	unsigned int i;

	as_functions(1000, MODULE_TEXT, 512);
	owner = make_owner(1000);
	stranger.site = hooks[7].site + 1;
	namesake.site = hooks[7].site;
	xlp_sites_remove(&owner->sites, &stranger);
	xlp_sites_remove(&owner->sites, &namesake);
	for (i = 0; i < 1000; i += 3)
		xlp_sites_remove(&owner->sites, &hooks[i]);
	passed = are_removed(&owner->sites, 1000);
	free(owner);
	result(passed, "what is removed is not found, and the rest is", NULL);
}

int main(void)
{
	hooks = calloc(MOST_SITES, sizeof(*hooks));
	if (!hooks)
		return 1;
	chance = 20261128;
	printf("KTAP version 1\n1..14\n");
	case_stride(4);
	case_stride(8);
	case_stride(16);
	case_stride(32);
	case_stride(64);
	case_stride(4096);
	case_stride(65536);
	case_each_number();
	case_functions();
	case_far_apart();
	case_few_in_second();
	case_same_site();
	case_no_memory();
	case_removed();
	printf("%u passed, %u failed, 0 skipped\n", nr_cases - nr_failed, nr_failed);
	return !!nr_failed;
}
