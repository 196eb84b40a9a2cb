/* SPDX-License-Identifier: GPL-2.0 */
/* patience.h - how long tasks have had to leave, whatever the clock says */
#ifndef _XLP_COMMON_PATIENCE_H
#define _XLP_COMMON_PATIENCE_H

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* What the time between two looks counts for at most, unless it was meant to be longer. */
#define XLP_PATIENCE_MOST_MS	300

/**
 * struct xlp_patience - how long somebody is waited for
 * @looked:	when it was counted last, in jiffies
 * @waited:	how long it was then, in jiffies
 *
 * Tasks cannot leave while the machine stands: text is written in a stop of it that somebody who
 * spins holds up, another module stops it, or it is a guest that does not run. Nor can anybody
 * look then whether they have, so the next look comes late, and that is how it is told.
 */
struct xlp_patience {
	unsigned long looked;
	unsigned long waited;
};

static inline void xlp_patience_begin(struct xlp_patience *patience)
{
	patience->looked = jiffies;
	patience->waited = 0;
}

/**
 * xlp_patience_look() - count the time since the look before
 * @patience:	of which xlp_patience_begin() was the first look
 * @meant:	how long it was meant to be at most, in jiffies
 */
static inline void xlp_patience_look(struct xlp_patience *patience, unsigned long meant)
{
	unsigned long now = jiffies;
	unsigned long most = max(meant, msecs_to_jiffies(XLP_PATIENCE_MOST_MS));

	patience->waited += min(now - patience->looked, most);
	patience->looked = now;
}

static inline bool xlp_patience_is_over(const struct xlp_patience *patience, unsigned int ms)
{
	return patience->waited >= msecs_to_jiffies(ms);
}

#endif /* _XLP_COMMON_PATIENCE_H */
