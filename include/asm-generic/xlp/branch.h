/* SPDX-License-Identifier: GPL-2.0 */
/* asm-generic/xlp/branch.h - reach functions by a branch at their entry */
#ifndef _ASM_GENERIC_XLP_BRANCH_H
#define _ASM_GENERIC_XLP_BRANCH_H

struct xlp_hook;
struct xlp_method;

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
