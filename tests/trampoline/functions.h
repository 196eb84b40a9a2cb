/* SPDX-License-Identifier: GPL-2.0 */
/* functions.h - functions that call the trampoline, and who calls them: ARCH.S */
#ifndef _TRAMPOLINE_FUNCTIONS_H
#define _TRAMPOLINE_FUNCTIONS_H

/* Two that call it, and return 1 and 2; one in their place, which returns 3. */
unsigned long old_one(void);
unsigned long old_two(void);
unsigned long new_one(void);
/* arm64 alone: one from which a call does not reach it, which returns 4. */
unsigned long old_far(void);

/* Return: what @func returns. */
unsigned long call_with_all(unsigned long (*func)(void));

#endif /* _TRAMPOLINE_FUNCTIONS_H */
