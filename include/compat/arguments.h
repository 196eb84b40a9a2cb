/* SPDX-License-Identifier: GPL-2.0 */
/* compat/arguments.h - what a function was called with */
#ifndef _XLP_COMPAT_ARGUMENTS_H
#define _XLP_COMPAT_ARGUMENTS_H

#include <linux/ptrace.h>

/*
 * xlp_argument() - an argument of a function, the first one being 0, at most 3
 * @regs:	registers before anything of the function has run but what saves its caller's
 *
 * Where it has been tried. The kernel's own way is missing on powerpc before 6.2; on s390 it
 * calls what modules may not link to, until 7.0.
 */
#if defined(CONFIG_PPC64)
# define xlp_argument(regs, nr)	((regs)->gpr[3 + (nr)])
#elif defined(CONFIG_S390)
# define xlp_argument(regs, nr)	((regs)->gprs[2 + (nr)])
#elif defined(CONFIG_X86_64) || defined(CONFIG_ARM64)
# define xlp_argument(regs, nr)	regs_get_kernel_argument(regs, nr)
#endif

#ifdef xlp_argument
# define XLP_CAN_READ_ARGUMENTS	1
#else
# define XLP_CAN_READ_ARGUMENTS	0
# define xlp_argument(regs, nr)	((void)(regs), (void)(nr), 0UL)
#endif

#define XLP_NO_ARGUMENTS	"not tried on this architecture"

#endif /* _XLP_COMPAT_ARGUMENTS_H */
