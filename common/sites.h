/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sites.h - from a site to its hook, for handlers
 *
 * Each site is in one of two places, which two factors make of its address, so a
 * search looks at two slots at most, whatever the sites are. The table is filled
 * before any handler can see it and constant from then on: handlers take no lock.
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
 * xlp_sites_bits() - how large a table ought to be
 * @nr:		for how many sites, at least 1
 *
 * Return: log2 of the number of its slots: at most half of them are taken.
 */
unsigned int xlp_sites_bits(unsigned int nr);

/**
 * xlp_sites_fill() - make a table of hooks
 * @sites:	room for it, with 1 << @bits slots
 * @bits:	xlp_sites_bits() or up to %XLP_SITES_DOUBLINGS more
 * @hooks:	the hooks, each with another &xlp_hook.site
 * @nr:		their number
 *
 * Whether all sites find a place is a matter of luck with the factors, so some pairs are
 * tried, always the same ones. It hardly ever fails; the table should be doubled then.
 *
 * Context: any.
 *
 * Return: true, or false: there is not a place for each.
 */
bool xlp_sites_fill(struct xlp_sites *sites, unsigned int bits,
		    const struct xlp_hook *hooks, unsigned int nr);

#endif /* _XLP_COMMON_SITES_H */
