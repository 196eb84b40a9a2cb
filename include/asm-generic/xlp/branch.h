/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/branch.h - reach functions by a branch at their entry */
#ifndef _ASM_GENERIC_XLP_BRANCH_H
#define _ASM_GENERIC_XLP_BRANCH_H

#include <compat/unexported.h>
#include <linux/kprobes.h>
#include <linux/preempt.h>

struct xlp_hook;
struct xlp_method;

/*
 * Is a probe on an instruction, and which word will that put back? None does that was on a module
 * which has gone, whatever is there now.
 */
static inline bool xlp_is_probed(unsigned long addr, u32 *word)
{
	const struct kprobe *probe;
	bool is_probed;

	preempt_disable();
	probe = unexported(get_kprobe)((kprobe_opcode_t *)addr);
	is_probed = probe && !(probe->flags & KPROBE_FLAG_GONE);
	if (is_probed)
		*word = probe->opcode;
	preempt_enable();
	return is_probed;
}

/**
 * xlp_branch_method_if_any() - xlp_arch_method() by a branch at the entry
 *
 * Return: the method, or NULL: this kernel lacks what it takes.
 */
const struct xlp_method *xlp_branch_method_if_any(void);

/**
 * xlp_stub_choose() - where a call continues; for stubs
 * @hook:	what the stub points at
 *
 * Context: any, NMIs included; takes no lock.
 *
 * Return: the address, or 0: in the function itself.
 */
unsigned long xlp_stub_choose(const struct xlp_hook *hook);

#endif /* _ASM_GENERIC_XLP_BRANCH_H */
