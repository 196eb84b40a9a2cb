// SPDX-License-Identifier: GPL-2.0
/* sites.c - from a site to its hook, for handlers: how the table is made */
#include "log.h"

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include "alloc.h"
#include "batch.h"
#include "sites.h"

/* So many pairs of factors are tried for one size of the table. */
#define FACTORS_TRIED	8

/* Odd, so that no two addresses have one product. */
static u64 sites_next_factor(u64 *seed)
{
	/* A full period, and good upper bits: those that the sites are mixed by. */
	*seed = *seed * 0x5851f42d4c957f2dULL + 0x14057b7ef767814fULL;
	return *seed | 1;
}

static struct xlp_site *site_slot(struct xlp_sites *sites, unsigned long site, unsigned int place)
{
	return (struct xlp_site *)xlp_sites_slot(sites, site, place);
}

static struct xlp_site *site_free_slot(struct xlp_sites *sites, unsigned long site)
{
	struct xlp_site *first = site_slot(sites, site, 0);
	struct xlp_site *second = site_slot(sites, site, 1);

	if (!first->site)
		return first;
	return second->site ? NULL : second;
}

/* Where a site may be, other than in @slot. */
static struct xlp_site *site_other_slot(struct xlp_sites *sites, unsigned long site,
					const struct xlp_site *slot)
{
	struct xlp_site *first = site_slot(sites, site, 0);

	return slot == first ? site_slot(sites, site, 1) : first;
}

/*
 * Who finds both places taken takes one, and whoever was there its other one, and so
 * on. Sites that go round in a circle would go on for ever: @patience ends that.
 */
static bool site_add(struct xlp_sites *sites, struct xlp_site added, unsigned int patience)
{
	struct xlp_site *slot = site_free_slot(sites, added.site);

	if (!slot)
		slot = site_slot(sites, added.site, 0);
	while (slot->site) {
		struct xlp_site before = *slot;

		if (!patience--)
			return false;
		*slot = added;
		added = before;
		slot = site_other_slot(sites, added.site, slot);
	}
	*slot = added;
	return true;
}

static bool sites_add_all(struct xlp_sites *sites, const struct xlp_site *list, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!site_add(sites, list[i], nr))
			return false;
	return true;
}

unsigned int xlp_sites_bits(unsigned int nr)
{
	return nr == 1 ? 0 : ilog2(roundup_pow_of_two(nr)) + 1;
}

static bool sites_fill(struct xlp_sites *sites, unsigned int bits, const struct xlp_site *list,
		       unsigned int nr)
{
	size_t size = sizeof(struct xlp_site) << bits;
	struct xlp_site_place *place;
	unsigned int tries;
	u64 seed = bits;

	/* Offsets of slots are bits of a product, from its 33rd on. */
	BUILD_BUG_ON(sizeof(struct xlp_site) & (sizeof(struct xlp_site) - 1));
	for (tries = 0; tries < FACTORS_TRIED; tries++) {
		memset(sites->slots, 0, size);
		for (place = sites->places; place < sites->places + XLP_SITE_PLACES; place++) {
			place->factor = sites_next_factor(&seed);
			place->mask = size - sizeof(struct xlp_site);
		}
		if (sites_add_all(sites, list, nr))
			return true;
	}
	return false;
}

void *xlp_sites_make(size_t offset, const struct xlp_site *list, unsigned int nr)
{
	unsigned int bits = xlp_sites_bits(nr);
	unsigned int most = bits + XLP_SITES_DOUBLINGS;
	struct xlp_sites *sites;
	void *memory;

	for (; bits <= most; bits++) {
		memory = xlp_alloc(offset + struct_size(sites, slots, 1UL << bits));
		if (!memory)
			return ERR_PTR(-ENOMEM);
		sites = memory + offset;
		if (sites_fill(sites, bits, list, nr))
			return memory;
		xlp_free(memory);
	}
	pr_err("%u functions find no place in a table for %lu\n", nr, 1UL << most);
	return ERR_PTR(-ENOSPC);
}

void xlp_sites_remove(struct xlp_sites *sites, const struct xlp_hook *hook)
{
	unsigned int place;
	struct xlp_site *slot;

	for (place = 0; place < XLP_SITE_PLACES; place++) {
		slot = site_slot(sites, hook->site, place);
		if (slot->site == hook->site && slot->hook == hook)
			WRITE_ONCE(slot->site, 0);
	}
}
