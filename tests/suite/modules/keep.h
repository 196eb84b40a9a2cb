/* SPDX-License-Identifier: GPL-2.0 */
/*
 * keep.h - a CPU that who spins inside keeps to itself
 *
 * The parameter keep_ms of xlp_test_tasks: for so many milliseconds, with preemption off. It is 0
 * again when that is over.
 */
#ifndef XLP_TEST_KEEP_H
#define XLP_TEST_KEEP_H

#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>

static uint keep_ms;
module_param(keep_ms, uint, 0600);

static inline void keep_cpu_if_asked(void)
{
	uint ms = READ_ONCE(keep_ms);

	if (!ms)
		return;
	preempt_disable();
	mdelay(ms);
	preempt_enable();
	WRITE_ONCE(keep_ms, 0);
}

#endif /* XLP_TEST_KEEP_H */
