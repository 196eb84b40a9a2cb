/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm-generic/xlp/names.h - tables of what xlp looks for by name in a kernel
 *
 * An architecture adds to them in arch/<arch>/include/asm/xlp-names.h, which holds
 * nothing but these macros and prototypes: host programs include it as well. What all
 * architectures have stands in compat/text.c and include/compat/unexported.h.
 *
 * Rows of the tables of code:
 *
 *	XLP_CODE("name")		a symbol, with the labels inside it, whose names
 *					begin like its own; a kernel may have none
 *	XLP_CODE_NEEDED("name")		the same; without it no walk by frame records is
 *					to be trusted
 *	XLP_CODE_BETWEEN("a", "b")	from symbol a until symbol b; needed
 */
#ifndef _ASM_GENERIC_XLP_NAMES_H
#define _ASM_GENERIC_XLP_NAMES_H

#include <asm/xlp-names.h>

/*
 * XLP_ARCH_TRAMPOLINES - code that stands between a caller and a function, or between a
 * function and where it returns to: xlp_in_trampoline()
 */
#ifndef XLP_ARCH_TRAMPOLINES
# define XLP_ARCH_TRAMPOLINES
#endif

/*
 * XLP_ARCH_ENTRY_CODE - where exceptions, interrupts and system calls enter the kernel and
 * where new tasks begin: xlp_in_entry_code()
 *
 * For walks by frame records. What may be missing in it are names that other kernels have,
 * and code without which walks fail: where new tasks begin. An exception's entry that is
 * missing here would be taken for an ordinary caller.
 */
#ifndef XLP_ARCH_ENTRY_CODE
# define XLP_ARCH_ENTRY_CODE
#endif

/*
 * XLP_ARCH_OUTERMOST - the code that a task's last frame belongs to: xlp_in_outermost_code()
 *
 * For walks by frame records. The default is entry code, as it has a record of its own. Idle
 * tasks have begun elsewhere, at boot. An architecture whose entry code has no record names
 * what entry code calls, and where new tasks begin.
 */
#ifndef XLP_ARCH_OUTERMOST
# define XLP_ARCH_OUTERMOST	XLP_ARCH_ENTRY_CODE
#endif

/*
 * XLP_ARCH_UNEXPORTED(F) - more rows of XLP_UNEXPORTED_FUNCTIONS()
 *
 * F(name, OPTIONAL, "what cannot be without it") \ and so on, REQUIRED if xlp cannot be then.
 * A prototype that no header of the kernel's has goes before it; those that
 * <compat/unexported.h> names have been included by then.
 */
#ifndef XLP_ARCH_UNEXPORTED
# define XLP_ARCH_UNEXPORTED(F)
#endif

#endif /* _ASM_GENERIC_XLP_NAMES_H */
