/* SPDX-License-Identifier: GPL-2.0 */
/* compat/sections.h - parts of the kernel's image that its symbols tell apart */
#ifndef _XLP_COMPAT_SECTIONS_H
#define _XLP_COMPAT_SECTIONS_H

#include <linux/types.h>

/**
 * xlp_find_sections() - find them, before the first question about them
 */
void xlp_find_sections(void);

/**
 * xlp_in_init_section() - has the kernel given this part of itself away after boot?
 * @addr:	what a symbol of vmlinux says
 *
 * Per-CPU variables are laid out among what goes. Their symbols are no addresses of
 * memory but what per_cpu_ptr() takes, so they are not meant.
 *
 * Return: true for code and data that were there during boot only.
 */
bool xlp_in_init_section(unsigned long addr);

/**
 * xlp_in_init_text() - was this code of the kernel's while it booted?
 * @addr:	an address
 *
 * The idle task of the first CPU has called from there what it never returns from.
 *
 * Return: true if it was, wherever that memory belongs by now.
 */
bool xlp_in_init_text(unsigned long addr);

#endif /* _XLP_COMPAT_SECTIONS_H */
