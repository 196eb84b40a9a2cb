/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat/text.h - what kind of code an address is in, for stack walkers
 *
 * Kernels name and arrange these pieces of assembly differently and export none
 * of them. They are found by name when xlp.ko loads.
 */
#ifndef _XLP_COMPAT_TEXT_H
#define _XLP_COMPAT_TEXT_H

#include <compat/unexported.h>

/**
 * xlp_find_text() - find the pieces, before the first question about them
 */
void xlp_find_text(void);

/**
 * xlp_text_found() - has this kernel all trampolines its configuration implies?
 *
 * Return: false if one of them would be mistaken for ordinary code, so that no
 * walk is to be trusted.
 */
bool xlp_text_found(void);

/**
 * xlp_entry_code_found() - can xlp_in_entry_code() tell?
 *
 * Return: true where the architecture lists entry code (asm/xlp-names.h) and the kernel has
 * all that is needed of it.
 */
bool xlp_entry_code_found(void);

/**
 * xlp_in_compiled_code() - is this code of the kernel or of a module?
 * @addr:	an address
 *
 * Return: true if it is; not for what is generated at run time.
 */
static inline bool xlp_in_compiled_code(unsigned long addr)
{
	return unexported(core_kernel_text)(addr) ||
	       unexported(is_module_text_address)(addr);
}

/**
 * xlp_in_generated_code() - is this code that was generated at run time?
 * @addr:	an address
 *
 * Return: true for the copies of instructions that kprobes make, for BPF programs,
 * and for trampolines that the kernel writes itself.
 */
static inline bool xlp_in_generated_code(unsigned long addr)
{
	/* Most words are no code at all: that is asked once. */
	return unexported(kernel_text_address)(addr) && !xlp_in_compiled_code(addr);
}

/**
 * xlp_in_trampoline() - is this code that stands between a caller and a function?
 * @addr:	an address
 *
 * Return: true for the code ftrace enters from a call, for what tracers and
 * probes put where functions return to, and for what the architecture adds.
 */
bool xlp_in_trampoline(unsigned long addr);

/**
 * xlp_is_hooked_return() - has a return address been replaced by this one?
 * @addr:	a return address
 *
 * Return: true if it is the entry of what tracers and probes put there.
 */
bool xlp_is_hooked_return(unsigned long addr);

/**
 * xlp_in_entry_code() - is this code below which a task has no frame?
 * @addr:	an address
 *
 * Return: true in the entry code for exceptions, interrupts and system calls,
 * from user space and from the kernel, and where new tasks begin.
 */
bool xlp_in_entry_code(unsigned long addr);

/**
 * xlp_in_outermost_code() - is this code that a task's last frame may belong to?
 * @addr:	an address
 *
 * Return: true in entry code that has a frame of its own, or in what entry code calls.
 */
bool xlp_in_outermost_code(unsigned long addr);

#endif /* _XLP_COMPAT_TEXT_H */
