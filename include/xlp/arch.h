/* SPDX-License-Identifier: GPL-2.0 */
/*
 * arch.h - the architecture interface, and the only door to it
 *
 * Three items, each a header of defaults below. An architecture overrides what
 * differs in arch/<arch>/include/asm/xlp.h: it defines the function and then a
 * macro of the same name. A default is either right everywhere or it says that
 * xlp cannot do the thing, so an architecture without a directory, for which
 * include/noarch stands in, builds, loads and tells what is missing.
 * doc/porting.md has the porter's contract.
 *
 *	entry.h		where calls of a function can be caught
 *	redirect.h	how a caught call continues in another function; direct.h, how it does
 *			so without ftrace's handlers, where an architecture has a trampoline
 *	stack.h		where a task that is not running may return to; for kernels without a
 *			walker to be trusted, frames.h describes frame records
 *
 * names.h has tables besides, of what kernels call what xlp looks for in them; an
 * architecture adds to them in asm/xlp-names.h.
 */
#ifndef _XLP_ARCH_H
#define _XLP_ARCH_H

#include <asm/xlp.h>

#include <asm-generic/xlp/direct.h>
#include <asm-generic/xlp/entry.h>
#include <asm-generic/xlp/redirect.h>
#include <asm-generic/xlp/stack.h>

#endif /* _XLP_ARCH_H */
