// SPDX-License-Identifier: GPL-2.0
/*
 * nmi.c - the victims called in NMI context
 *
 * x86 sends itself an NMI. powerpc needs somebody outside to inject one, which
 * the system reset interrupt then claims through the hook for debuggers instead
 * of dumping core. Two things are special there: its entry code turns ftrace off
 * for the CPU, so the originals are called, patch or not; and an NMI that comes
 * while another interrupt is being entered is fatal, so all CPUs wait for it in
 * stop_machine(), where none is.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>

#include "xlp_test.h"

static struct xt_result *wanted;
static bool answered;

/* Runs in the NMI. Only the first of several CPUs makes the calls. */
static __maybe_unused bool answer(void)
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

#if defined(CONFIG_X86_64)
#include <asm/apic.h>
#include <asm/nmi.h>

#define XT_NMI

static int answer_nmi(unsigned int type, struct pt_regs *regs)
{
	return answer() ? NMI_HANDLED : NMI_DONE;
}

static void claim_nmi(void)
{
	register_nmi_handler(NMI_LOCAL, answer_nmi, 0, "xlp_test");
}

static void raise_nmi(void)
{
	unsigned int ms;
	int cpu = get_cpu();

	apic->send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
	put_cpu();
	/* pairs with the release in answer() */
	for (ms = 0; ms < 1000 && !smp_load_acquire(&answered); ms += 20)
		msleep(20);
}

static void release_nmi(void)
{
	unregister_nmi_handler(NMI_LOCAL, "xlp_test");
}

#elif defined(CONFIG_PPC64) && defined(CONFIG_KEXEC_CORE)
#include <asm/debug.h>

#define XT_NMI

static int (*debugger_before)(struct pt_regs *regs);
static atomic_t cpus_hit;

/* Every CPU gets the NMI, and none may go on to the crash dump. */
static int answer_nmi(struct pt_regs *regs)
{
	answer();
	atomic_inc(&cpus_hit);
	return 1;
}

static void claim_nmi(void)
{
	debugger_before = __debugger;
	__debugger = answer_nmi;
}

static int wait_stopped(void *unused)
{
	unsigned int ms;

	for (ms = 0; ms < 5000; ms++) {
		if (atomic_read(&cpus_hit) >= num_online_cpus())
			break;
		mdelay(1);
	}
	return 0;
}

/* The test has asked whoever runs the guest; it comes in a second. */
static void raise_nmi(void)
{
	atomic_set(&cpus_hit, 0);
	stop_machine(wait_stopped, NULL, NULL);
}

static void release_nmi(void)
{
	__debugger = debugger_before;
}
#endif

#ifdef XT_NMI
static bool claimed;

void xt_nmi(struct xt_result *r)
{
	if (!claimed)
		claim_nmi();
	claimed = true;
	answered = false;
	/* xchg orders: the handler finds answered cleared */
	xchg(&wanted, r);
	raise_nmi();
	if (xchg(&wanted, NULL)) {
		r->skip = "no NMI came";
		return;
	}
	/* pairs with the release in answer() */
	while (!smp_load_acquire(&answered))
		cpu_relax();
}

void xt_nmi_exit(void)
{
	if (claimed)
		release_nmi();
}
#else
void xt_nmi(struct xt_result *r)
{
	r->skip = "this architecture has no NMI that a test could raise";
}

void xt_nmi_exit(void)
{
}
#endif
