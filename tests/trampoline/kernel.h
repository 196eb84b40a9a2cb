/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what arch/x86/direct.S has of the kernel */
#ifndef _TRAMPOLINE_KERNEL_H
#define _TRAMPOLINE_KERNEL_H

#define SYM_START(name, linkage, align)	.globl name; .type name, @function; name:
#define SYM_FUNC_END(name)		.size name, . - name
#define RET				ret; int3
/* For the kernel's own checks of code. */
#define ANNOTATE_NOENDBR
#define FRAME_BEGIN
#define FRAME_END
#define _ASM_NOKPROBE(name)		.section .note.GNU-stack, "", @progbits

#endif /* _TRAMPOLINE_KERNEL_H */
