/* SPDX-License-Identifier: GPL-2.0 */
/* xlp/arch.h - an architecture whose ftrace calls take five bytes */
#define xlp_arch_direct_return(site)	((site) + 5)

#include <asm-generic/xlp/direct.h>
