/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp-names.h - what the architecture of this test needs besides */
#ifndef _UNEXPORTED_ASM_XLP_NAMES_H
#define _UNEXPORTED_ASM_XLP_NAMES_H

int unwind_by_tables(void);

#define XLP_ARCH_UNEXPORTED(F)						\
	F(unwind_by_tables,		 OPTIONAL, "walking stacks by tables")

#endif /* _UNEXPORTED_ASM_XLP_NAMES_H */
