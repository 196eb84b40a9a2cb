/* SPDX-License-Identifier: GPL-2.0 */
/* xlp/arch.h - what common/frames.c needs of it, with the description of one architecture */
#ifndef _FRAMES_XLP_ARCH_H
#define _FRAMES_XLP_ARCH_H

#include <asm/xlp.h>
#include <asm-generic/xlp/frames.h>

#ifndef xlp_arch_saved_sp
# define xlp_arch_saved_sp(task)	((task)->thread.sp)
#endif
#define xlp_arch_code_address(word)	(word)

#endif /* _FRAMES_XLP_ARCH_H */
