// SPDX-License-Identifier: GPL-2.0
/* nmi.c - the victims called in NMI context: how one is raised, arch_NAME.h knows */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/preempt.h>

#include "arch.h"
#include "xlp_test.h"

#ifdef XT_NMI
static struct xt_result *wanted;
static bool answered;
static bool claimed;

/* Runs in the NMI. Only the first of several CPUs makes the calls. */
bool xt_answer_nmi(void)
{
	struct xt_result *r = xchg(&wanted, NULL);

	if (!r)
		return false;
	if (!in_nmi())
		xt_fail(r, "not in an NMI", 0, 1, 1);
	xt_run_all(r);
	/* pairs with the acquires of the waiters: the result is complete */
	smp_store_release(&answered, true);
	return true;
}

void xt_nmi(struct xt_result *r)
{
	unsigned int ms;

	if (!claimed)
		xt_claim_nmi();
	claimed = true;
	answered = false;
	/* xchg orders: the handler finds answered cleared */
	xchg(&wanted, r);
	xt_raise_nmi();
	/* pairs with the release in xt_answer_nmi() */
	for (ms = 0; ms < 1000 && !smp_load_acquire(&answered); ms += 20)
		msleep(20);
	if (xchg(&wanted, NULL)) {
		r->skip = "no NMI came";
		return;
	}
	/* pairs with the release in xt_answer_nmi() */
	while (!smp_load_acquire(&answered))
		cpu_relax();
}

void xt_nmi_exit(void)
{
	if (claimed)
		xt_release_nmi();
}
#else
void xt_nmi(struct xt_result *r)
{
	r->skip = XT_NO_NMI;
}

void xt_nmi_exit(void)
{
}
#endif
