/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sites.h - from a site to its hook, for handlers
 *
 * Each site is in one of two places, which two factors make of its address, so a
 * search looks at two slots at most, whatever the sites are. The table is filled
 * before any handler can see it, and from then on only loses sites: handlers take no lock.
 *
 * The file that makes it is also compiled for the host (tests/sites).
 */
#ifndef _XLP_COMMON_SITES_H
#define _XLP_COMMON_SITES_H

#include <linux/compiler.h>
#include <linux/types.h>

struct xlp_hook;

#define XLP_SITE_PLACES	2

/* How often a table in which sites find no room may be doubled. */
#define XLP_SITES_DOUBLINGS	6

/**
 * struct xlp_site - a slot
 * @site:	the address, or 0: the slot is free
 * @hook:	the function
 */
struct xlp_site {
	unsigned long site;
	const struct xlp_hook *hook;
};

/**
 * struct xlp_site_place - where sites are
 * @factor:	of their addresses
 * @mask:	which bits of a product make the offset of a slot, in bytes; the same for
 *		all places, but a handler that reads it where it needs it is shorter
 */
struct xlp_site_place {
	u64 factor;
	unsigned long mask;
};

/**
 * struct xlp_sites - a table
 * @places:	the places that a site may be in
 * @slots:	a power of two of them
 */
struct xlp_sites {
	struct xlp_site_place places[XLP_SITE_PLACES];
	struct xlp_site slots[];
};

/**
 * xlp_sites_slot() - one of the two slots in which a site may be
 * @sites:	the table
 * @site:	the site
 * @place:	which: 0, where most are, or 1
 *
 * Return: the slot, which may hold another site or none.
 */
static __always_inline const struct xlp_site *
xlp_sites_slot(const struct xlp_sites *sites, unsigned long site, unsigned int place)
{
	const struct xlp_site_place *at = &sites->places[place];
	/* The upper half of a product depends on all bits of the lower halves. */
	unsigned long offset = (site * at->factor >> 32) & at->mask;

	return (const void *)sites->slots + offset;
}

/**
 * xlp_sites_find() - the hook of a site
 * @sites:	the table
 * @site:	the site
 * @hook:	set to the hook if there is one
 *
 * Return: false: the table does not have it. (No pointer says so, as that would have to be
 * looked at once more.)
 */
static __always_inline bool
xlp_sites_find(const struct xlp_sites *sites, unsigned long site, const struct xlp_hook **hook)
{
	const struct xlp_site *slot = xlp_sites_slot(sites, site, 0);

	if (unlikely(READ_ONCE(slot->site) != site)) {
		slot = xlp_sites_slot(sites, site, 1);
		if (unlikely(READ_ONCE(slot->site) != site))
			return false;
	}
	*hook = slot->hook;
	return true;
}

/**
 * xlp_sites_bits() - how large a table ought to be
 * @nr:		for how many sites, at least 1
 *
 * Return: log2 of the number of its slots: at most half of them are taken.
 */
unsigned int xlp_sites_bits(unsigned int nr);

/**
 * xlp_sites_make() - make a table, at the end of a structure
 * @offset:	of the table in the structure, the rest of which is 0
 * @list:	what is to be found, each with another site
 * @nr:		how many, at least 1
 *
 * Whether all sites find a place is a matter of luck with the factors, so some pairs are
 * tried, always the same ones. It hardly ever fails; the table is doubled then.
 *
 * Context: process context, may sleep; waits for no other task.
 *
 * Return: the structure, to be freed by xlp_free(), or an error pointer: -ENOMEM, or -ENOSPC
 * (logged): there is not a place for each.
 */
void *xlp_sites_make(size_t offset, const struct xlp_site *list, unsigned int nr);

/**
 * xlp_sites_remove() - let nobody find a hook any more
 * @sites:	the table
 * @hook:	what was to be found, if it is there
 *
 * The place stays free, as whoever has just read it may read it again.
 *
 * Context: any; handlers may search the table meanwhile, and one for this hook finds it or not.
 */
void xlp_sites_remove(struct xlp_sites *sites, const struct xlp_hook *hook);

#endif /* _XLP_COMMON_SITES_H */
